import { useTranslation } from 'react-i18next'
import './texts'
import type { Status } from './orders'
import classes from './StatusBadge.module.css'

export function StatusBadge({ status, size }: { status: Status; size?: 'lg' }) {
  const { t } = useTranslation('orders')
  return (
    <span className={classes.badge} data-status={status} data-size={size}>
      {t(`status.${status}`)}
    </span>
  )
}
