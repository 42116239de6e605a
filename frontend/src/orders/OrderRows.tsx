import { Group, Table, Text } from '@mantine/core'
import { useTranslation } from 'react-i18next'
import { Link, useNavigate } from 'react-router'
import { Moment } from '../shared/Moment'
import { Money } from '../shared/Money'
import { useIsPhone } from '../shared/useIsPhone'
import classes from './OrderRows.module.css'
import type { Order } from './orders'
import { StatusBadge } from './StatusBadge'

type Props = { orders: Order[]; fading?: boolean; withCustomer?: boolean }

/** Orders as a table, or as cards on a phone. Used by the list and by a customer's page. */
export function OrderRows({ orders, fading = false, withCustomer = true }: Props) {
  const phone = useIsPhone()
  const Rows = phone ? Cards : Lines
  return (
    <div className={fading ? classes.fading : undefined}>
      <Rows orders={orders} withCustomer={withCustomer} />
    </div>
  )
}

function Lines({ orders, withCustomer }: Props) {
  const { t } = useTranslation('orders')
  const navigate = useNavigate()
  return (
    <Table>
      <Table.Thead>
        <Table.Tr>
          <Table.Th>{t('columns.number')}</Table.Th>
          {withCustomer && <Table.Th>{t('columns.customer')}</Table.Th>}
          <Table.Th>{t('columns.status')}</Table.Th>
          <Table.Th>{t('columns.placed')}</Table.Th>
          <Table.Th className="num">{t('columns.items')}</Table.Th>
          <Table.Th className="num">{t('columns.total')}</Table.Th>
        </Table.Tr>
      </Table.Thead>
      <Table.Tbody>
        {orders.map((order) => (
          <Table.Tr key={order.id} className={classes.row} onClick={() => void navigate(`/orders/${order.id}`)}>
            <Table.Td>
              <Link
                to={`/orders/${order.id}`}
                className={classes.number}
                onClick={(event) => event.stopPropagation()}
              >
                {order.number}
              </Link>
            </Table.Td>
            {withCustomer && <Table.Td className="breaks">{order.customer.name}</Table.Td>}
            <Table.Td>
              <StatusBadge status={order.status} />
            </Table.Td>
            <Table.Td c="dimmed">
              <Moment time={order.placed_at} ago />
            </Table.Td>
            <Table.Td className="num">{order.items.length}</Table.Td>
            <Table.Td className="num" fw={600}>
              <Money amount={order.total} />
            </Table.Td>
          </Table.Tr>
        ))}
      </Table.Tbody>
    </Table>
  )
}

function Cards({ orders, withCustomer }: Props) {
  const { t } = useTranslation('orders')
  return orders.map((order) => (
    <Link key={order.id} to={`/orders/${order.id}`} className={classes.card}>
      <Group justify="space-between" wrap="nowrap" align="flex-start">
        <div style={{ minWidth: 0 }}>
          <Text fw={600} truncate>
            {withCustomer ? order.customer.name : order.number}
          </Text>
          <Text size="xs" c="dimmed" component="div" mt={3}>
            {withCustomer && `${order.number} · `}
            <Moment time={order.placed_at} ago />
          </Text>
        </div>
        <div style={{ textAlign: 'right' }}>
          <Text fw={600} component="div">
            <Money amount={order.total} />
          </Text>
          <StatusBadge status={order.status} />
        </div>
      </Group>
      <Text size="xs" c="dimmed" mt={2} truncate>
        {t('list.pieces', { count: order.items.length })}: {order.items.map((item) => item.name).join(', ')}
      </Text>
    </Link>
  ))
}
