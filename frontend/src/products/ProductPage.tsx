import { Button, Menu, Modal, Paper, Skeleton, Stack, Text } from '@mantine/core'
import { IconCompassOff, IconDots, IconPackages, IconPencil, IconReceipt, IconTrash } from '@tabler/icons-react'
import { useQuery, useQueryClient } from '@tanstack/react-query'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { Link, useParams } from 'react-router'
import type { Versioned } from '../api/client'
import { ApiError } from '../api/problem'
import { useMay } from '../session/session'
import { ConfirmDelete } from '../shared/ConfirmDelete'
import { EmptyState } from '../shared/EmptyState'
import { ErrorState } from '../shared/ErrorState'
import { Money } from '../shared/Money'
import { PageHeader } from '../shared/PageHeader'
import { Restorable } from '../shared/Restorable'
import { useDeletion } from '../shared/useDeletion'
import { Ledger } from './Ledger'
import { ProductForm } from './ProductForm'
import { type Product, deleteProduct, productQuery, productsChanged, restoreProduct } from './products'
import { StockDialog } from './StockDialog'
import { StockFigures } from './StockFigures'
import { StockMark } from './StockMark'
import './texts'

export function Component() {
  const id = Number(useParams().id)
  // Another product is another page: no dialog and no deletion goes along.
  return <Page key={id} id={id} />
}

function Page({ id }: { id: number }) {
  const { t } = useTranslation('products')
  const may = useMay()
  const queries = useQueryClient()
  const query = useQuery(productQuery(id))
  const name = query.data?.row.name ?? ''
  const deletion = useDeletion({
    queryKey: productQuery(id).queryKey,
    remove: () => deleteProduct(id, query.data?.etag ?? null),
    restore: () => restoreProduct(id),
    onChanged: () => productsChanged(queries),
    deleted: t('delete.done', { name }),
    restored: t('delete.undone', { name }),
  })
  // A read tells no deleted one from one that never was: only a restore does.
  const missing = query.error instanceof ApiError && query.error.status === 404

  if (deletion.gone || (missing && !deletion.never && may('products.delete_product'))) {
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

type Dialog = { kind: 'edit' | 'stock'; loaded: Versioned<Product> } | null

function Shown({ loaded, onDelete }: { loaded: Versioned<Product>; onDelete: () => void }) {
  const { t } = useTranslation(['products', 'common'])
  const may = useMay()
  // What a dialog edits is what was on the screen when it opened.
  const [dialog, setDialog] = useState<Dialog>(null)
  const close = () => setDialog(null)
  const product = loaded.row
  return (
    <>
      <PageHeader
        title={product.name}
        beside={<StockMark product={product} />}
        subtitle={
          <>
            {product.sku} · <Money amount={product.price} />
          </>
        }
        actions={
          <>
            {may('products.change_stock') && (
              <Button
                leftSection={<IconPackages size={17} stroke={1.6} />}
                onClick={() => setDialog({ kind: 'stock', loaded })}
              >
                {t('stock.change')}
              </Button>
            )}
            {may('products.change_product') && (
              <Button
                variant="default"
                leftSection={<IconPencil size={16} stroke={1.6} />}
                onClick={() => setDialog({ kind: 'edit', loaded })}
              >
                {t('common:actions.edit')}
              </Button>
            )}
            <More product={product} onDelete={may('products.delete_product') ? onDelete : undefined} />
          </>
        }
      />
      <Stack gap="md">
        {product.description && (
          <Text c="dimmed" size="sm" maw={720} className="breaks" style={{ whiteSpace: 'pre-wrap' }}>
            {product.description}
          </Text>
        )}
        <StockFigures product={product} />
        <Ledger productId={product.id} />
      </Stack>
      {dialog?.kind === 'stock' && <StockDialog loaded={dialog.loaded} onClose={close} />}
      {dialog?.kind === 'edit' && (
        <Modal
          opened
          size="lg"
          onClose={close}
          title={t('edit')}
          closeOnClickOutside={false}
          closeOnEscape={false}
          closeButtonProps={{ 'aria-label': t('common:actions.close') }}
        >
          <ProductForm loaded={dialog.loaded} onSaved={close} onCancel={close} />
        </Modal>
      )}
    </>
  )
}

function More({ product, onDelete }: { product: Product; onDelete?: () => void }) {
  const { t } = useTranslation(['products', 'common'])
  return (
    <Menu position="bottom-end">
      <Menu.Target>
        <Button variant="default" px="xs" aria-label={t('common:actions.others')}>
          <IconDots size={18} />
        </Button>
      </Menu.Target>
      <Menu.Dropdown>
        <Menu.Item
          component={Link}
          to={`/orders?product=${product.id}`}
          leftSection={<IconReceipt size={16} stroke={1.6} />}
        >
          {t('one.orders')}
        </Menu.Item>
        {onDelete && (
          <Menu.Item color="red" leftSection={<IconTrash size={16} />} onClick={onDelete}>
            {t('delete.confirm')}
          </Menu.Item>
        )}
      </Menu.Dropdown>
    </Menu>
  )
}

function Waiting() {
  return (
    <>
      <Skeleton height={48} width={320} mb="md" />
      <Skeleton height={120} mb="md" />
      <Skeleton height={380} />
    </>
  )
}
