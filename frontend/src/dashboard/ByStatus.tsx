import { useTranslation } from 'react-i18next'
import { formatNumber } from '../formats/money'
import { STATUSES, type Status } from '../orders/orders'
import '../orders/texts'
import { useLanguage } from '../texts/i18n'
import { Bar } from './Bar'
import classes from './Dashboard.module.css'
import type { Dashboard } from './dashboard'

/** The hues of the status badges (orders/StatusBadge.module.css). */
const COLORS: Record<Status, string> = {
  PENDENTE: 'hsl(40 85% 46%)',
  CONFIRMADO: 'hsl(214 70% 52%)',
  SEPARADO: 'hsl(268 50% 58%)',
  ENVIADO: 'hsl(188 65% 40%)',
  ENTREGUE: 'hsl(145 45% 42%)',
  CANCELADO: 'hsl(4 30% 52%)',
}

export function ByStatus({ dashboard, from, to }: { dashboard: Dashboard; from: string; to: string }) {
  const { t } = useTranslation(['dashboard', 'orders'])
  const { language } = useLanguage()
  const { total, by_status: counts } = dashboard.orders
  const most = Math.max(...STATUSES.map((status) => counts[status]), 1)
  const percent = new Intl.NumberFormat(language, { style: 'percent', maximumFractionDigits: 1 })
  return (
    <ul className={classes.bars}>
      {STATUSES.map((status) => (
        <Bar
          key={status}
          to={`/orders?${new URLSearchParams({ status, from, to }).toString()}`}
          name={t(`orders:status.${status}`)}
          value={formatNumber(counts[status], language)}
          part={counts[status] / most}
          hint={t('share', { percent: percent.format(counts[status] / total) })}
          color={COLORS[status]}
        />
      ))}
    </ul>
  )
}
