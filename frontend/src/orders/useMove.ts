import { useMutation, useQueryClient } from '@tanstack/react-query'
import { useRef, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { type Versioned, api, ifMatch, versioned } from '../api/client'
import { ApiError } from '../api/problem'
import { useToasts } from '../shared/toasts'
import { type OrderDetail, type Status, orderQuery, ordersChanged } from './orders'

export type Loaded = Versioned<OrderDetail>
export type Conflict = { wanted: Status; seen: OrderDetail; now: OrderDetail }

/** The button of the next move stands where that of the last stood: a moment without either. */
const PAUSE = 900 // milliseconds

/**
 * Moves the order that is on the screen, and only that version of it: if somebody was faster, nothing is done and
 * `conflict` holds both versions.
 */
export function useMove({ row: seen, etag }: Loaded) {
  const { t } = useTranslation('orders')
  const queries = useQueryClient()
  const toasts = useToasts()
  const [conflict, setConflict] = useState<Conflict | null>(null)
  const [pausing, setPausing] = useState(false)
  const query = orderQuery(seen.id)

  const moving = useMutation({
    mutationFn: ({ to, note }: { to: Status; note?: string }) =>
      versioned<OrderDetail>(
        api.PATCH('/api/v1/orders/{id}/status', {
          params: { path: { id: seen.id }, header: ifMatch(etag) },
          body: { status: to, ...(note ? { note } : {}) },
        }),
      ),
    onSuccess: (moved) => {
      setPausing(true)
      setTimeout(() => setPausing(false), PAUSE)
      queries.setQueryData(query.queryKey, moved)
      ordersChanged(queries)
      toasts.done(t('one.moved', { number: moved.row.number, status: t(`status.${moved.row.status}`) }))
    },
    onError: async (error, { to }) => {
      const refused = error instanceof ApiError ? error.status : 0
      if (refused !== 412) toasts.problem(error)
      if (refused !== 412 && refused !== 409 && refused !== 404) return
      const current = await queries.fetchQuery({ ...query, staleTime: 0 }).catch(() => null)
      if (refused === 412 && current) setConflict({ wanted: to, seen, now: current.row })
    },
  })
  // The second click of a double click comes before the first has disabled the button.
  const started = useRef(false)
  const move = async (to: Status, note?: string) => {
    if (started.current || pausing) return
    started.current = true
    await moving.mutateAsync({ to, note }).catch(() => undefined)
    started.current = false
  }
  return {
    move,
    busy: moving.isPending || pausing,
    moving: moving.isPending ? moving.variables.to : null,
    conflict,
    settle: () => setConflict(null),
  }
}
