import { useCallback } from 'react'
import { useSearchParams } from 'react-router'

/**
 * Filters that live in the address: they survive a reload, a shared link and the way back. `set` takes the changed
 * ones; an empty value leaves the address.
 */
export function useFilters() {
  const [params, setParams] = useSearchParams()
  const set = useCallback(
    (changes: Record<string, string | string[] | null | undefined>) => {
      setParams(
        (current) => {
          const next = new URLSearchParams(current)
          for (const [name, value] of Object.entries(changes)) {
            next.delete(name)
            for (const one of Array.isArray(value) ? value : [value]) if (one) next.append(name, one)
          }
          return next
        },
        { replace: true },
      )
    },
    [setParams],
  )
  const clear = useCallback(() => setParams({}, { replace: true }), [setParams])
  return {
    get: (name: string) => params.get(name) ?? '',
    all: (name: string) => params.getAll(name),
    any: [...params.keys()].length > 0,
    set,
    clear,
  }
}
