import type { QueryClient } from '@tanstack/react-query'
import { queryOptions } from '@tanstack/react-query'
import { type Schemas, api, body, versioned } from '../api/client'

export type Order = Schemas['OrderOutput']
export type OrderDetail = Schemas['OrderDetailOutput']
export type Status = Schemas['OrderStatus']

/** In the order of the trade (backend/apps/orders/lifecycle.py). */
export const STATUSES: Status[] = ['PENDENTE', 'CONFIRMADO', 'SEPARADO', 'ENVIADO', 'ENTREGUE', 'CANCELADO']

export type OrderFilters = {
  status?: Status[]
  search?: string
  number?: string
  customer_id?: number
  product_id?: number
  placed_after?: string
  placed_before?: string
  ordering?: string
}

export function fetchOrders(filters: OrderFilters, cursor: string) {
  return body(api.GET('/api/v1/orders', { params: { query: { ...filters, cursor, page_size: 30 } } }))
}

export function orderQuery(id: number) {
  return queryOptions({
    queryKey: ['orders', 'one', id],
    queryFn: () => versioned<OrderDetail>(api.GET('/api/v1/orders/{id}', { params: { path: { id } } })),
  })
}

/** A person says “27”; the whole number is what the API asks for. */
export function asNumber(typed: string): string | null {
  const match = /^(?:ped-?)?(\d{1,8})$/i.exec(typed.trim())
  return match?.[1] ? `PED-${match[1].padStart(8, '0')}` : null
}

/** After a write: lists, stock and the dashboard tell another story now. */
export function ordersChanged(queries: QueryClient): void {
  for (const name of ['orders', 'products', 'dashboard']) void queries.invalidateQueries({ queryKey: [name] })
}
