import { Anchor, Button, Group, Paper, Title } from '@mantine/core'
import { IconReceipt } from '@tabler/icons-react'
import { useTranslation } from 'react-i18next'
import { Link } from 'react-router'
import { useCursorList } from '../api/useCursorList'
import { OrderRows } from '../orders/OrderRows'
import { type OrderFilters, fetchOrders } from '../orders/orders'
import { useMay } from '../session/session'
import { EmptyState } from '../shared/EmptyState'
import { ErrorState } from '../shared/ErrorState'
import lists from '../shared/List.module.css'
import { ListFooter } from '../shared/ListFooter'
import { RowSkeletons } from '../shared/RowSkeletons'
import type { Customer } from './customers'

export function CustomerOrders({ customer }: { customer: Customer }) {
  const { t } = useTranslation('customers')
  const may = useMay()
  const filters: OrderFilters = { customer_id: customer.id, ordering: '-placed_at' }
  const list = useCursorList('orders', filters, (cursor) => fetchOrders(filters, cursor))
  return (
    <Paper className={lists.clip} component="section" aria-busy={list.isFetching}>
      <Group justify="space-between" p="md" pb="xs">
        <Title order={2}>{t('one.orders')}</Title>
        {list.rows.length > 0 && (
          <Anchor component={Link} to={`/orders?customer=${customer.id}`} size="sm">
            {t('one.allOrders')}
          </Anchor>
        )}
      </Group>
      {list.isPending ? (
        <RowSkeletons rows={5} />
      ) : list.isError && !list.data ? (
        <ErrorState error={list.error} onRetry={() => void list.refetch()} />
      ) : list.rows.length === 0 ? (
        <EmptyState
          icon={IconReceipt}
          title={t('one.noOrders')}
          hint={t('one.noOrdersHint')}
          action={
            may('orders.add_order') &&
            customer.is_active && (
              <Button component={Link} to={`/orders/new?customer=${customer.id}`} variant="light" mt="xs">
                {t('one.newOrder')}
              </Button>
            )
          }
        />
      ) : (
        <>
          <OrderRows orders={list.rows} withCustomer={false} />
          <ListFooter query={list} shown={list.rows.length} />
        </>
      )}
    </Paper>
  )
}
