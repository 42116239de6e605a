import { useTranslation } from 'react-i18next'
import { Moment } from '../shared/Moment'
import type { OrderDetail, Status } from './orders'
import { pathOf } from './statusPath'
import classes from './StatusPath.module.css'

/** How far the order has come, at a glance. */
export function StatusPath({ order }: { order: OrderDetail }) {
  const { t } = useTranslation('orders')
  const reached = (status: Status) => order.history.findLast((change) => change.to_status === status)?.created_at
  return (
    <ol className={classes.path}>
      {pathOf(order).map(({ status, place }) => (
        <li
          key={status}
          className={classes.step}
          data-done={place === 'done' || undefined}
          data-here={place === 'here' || undefined}
          data-cancelled={status === 'CANCELADO' || undefined}
          aria-current={place === 'here' ? 'step' : undefined}
        >
          {t(`status.${status}`)}
          <span className={classes.when}>
            {place === 'ahead' ? ' ' : <Moment time={reached(status) ?? order.placed_at} ago />}
          </span>
        </li>
      ))}
    </ol>
  )
}
