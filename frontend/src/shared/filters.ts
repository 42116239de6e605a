import { useCallback } from 'react'
import { useSearchParams } from 'react-router'

/** The name that an address gives, if it is one of these; a link may hold anything. */
export function oneOf<T extends object>(choices: T, name: string, usual: keyof T & string): keyof T & string {
  return Object.hasOwn(choices, name) ? (name as keyof T & string) : usual
}

/** The day that an address gives, `2026-11-23`, if there is such a day. */
export function dayOf(text: string): string | undefined {
  const time = /^\d{4}-\d{2}-\d{2}$/.test(text) ? Date.parse(`${text}T12:00:00Z`) : NaN
  // JavaScript takes the 31st of February for a day of March.
  return Number.isFinite(time) && new Date(time).toISOString().startsWith(text) ? text : undefined
}

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
