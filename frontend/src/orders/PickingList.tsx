import { Alert, Button, Group, Skeleton } from '@mantine/core'
import { IconArrowLeft, IconPrinter } from '@tabler/icons-react'
import { queryOptions, skipToken, useQuery } from '@tanstack/react-query'
import type { ReactNode } from 'react'
import { useTranslation } from 'react-i18next'
import { Link, useParams } from 'react-router'
import { type Schemas, api, body } from '../api/client'
import { ApiError } from '../api/problem'
import { formatPhone, formatPostalCode } from '../formats/contact'
import { formatMoment } from '../formats/moments'
import { formatNumber } from '../formats/money'
import { ErrorState } from '../shared/ErrorState'
import { RetryNotice } from '../shared/RetryNotice'
import { RowSkeletons } from '../shared/RowSkeletons'
import { useLanguage } from '../texts/i18n'
import { type OrderDetail, orderQuery } from './orders'
import classes from './PickingList.module.css'
import './texts'

type Customer = Schemas['CustomerOutput']

/** Where the order goes. Null for a deleted customer, who has no address any more: the list is as good without. */
function addressQuery(id: number | undefined) {
  return queryOptions({
    queryKey: ['customers', 'one', 'address', id],
    queryFn: id === undefined ? skipToken : () => customerOrNull(id),
  })
}

async function customerOrNull(id: number): Promise<Customer | null> {
  try {
    return await body(api.GET('/api/v1/customers/{id}', { params: { path: { id } } }))
  } catch (error) {
    if (error instanceof ApiError && error.status === 404) return null
    throw error
  }
}

/** A sheet of paper for the stock room: what to take from the shelf, and where it goes. No prices. */
export function Component() {
  const { t } = useTranslation('orders')
  const id = Number(useParams().id)
  const order = useQuery(orderQuery(id))
  const customer = useQuery(addressQuery(order.data?.row.customer.id))
  if (order.isError && !order.data) return <ErrorState error={order.error} onRetry={() => void order.refetch()} />
  return (
    <div className={classes.screen}>
      <Group justify="space-between" className={classes.tools}>
        <Button component={Link} to={`/orders/${id}`} variant="subtle" leftSection={<IconArrowLeft size={16} />}>
          {t('picking.back')}
        </Button>
        {/* Not before it is known where the order goes, or that this cannot be told. */}
        <Button
          leftSection={<IconPrinter size={16} />}
          onClick={() => window.print()}
          disabled={!order.data || customer.isPending}
        >
          {t('picking.print')}
        </Button>
      </Group>
      {order.isError && (
        <div className={classes.tools}>
          <RetryNotice error={order.error} busy={order.isFetching} onRetry={() => void order.refetch()} />
        </div>
      )}
      {customer.isError && (
        <div className={classes.tools}>
          <RetryNotice error={customer.error} busy={customer.isFetching} onRetry={() => void customer.refetch()} />
        </div>
      )}
      <main className={classes.sheet}>
        {order.data ? (
          <Sheet
            order={order.data.row}
            address={
              customer.data ? (
                addressLines(customer.data).map((line) => <div key={line}>{line}</div>)
              ) : customer.isPending ? (
                <Skeleton height={40} maw={280} />
              ) : (
                // On the paper as well, for those who do not see the screen.
                customer.isError && <div>{t('picking.noAddress')}</div>
              )
            }
          />
        ) : (
          <RowSkeletons />
        )}
      </main>
    </div>
  )
}

function Sheet({ order, address }: { order: OrderDetail; address: ReactNode }) {
  const { t } = useTranslation(['orders', 'common'])
  const { language } = useLanguage()
  // In the order of the shelves, as far as SKUs tell it.
  const items = [...order.items].sort((a, b) => a.sku.localeCompare(b.sku))
  const pieces = items.reduce((count, item) => count + item.quantity, 0)
  return (
    <>
      <title>{`${t('picking.title')} ${order.number} · ${t('common:app')}`}</title>
      <header className={classes.head}>
        <div>
          <p className={classes.kind}>{t('picking.title')}</p>
          <h1 className={classes.number}>{order.number}</h1>
        </div>
        <dl className={classes.facts}>
          <dt>{t('picking.placed')}</dt>
          <dd>{formatMoment(order.placed_at, language)}</dd>
          <dt>{t('columns.status')}</dt>
          <dd>{t(`status.${order.status}`)}</dd>
          <dt>{t('picking.printed')}</dt>
          <dd>{formatMoment(new Date().toISOString(), language)}</dd>
        </dl>
      </header>
      {order.status === 'CANCELADO' && (
        <Alert color="red" mb="md">
          {t('picking.cancelled')}
        </Alert>
      )}
      <section className={classes.address} aria-label={t('picking.deliver')}>
        <h2>{t('picking.deliver')}</h2>
        <strong>{order.customer.name}</strong>
        {address}
      </section>
      <table className={classes.lines}>
        <thead>
          <tr>
            <th>{t('picking.picked')}</th>
            <th>SKU</th>
            <th>{t('columns.product')}</th>
            <th className="num">{t('columns.quantity')}</th>
          </tr>
        </thead>
        <tbody>
          {items.map((item) => (
            <tr key={item.id}>
              <td>
                <span className={classes.box} />
              </td>
              <td className={classes.sku}>{item.sku}</td>
              <td className="breaks">{item.name}</td>
              <td className={`num ${classes.quantity}`}>{formatNumber(item.quantity, language)}</td>
            </tr>
          ))}
        </tbody>
      </table>
      <p className={classes.total}>
        {t('picking.total', {
          pieces: t('form.pieces', { count: pieces, amount: formatNumber(pieces, language) }),
          lines: t('list.pieces', { count: items.length }),
        })}
      </p>
      {order.notes && (
        <section className={classes.notes}>
          <h2>{t('picking.notes')}</h2>
          {order.notes}
        </section>
      )}
      <footer className={classes.signatures}>
        <span>{t('picking.by')}</span>
        <span>{t('picking.checked')}</span>
        <span>{t('picking.date')}</span>
      </footer>
    </>
  )
}

function addressLines({ address, phone }: Customer): string[] {
  const street = [[address.street, address.number].filter(Boolean).join(', '), address.complement]
  const city = [address.city, address.state].filter(Boolean).join('/')
  return [
    [...street, address.district].filter(Boolean).join(' · '),
    [address.postal_code && formatPostalCode(address.postal_code), city].filter(Boolean).join(' '),
    phone ? formatPhone(phone) : '',
  ].filter((line) => line !== '')
}
