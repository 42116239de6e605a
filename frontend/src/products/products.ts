import { type QueryClient, queryOptions } from '@tanstack/react-query'
import { type Schemas, api, body, ifMatch, versioned } from '../api/client'
import type { Money } from '../formats/money'
import type { Found } from '../shared/MaybeSaved'

export type Product = Schemas['ProductOutput']
export type Movement = Schemas['StockMovementOutput']

export type ProductFilters = {
  search?: string
  is_active?: boolean
  low_stock?: boolean
  ordering?: string
}

export function fetchProducts(filters: ProductFilters, cursor: string) {
  return body(api.GET('/api/v1/products', { params: { query: { ...filters, cursor, page_size: 30 } } }))
}

export function productQuery(id: number) {
  return queryOptions({
    queryKey: ['products', 'one', id],
    queryFn: () => versioned<Product>(api.GET('/api/v1/products/{id}', { params: { path: { id } } })),
  })
}

/** Those that have this SKU, whatever its punctuation: one of them may be what was sent. */
export async function productsOfSku(sku: string): Promise<Found[]> {
  const { results } = await body(api.GET('/api/v1/products', { params: { query: { sku, page_size: 30 } } }))
  return results.map(({ id, name, sku }) => ({ to: `/products/${id}`, text: `${sku} · ${name}` }))
}

export function fetchMovements(id: number, cursor: string, pageSize = 30) {
  const query = { ordering: '-id', cursor, page_size: pageSize }
  return body(api.GET('/api/v1/products/{id}/stock-movements', { params: { path: { id }, query } }))
}

/** At or below the threshold, where there is one: the same rule as the server's. */
export function isLow({ available, low_stock_threshold: threshold }: Product): boolean {
  return threshold !== null && available <= threshold
}

/** What the form holds. `sku` and `on_hand` are asked for a new product only. */
export type ProductValues = {
  sku: string
  name: string
  description: string
  price: Money
  on_hand: number | string
  low_stock_threshold: number | string
  is_active: boolean
}

export function valuesOf(product: Product | null): ProductValues {
  return {
    sku: product?.sku ?? '',
    name: product?.name ?? '',
    description: product?.description ?? '',
    price: product?.price ?? '',
    on_hand: '',
    low_stock_threshold: product?.low_stock_threshold ?? '',
    is_active: product?.is_active ?? true,
  }
}

type Complaint = 'required' | 'money'

export function complaints(values: ProductValues): Partial<Record<string, Complaint>> {
  return {
    ...(!values.sku.trim() && { sku: 'required' }),
    ...(!values.name.trim() && { name: 'required' }),
    ...(!values.price
      ? { price: 'required' }
      : (!/^\d+\.\d{2}$/.test(values.price) || Number(values.price) === 0) && { price: 'money' }),
  }
}

/** An empty threshold is none. */
function wholeOrNull(value: number | string): number | null {
  return value === '' ? null : Number(value)
}

export function bodyOf(values: Partial<ProductValues>): Schemas['PatchedProductChange'] {
  const { name, description, price, low_stock_threshold: threshold, is_active } = values
  return {
    ...(name !== undefined && { name: name.trim() }),
    ...(description !== undefined && { description: description.trim() }),
    ...(price !== undefined && { price }),
    ...(threshold !== undefined && { low_stock_threshold: wholeOrNull(threshold) }),
    ...(is_active !== undefined && { is_active }),
  }
}

export async function writeProduct(id: number | null, values: Partial<ProductValues>, etag: string | null) {
  const written = bodyOf(values)
  if (id !== null) {
    return versioned<Product>(
      api.PATCH('/api/v1/products/{id}', { params: { path: { id }, header: ifMatch(etag) }, body: written }),
    )
  }
  const opening = wholeOrNull(values.on_hand ?? '')
  return versioned<Product>(
    api.POST('/api/v1/products', {
      body: {
        ...written,
        sku: (values.sku ?? '').trim(),
        name: written.name ?? '',
        price: written.price ?? '',
        ...(opening !== null && { on_hand: opening }),
      },
    }),
  )
}

export type StockChange = { kind: 'receipt' | 'loss' | 'count'; quantity: number; reason: string }

/** With an `etag`, only if the stock is still the one that was looked at. */
export function changeStock(id: number, change: StockChange, etag: string | null) {
  const { kind, quantity, reason } = change
  const what = kind === 'count' ? { on_hand: quantity } : { delta: kind === 'receipt' ? quantity : -quantity }
  return versioned<Product>(
    api.PATCH('/api/v1/products/{id}/stock', {
      params: { path: { id }, header: ifMatch(etag) },
      body: { ...what, reason: reason.trim() },
    }),
  )
}

export function deleteProduct(id: number, etag: string | null) {
  return api.DELETE('/api/v1/products/{id}', { params: { path: { id }, header: ifMatch(etag) } })
}

export function restoreProduct(id: number) {
  return versioned<Product>(api.POST('/api/v1/products/{id}/restore', { params: { path: { id } } }))
}

/** After a write: lists, ledger and dashboard tell another story now. */
export function productsChanged(queries: QueryClient): void {
  void queries.invalidateQueries({ queryKey: ['products'], predicate: ({ queryKey }) => queryKey[1] !== 'one' })
  for (const name of ['movements', 'dashboard']) void queries.invalidateQueries({ queryKey: [name] })
}

/** The order that a row of the ledger tells of: `order/12`. */
export function orderOf(reference: string): number | null {
  const match = /^order\/(\d+)$/.exec(reference)
  return match ? Number(match[1]) : null
}

export type Level = { at: string; x: number; on_hand: number; available: number }

const HOUR = 3_600_000 // milliseconds

/**
 * The stock over time, oldest first, from the newest rows of the ledger; before the first of them stood what it found.
 * `x` is the moment; but where moments would hide the steps (all within an hour, or history brought in later, whose
 * moments go back), it is their number.
 */
export function levels(newestFirst: Movement[]): Level[] {
  const rows = newestFirst.toReversed()
  const [first] = rows
  if (!first) return []
  const times = rows.map((row) => Date.parse(row.created_at))
  const forward = times.every((time, index) => index === 0 || time >= (times[index - 1] ?? 0))
  const byTime = forward && (times.at(-1) ?? 0) - (times[0] ?? 0) > HOUR
  const found = {
    at: first.created_at,
    on_hand: first.on_hand_after - first.on_hand_delta,
    available: first.on_hand_after - first.on_hand_delta - (first.reserved_after - first.reserved_delta),
  }
  const left = rows.map((row) => ({
    at: row.created_at,
    on_hand: row.on_hand_after,
    available: row.on_hand_after - row.reserved_after,
  }))
  return [found, ...left].map((level, index) => ({ ...level, x: byTime ? Date.parse(level.at) : index }))
}

/** At most `most` places along the axis, each another one, the ends among them. */
export function ticks(points: Level[], most = 6): number[] {
  const [from, to] = [points[0]?.x ?? 0, points.at(-1)?.x ?? 0]
  const steps = Math.max(1, Math.min(most, points.length) - 1)
  return [...new Set(Array.from({ length: steps + 1 }, (_, step) => Math.round(from + ((to - from) * step) / steps)))]
}
