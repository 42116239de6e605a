import { Button, Chip, Flex, Group, Pill, Select } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import { useMemo } from 'react'
import { useTranslation } from 'react-i18next'
import { api, body } from '../api/client'
import { dayOf, oneOf, useFilters } from '../shared/filters'
import { SearchField } from '../shared/SearchField'
import { Period } from './Period'
import { type OrderFilters as Filters, STATUSES, type Status, asNumber } from './orders'

const ORDERINGS = { newest: '-placed_at', oldest: 'placed_at', largest: '-total', smallest: 'total' } as const
type Ordering = keyof typeof ORDERINGS

const idOf = (text: string) => (/^[1-9]\d{0,15}$/.test(text) ? Number(text) : undefined)

/** What the address asks for, as the API is asked for it. */
export function useOrderFilters() {
  const url = useFilters()
  const search = url.get('search')
  const number = asNumber(search)
  const customer = idOf(url.get('customer'))
  const product = idOf(url.get('product'))
  const status = url.all('status').filter((each): each is Status => STATUSES.includes(each as Status))
  const sort = oneOf(ORDERINGS, url.get('sort'), 'newest')
  const filters: Filters = {
    status: status.length ? status : undefined,
    search: number ? undefined : search || undefined,
    number: number ?? undefined,
    customer_id: customer,
    product_id: product,
    placed_after: dayOf(url.get('from')),
    placed_before: dayOf(url.get('to')),
    ordering: ORDERINGS[sort],
  }
  return { ...url, filters, search, sort, status, customer, product }
}

export function OrderFilters({ focusSearch }: { focusSearch: boolean }) {
  const { t } = useTranslation(['orders', 'common'])
  const { set, clear, any, get, search, sort, status, customer, product } = useOrderFilters()
  const sorts = useMemo(
    () => (Object.keys(ORDERINGS) as Ordering[]).map((value) => ({ value, label: t(`list.${value}`) })),
    [t],
  )
  return (
    <Flex direction="column" gap="xs" mb="sm">
      <Flex gap="xs" direction={{ base: 'column', xs: 'row' }}>
        <div style={{ flex: 1 }}>
          <SearchField
            label={t('list.search')}
            value={search}
            onChange={(value) => set({ search: value })}
            autoFocus={focusSearch}
          />
        </div>
        <Group gap="xs">
          <Period from={get('from')} to={get('to')} onChange={(from, to) => set({ from, to })} />
          <Select
            aria-label={t('list.sort')}
            data={sorts}
            value={sort}
            allowDeselect={false}
            onChange={(value) => set({ sort: value === 'newest' ? null : value })}
            w={150}
          />
        </Group>
      </Flex>
      <Group gap="xs">
        <Chip.Group multiple value={status} onChange={(value) => set({ status: value })}>
          <Group gap={6} role="group" aria-label={t('list.status')}>
            {STATUSES.map((each) => (
              <Chip key={each} value={each} size="xs" variant="outline">
                {t(`status.${each}`)}
              </Chip>
            ))}
          </Group>
        </Chip.Group>
        {customer && <CustomerPill id={customer} onRemove={() => set({ customer: null })} />}
        {product && <ProductPill id={product} onRemove={() => set({ product: null })} />}
        {any && (
          <Button variant="subtle" size="compact-xs" onClick={clear}>
            {t('common:actions.clear')}
          </Button>
        )}
      </Group>
    </Flex>
  )
}

type PillProps = { id: number; onRemove: () => void }

function CustomerPill({ id, onRemove }: PillProps) {
  const { t } = useTranslation('orders')
  const { data } = useQuery({
    queryKey: ['customers', 'name', id],
    queryFn: () => body(api.GET('/api/v1/customers/{id}', { params: { path: { id } } })),
  })
  return <FilterPill text={t('list.ofCustomer', { name: data?.name ?? id })} onRemove={onRemove} />
}

function ProductPill({ id, onRemove }: PillProps) {
  const { t } = useTranslation('orders')
  const { data } = useQuery({
    queryKey: ['products', 'name', id],
    queryFn: () => body(api.GET('/api/v1/products/{id}', { params: { path: { id } } })),
  })
  return <FilterPill text={t('list.ofProduct', { name: data?.name ?? id })} onRemove={onRemove} />
}

function FilterPill({ text, onRemove }: { text: string; onRemove: () => void }) {
  const { t } = useTranslation()
  return (
    <Pill withRemoveButton onRemove={onRemove} removeButtonProps={{ 'aria-label': t('actions.clear') }}>
      {text}
    </Pill>
  )
}
