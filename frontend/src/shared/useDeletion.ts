import { useMutation, useQueryClient } from '@tanstack/react-query'
import { useState } from 'react'
import { ApiError } from '../api/problem'
import { useToasts } from './toasts'

type Options = {
  /** The cache key of the row. */
  queryKey: readonly unknown[]
  remove: () => Promise<unknown>
  restore: () => Promise<unknown>
  /** Other lists tell another story now. */
  onChanged: () => void
  deleted: string
  restored: string
}

/** Deletes the row that is on the screen, and brings it back: the page stays, so that the way back is in sight. */
export function useDeletion({ queryKey, remove, restore, onChanged, deleted, restored }: Options) {
  const queries = useQueryClient()
  const toasts = useToasts()
  const [asking, setAsking] = useState(false)
  const [gone, setGone] = useState(false)
  const [never, setNever] = useState(false)
  const removing = useMutation({
    mutationFn: remove,
    onSuccess: () => {
      setAsking(false)
      setGone(true)
      // Once the page has let go of it: nothing must ask for what is gone.
      setTimeout(onChanged)
      toasts.done(deleted)
    },
    onError: (error) => {
      // Open orders are named in the dialog; somebody else's change is shown by the page, read anew.
      if (error instanceof ApiError && error.status === 409) return
      setAsking(false)
      toasts.problem(error)
      void queries.invalidateQueries({ queryKey })
    },
  })
  const restoring = useMutation({
    mutationFn: restore,
    onSuccess: (row) => {
      queries.setQueryData(queryKey, row)
      setGone(false)
      onChanged()
      toasts.done(restored)
    },
    onError: (error) => {
      // Nothing to bring back: there never was such a row. (A read says the same of a deleted one.)
      if (error instanceof ApiError && error.status === 404) setNever(true)
      else toasts.problem(error)
    },
  })
  const refusal = removing.error instanceof ApiError && removing.error.status === 409 ? removing.error : null
  return {
    asking,
    ask: () => {
      removing.reset()
      setAsking(true)
    },
    close: () => setAsking(false),
    gone,
    /** A restore found nothing: the address never led anywhere. */
    never,
    remove: () => removing.mutate(),
    restore: () => restoring.mutate(),
    removing: removing.isPending,
    restoring: restoring.isPending,
    /** The numbers of the open orders that stand in the way. */
    openOrders: refusal?.list<string>('orders') ?? [],
    refusal,
  }
}
