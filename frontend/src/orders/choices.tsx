import { Group, Text } from '@mantine/core'
import { useTranslation } from 'react-i18next'
import { type Schemas, api, body } from '../api/client'
import { formatDocument } from '../formats/documents'
import { Money } from '../shared/Money'
import type { DraftCustomer, LineProduct } from './draft'

export type Customer = Schemas['CustomerOutput']
export type Product = Schemas['ProductOutput']

export async function findCustomers(search: string): Promise<Customer[]> {
  const query = { search: search || undefined, is_active: true, ordering: 'name', page_size: 12 }
  return (await body(api.GET('/api/v1/customers', { params: { query } }))).results
}

export async function findProducts(search: string): Promise<Product[]> {
  const query = { search: search || undefined, is_active: true, ordering: 'name', page_size: 12 }
  return (await body(api.GET('/api/v1/products', { params: { query } }))).results
}

export function draftCustomer({ id, name, document, address }: Customer): DraftCustomer {
  return { id, name, place: [address.city, address.state].filter(Boolean).join('/'), document: document ?? undefined }
}

/** One line that tells two customers of one name apart. */
export function aboutCustomer({ document, place }: DraftCustomer): string {
  return [document && formatDocument(document), place].filter(Boolean).join(' · ')
}

export function lineProduct({ id, sku, name, price, available }: Product): LineProduct {
  return { id, sku, name, price, available }
}

export function CustomerChoice({ customer }: { customer: Customer }) {
  return (
    <div>
      <Text size="sm" fw={550}>
        {customer.name}
      </Text>
      <Text size="xs" c="dimmed">
        {aboutCustomer(draftCustomer(customer)) || '—'}
      </Text>
    </div>
  )
}

export function ProductChoice({ product }: { product: Product }) {
  return (
    <Group justify="space-between" wrap="nowrap" gap="md">
      <div style={{ minWidth: 0 }}>
        <Text size="sm" fw={550} truncate>
          {product.name}
        </Text>
        <Text size="xs" c="dimmed">
          {product.sku}
        </Text>
      </div>
      <div style={{ textAlign: 'right' }}>
        <Text size="sm">
          <Money amount={product.price} />
        </Text>
        <Availability product={product} />
      </div>
    </Group>
  )
}

function Availability({ product }: { product: Product }) {
  const { t } = useTranslation('orders')
  const low = product.low_stock_threshold !== null && product.available <= product.low_stock_threshold
  if (product.available === 0) {
    return (
      <Text size="xs" c="var(--mantine-color-error)" fw={550}>
        {t('form.soldOut')}
      </Text>
    )
  }
  return (
    <Text size="xs" c={low ? 'var(--desk-warning)' : 'dimmed'} className="nowrap">
      {t('form.available', { count: product.available })}
    </Text>
  )
}
