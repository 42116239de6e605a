import { Button, Grid, Menu, Modal, Paper, Skeleton } from '@mantine/core'
import { IconCompassOff, IconDots, IconPencil, IconPlus, IconTrash } from '@tabler/icons-react'
import { useQuery, useQueryClient } from '@tanstack/react-query'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { Link, useParams } from 'react-router'
import type { Versioned } from '../api/client'
import { ApiError } from '../api/problem'
import { formatDocument } from '../formats/documents'
import { useMay } from '../session/session'
import { ConfirmDelete } from '../shared/ConfirmDelete'
import { EmptyState } from '../shared/EmptyState'
import { ErrorState } from '../shared/ErrorState'
import { PageHeader } from '../shared/PageHeader'
import { Restorable } from '../shared/Restorable'
import { useDeletion } from '../shared/useDeletion'
import { CustomerCard } from './CustomerCard'
import { CustomerForm } from './CustomerForm'
import { CustomerOrders } from './CustomerOrders'
import { InactiveBadge } from './CustomerRows'
import { type Customer, customerQuery, customersChanged, deleteCustomer, restoreCustomer } from './customers'
import './texts'

export function Component() {
  const id = Number(useParams().id)
  // Another customer is another page: no dialog and no deletion goes along.
  return <Page key={id} id={id} />
}

function Page({ id }: { id: number }) {
  const { t } = useTranslation('customers')
  const may = useMay()
  const queries = useQueryClient()
  const query = useQuery(customerQuery(id))
  const name = query.data?.row.name ?? ''
  const deletion = useDeletion({
    queryKey: customerQuery(id).queryKey,
    remove: () => deleteCustomer(id, query.data?.etag ?? null),
    restore: () => restoreCustomer(id),
    onChanged: () => customersChanged(queries),
    deleted: t('delete.done', { name }),
    restored: t('delete.undone', { name }),
  })
  // A read tells no deleted one from one that never was: only a restore does.
  const missing = query.error instanceof ApiError && query.error.status === 404

  if (deletion.gone || (missing && !deletion.never && may('customers.delete_customer'))) {
    return (
      <>
        <PageHeader title={name || t('title')} />
        <Paper>
          <Restorable
            title={t(deletion.gone ? 'delete.gone' : 'delete.maybeGone')}
            hint={t(deletion.gone ? 'delete.goneHint' : 'delete.maybeGoneHint')}
            restore={t('delete.restore')}
            busy={deletion.restoring}
            onRestore={deletion.restore}
          />
        </Paper>
      </>
    )
  }
  if (deletion.never) {
    return <EmptyState icon={IconCompassOff} title={t('delete.never')} hint={t('delete.neverHint')} />
  }
  if (query.isError && !query.data) return <ErrorState error={query.error} onRetry={() => void query.refetch()} />
  if (!query.data) return <Waiting />
  return (
    <>
      <Shown loaded={query.data} onDelete={deletion.ask} />
      {deletion.asking && (
        <ConfirmDelete
          title={t('delete.title', { name })}
          hint={t('delete.hint')}
          confirm={t('delete.confirm')}
          busy={deletion.removing}
          refusal={deletion.refusal && t('delete.open', { orders: deletion.openOrders.join(', ') })}
          onConfirm={deletion.remove}
          onClose={deletion.close}
        />
      )}
    </>
  )
}

function Shown({ loaded, onDelete }: { loaded: Versioned<Customer>; onDelete: () => void }) {
  const { t } = useTranslation(['customers', 'common'])
  const may = useMay()
  const [editing, setEditing] = useState<Versioned<Customer> | null>(null)
  const customer = loaded.row
  return (
    <>
      <PageHeader
        title={customer.name}
        beside={!customer.is_active && <InactiveBadge />}
        subtitle={customer.document && `${customer.document_type ?? ''} ${formatDocument(customer.document)}`.trim()}
        actions={
          <>
            {may('orders.add_order') && customer.is_active && (
              <Button
                component={Link}
                to={`/orders/new?customer=${customer.id}`}
                leftSection={<IconPlus size={17} />}
              >
                {t('one.newOrder')}
              </Button>
            )}
            {may('customers.change_customer') && (
              <Button
                variant="default"
                leftSection={<IconPencil size={16} stroke={1.6} />}
                onClick={() => setEditing(loaded)}
              >
                {t('common:actions.edit')}
              </Button>
            )}
            {may('customers.delete_customer') && <More onDelete={onDelete} />}
          </>
        }
      />
      <Grid gap="md" align="flex-start">
        <Grid.Col span={{ base: 12, md: 8 }} order={{ base: 2, md: 1 }}>
          <CustomerOrders customer={customer} />
        </Grid.Col>
        <Grid.Col span={{ base: 12, md: 4 }} order={{ base: 1, md: 2 }}>
          <CustomerCard customer={customer} />
        </Grid.Col>
      </Grid>
      {editing && (
        <Modal
          opened
          size="xl"
          onClose={() => setEditing(null)}
          title={t('edit')}
          closeOnClickOutside={false}
          closeOnEscape={false}
          closeButtonProps={{ 'aria-label': t('common:actions.close') }}
        >
          <CustomerForm loaded={editing} onSaved={() => setEditing(null)} onCancel={() => setEditing(null)} />
        </Modal>
      )}
    </>
  )
}

function More({ onDelete }: { onDelete: () => void }) {
  const { t } = useTranslation(['customers', 'common'])
  return (
    <Menu position="bottom-end">
      <Menu.Target>
        <Button variant="default" px="xs" aria-label={t('common:actions.others')}>
          <IconDots size={18} />
        </Button>
      </Menu.Target>
      <Menu.Dropdown>
        <Menu.Item color="red" leftSection={<IconTrash size={16} />} onClick={onDelete}>
          {t('delete.confirm')}
        </Menu.Item>
      </Menu.Dropdown>
    </Menu>
  )
}

function Waiting() {
  return (
    <>
      <Skeleton height={48} width={320} mb="md" />
      <Grid gap="md">
        <Grid.Col span={{ base: 12, md: 8 }}>
          <Skeleton height={320} />
        </Grid.Col>
        <Grid.Col span={{ base: 12, md: 4 }}>
          <Skeleton height={220} />
        </Grid.Col>
      </Grid>
    </>
  )
}
