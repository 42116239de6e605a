import { Button, Kbd, Paper } from '@mantine/core'
import { IconPlus } from '@tabler/icons-react'
import { useTranslation } from 'react-i18next'
import { Link, useLocation } from 'react-router'
import { useCursorList } from '../api/useCursorList'
import { useMay } from '../session/session'
import { EmptyState } from '../shared/EmptyState'
import { ErrorState } from '../shared/ErrorState'
import { ListFooter } from '../shared/ListFooter'
import { PageHeader } from '../shared/PageHeader'
import { RowSkeletons } from '../shared/RowSkeletons'
import { OrderFilters, useOrderFilters } from './OrderFilters'
import { OrderRows } from './OrderRows'
import { fetchOrders } from './orders'
import './texts'

export function Component() {
  const { t } = useTranslation('orders')
  const may = useMay()
  const wantsSearch = (useLocation().state as { search?: boolean } | null)?.search ?? false
  const { filters, any, clear } = useOrderFilters()
  const list = useCursorList('orders', filters, (cursor) => fetchOrders(filters, cursor))

  const newOrder = may('orders.add_order') && (
    <Button component={Link} to="/orders/new" leftSection={<IconPlus size={17} />} hiddenFrom="sm">
      {t('new')}
    </Button>
  )
  return (
    <>
      <PageHeader title={t('title')} actions={newOrder} />
      <OrderFilters focusSearch={wantsSearch} />
      <Paper style={{ overflow: 'hidden' }} aria-busy={list.isFetching}>
        {list.isPending ? (
          <RowSkeletons />
        ) : list.isError && !list.data ? (
          <ErrorState error={list.error} onRetry={() => void list.refetch()} />
        ) : list.rows.length === 0 ? (
          <NoOrders filtered={any} onClear={clear} />
        ) : (
          <>
            <OrderRows orders={list.rows} fading={list.isPlaceholderData} />
            <ListFooter query={list} shown={list.rows.length} />
          </>
        )}
      </Paper>
    </>
  )
}

function NoOrders({ filtered, onClear }: { filtered: boolean; onClear: () => void }) {
  const { t } = useTranslation(['orders', 'common'])
  const may = useMay()
  if (filtered) {
    return (
      <EmptyState
        title={t('common:state.nothing')}
        hint={t('common:state.nothingHint')}
        action={
          <Button variant="light" mt="xs" onClick={onClear}>
            {t('common:actions.clear')}
          </Button>
        }
      />
    )
  }
  if (!may('orders.add_order')) return <EmptyState title={t('list.none')} hint={t('list.noneReadOnly')} />
  return (
    <EmptyState
      title={t('list.none')}
      hint={t('list.noneHint')}
      action={
        <Button component={Link} to="/orders/new" mt="xs" rightSection={<Kbd size="xs">n</Kbd>}>
          {t('new')}
        </Button>
      }
    />
  )
}
