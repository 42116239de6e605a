import { Alert, Button, Group } from '@mantine/core'
import { IconArrowLeft, IconPrinter } from '@tabler/icons-react'
import { useQuery } from '@tanstack/react-query'
import { useTranslation } from 'react-i18next'
import { Link, useParams } from 'react-router'
import { type Schemas, api, body } from '../api/client'
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

/** A sheet of paper for the stock room: what to take from the shelf, and where it goes. No prices. */
export function Component() {
  const { t } = useTranslation('orders')
  const id = Number(useParams().id)
  const order = useQuery(orderQuery(id))
  if (order.isError && !order.data) return <ErrorState error={order.error} onRetry={() => void order.refetch()} />
  return (
    <div className={classes.screen}>
      <Group justify="space-between" className={classes.tools}>
        <Button component={Link} to={`/orders/${id}`} variant="subtle" leftSection={<IconArrowLeft size={16} />}>
          {t('picking.back')}
        </Button>
        <Button leftSection={<IconPrinter size={16} />} onClick={() => window.print()} disabled={!order.data}>
          {t('picking.print')}
        </Button>
      </Group>
      {order.isError && (
        <div className={classes.tools}>
          <RetryNotice error={order.error} busy={order.isFetching} onRetry={() => void order.refetch()} />
        </div>
      )}
      <main className={classes.sheet}>{order.data ? <Sheet order={order.data.row} /> : <RowSkeletons />}</main>
    </div>
  )
}

function Sheet({ order }: { order: OrderDetail }) {
  const { t } = useTranslation(['orders', 'common'])
  const { language } = useLanguage()
  const customer = useQuery({
    queryKey: ['customers', 'one', 'address', order.customer.id],
    queryFn: () => body(api.GET('/api/v1/customers/{id}', { params: { path: { id: order.customer.id } } })),
    retry: false, // A deleted customer has no address any more; the list is as good without.
  })
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
        {customer.data && addressLines(customer.data).map((line) => <div key={line}>{line}</div>)}
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

function addressLines({ address, phone }: Schemas['CustomerOutput']): string[] {
  const street = [[address.street, address.number].filter(Boolean).join(', '), address.complement]
  const city = [address.city, address.state].filter(Boolean).join('/')
  return [
    [...street, address.district].filter(Boolean).join(' · '),
    [address.postal_code && formatPostalCode(address.postal_code), city].filter(Boolean).join(' '),
    phone ? formatPhone(phone) : '',
  ].filter((line) => line !== '')
}
