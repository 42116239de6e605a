import { queryOptions, useQuery } from '@tanstack/react-query'
import { useSyncExternalStore } from 'react'
import { type Schemas, api, body, cookie, onSignedOut } from '../api/client'
import { queryClient } from '../api/queries'
import { ApiError } from '../api/problem'
import { forgetDraft } from '../orders/draftPlace'
import type { Permission } from './permissions'

export type Me = Schemas['MeOutput']

const LEFT = 'order-desk.left'

/**
 * Every sign-in, here or in the admin, makes another CSRF cookie; signing out leaves it, so it is noted which one was left
 * behind. (The page may read the cookie anyway: the note tells nobody more.)
 */
function mayBeSignedIn(): boolean {
  const token = cookie('csrftoken')
  return token !== '' && token !== localStorage.getItem(LEFT)
}

/** Who is signed in; null when nobody is. While a session is lost, whose it was. */
export const meQuery = queryOptions({
  queryKey: ['me'],
  staleTime: 5 * 60_000,
  // Somebody else may have signed in meanwhile, in the admin or by another tab.
  refetchOnWindowFocus: 'always',
  queryFn: async (): Promise<Me | null> => {
    // Without a session there is no need to ask, and no 401 in the browser's console.
    if (!mayBeSignedIn()) return null
    try {
      const me = await body(api.GET('/api/v1/auth/me'))
      begin(me)
      return me
    } catch (error) {
      if (error instanceof ApiError && error.status === 401) return lost ? known() : null
      throw error
    }
  },
})

const known = () => queryClient.getQueryData<Me | null>(meQuery.queryKey) ?? null

let left = false

/** Did the user end the last session, here? Then the next one begins at the start. */
export const hasLeft = () => left

let lost = false
const watchers = new Set<() => void>()

function setLost(value: boolean): void {
  lost = value
  for (const tell of watchers) tell()
}

function watch(tell: () => void): () => void {
  watchers.add(tell)
  return () => watchers.delete(tell)
}

/** Has the session ended under the user's hands? The screens stay, below the sign-in (see app/Guard.tsx). */
export function useIsLost(): boolean {
  return useSyncExternalStore(watch, () => lost)
}

onSignedOut(() => {
  if (known() && !lost) setLost(true)
})

/** What the last user was shown is not for another one. */
function begin(me: Me): void {
  if (known()?.id !== me.id) forgetRows()
  setLost(false)
}

function forgetRows(): void {
  queryClient.removeQueries({ predicate: (query) => query.queryKey[0] !== 'me' })
}

const CHANGED = 'order-desk.session'

/** The other tabs share the session: they ask anew who they act as. */
function tellTabs(): void {
  localStorage.setItem(CHANGED, String(Date.now()))
}

window.addEventListener('storage', ({ key, newValue }) => {
  const me = known()
  if (key === LEFT && newValue !== null && me) forgetDraft(me.id) // By will, in another tab.
  if (key === CHANGED) void queryClient.invalidateQueries({ queryKey: meQuery.queryKey })
})

export async function signIn(username: string, password: string): Promise<void> {
  const { user } = await body(api.POST('/api/v1/auth/session/login', { body: { username, password } }))
  left = false
  localStorage.removeItem(LEFT)
  begin(user)
  queryClient.setQueryData(meQuery.queryKey, user)
  tellTabs()
  // What was refused meanwhile is asked for again.
  void queryClient.invalidateQueries({ predicate: (query) => query.queryKey[0] !== 'me' })
}

export async function signOut(): Promise<void> {
  try {
    await api.POST('/api/v1/auth/session/logout')
  } catch (error) {
    if (!(error instanceof ApiError && error.status === 401)) throw error
  }
  left = true
  const me = known()
  if (me) forgetDraft(me.id)
  localStorage.setItem(LEFT, cookie('csrftoken'))
  endHere()
}

/** This session is over: nothing of it stays on the screen. */
export function endHere(): void {
  setLost(false)
  forgetRows()
  queryClient.setQueryData(meQuery.queryKey, null)
  tellTabs()
}

/** The signed-in user, inside the screens (which stand behind the guard). */
export function useMe(): Me {
  const { data } = useQuery(meQuery)
  if (!data) throw new Error('nobody is signed in')
  return data
}

/** May the user do this? What they may not do is not offered. */
export function useMay(): (permission: Permission) => boolean {
  const me = useMe()
  return (permission) => me.is_superuser || me.permissions.includes(permission)
}

export function displayName(me: Pick<Me, 'first_name' | 'last_name' | 'username'>): string {
  return [me.first_name, me.last_name].filter(Boolean).join(' ') || me.username
}
