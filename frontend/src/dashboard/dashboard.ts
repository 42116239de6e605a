import { keepPreviousData, queryOptions } from '@tanstack/react-query'
import { type Schemas, api, body } from '../api/client'
import { cents, fromCents } from '../formats/money'
import type { Status } from '../orders/orders'

export type Dashboard = Schemas['DashboardOutput']
export type Day = Schemas['DayOutput']

export function dashboardQuery(from: string, to: string) {
  return queryOptions({
    queryKey: ['dashboard', from, to],
    queryFn: () => body(api.GET('/api/v1/dashboard', { params: { query: { from, to } } })),
    refetchInterval: 60_000,
    // While another period is asked for, the old figures stay, faded.
    placeholderData: keepPreviousData,
  })
}

/** How many days the server looks at together. */
export const MOST_DAYS = 92

export function daysBetween(from: string, to: string): number {
  return Math.round((Date.parse(`${to}T12:00:00Z`) - Date.parse(`${from}T12:00:00Z`)) / 86_400_000) + 1
}

/** A period that can be asked for? `null` when it can; else what is wrong with it. */
export function flawOf(from: string, to: string): 'missing' | 'reversed' | 'tooLong' | null {
  const days = daysBetween(from, to)
  if (!Number.isFinite(days)) return 'missing'
  if (days < 1) return 'reversed'
  return days > MOST_DAYS ? 'tooLong' : null
}

/** Orders that count as sold: all but the cancelled. */
export function soldOrders({ orders }: Dashboard): number {
  return orders.total - orders.by_status.CANCELADO
}

/** What an order that was not cancelled brought on average; null without any. */
export function averageTicket(dashboard: Dashboard): string | null {
  const count = soldOrders(dashboard)
  return count === 0 ? null : fromCents((cents(dashboard.revenue) + BigInt(count) / 2n) / BigInt(count))
}

/** Orders that somebody still has to do something about. */
export const WAITING: Status[] = ['PENDENTE', 'CONFIRMADO', 'SEPARADO', 'ENVIADO']

export function waitingOrders({ orders }: Dashboard): number {
  return WAITING.reduce((total, status) => total + orders.by_status[status], 0)
}
