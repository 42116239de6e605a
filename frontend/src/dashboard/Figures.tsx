import { Paper, SimpleGrid, Text } from '@mantine/core'
import { useTranslation } from 'react-i18next'
import { formatMoney, formatNumber } from '../formats/money'
import { useLanguage } from '../texts/i18n'
import classes from './Dashboard.module.css'
import { type Dashboard, averageTicket, waitingOrders } from './dashboard'

/** The four numbers that a day begins with. */
export function Figures({ dashboard }: { dashboard: Dashboard }) {
  const { t } = useTranslation('dashboard')
  const { language } = useLanguage()
  const ticket = averageTicket(dashboard)
  const { total, by_status: counts } = dashboard.orders
  const figures = [
    { name: t('revenue'), value: formatMoney(dashboard.revenue, language), hint: t('revenueHint') },
    {
      name: t('orders'),
      value: formatNumber(total, language),
      hint: t('ordersHint', { count: counts.CANCELADO }),
    },
    { name: t('ticket'), value: ticket === null ? '—' : formatMoney(ticket, language), hint: t('ticketHint') },
    { name: t('waiting'), value: formatNumber(waitingOrders(dashboard), language), hint: t('waitingHint') },
  ]
  return (
    <SimpleGrid cols={{ base: 2, md: 4 }} spacing={{ base: 'xs', sm: 'md' }}>
      {figures.map(({ name, value, hint }) => (
        <Paper key={name} component="section" aria-label={name} p={{ base: 'sm', sm: 'md' }}>
          <Text size="sm" c="dimmed">
            {name}
          </Text>
          <div className={classes.figure}>
            {/* A digit is some 0.6 of its height wide: as large as it may be, and all of it within its card. */}
            <Text
              fw={650}
              lh={1.35}
              fz={`min(1.6rem, ${(160 / value.length).toFixed(1)}cqi)`}
              className="num"
              ta="left"
            >
              {value}
            </Text>
          </div>
          <Text size="xs" c="dimmed">
            {hint}
          </Text>
        </Paper>
      ))}
    </SimpleGrid>
  )
}
