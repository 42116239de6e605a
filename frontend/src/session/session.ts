import { queryOptions, useQuery } from '@tanstack/react-query'
import { type Schemas, api, body, cookie, onSignedOut } from '../api/client'
import { queryClient } from '../api/queries'
import { ApiError } from '../api/problem'
import type { Permission } from './permissions'

export type Me = Schemas['MeOutput']

const LEFT = 'order-desk.left'

/** Signing in, here or in the admin, leaves the CSRF cookie; signing out here leaves a note. */
function mayBeSignedIn(): boolean {
  return cookie('csrftoken') !== '' && localStorage.getItem(LEFT) === null
}

/** Who is signed in; null when nobody is. */
export const meQuery = queryOptions({
  queryKey: ['me'],
  staleTime: 5 * 60_000,
  queryFn: async (): Promise<Me | null> => {
    // Without a session there is no need to ask, and no 401 in the browser's console.
    if (!mayBeSignedIn()) return null
    try {
      return await body(api.GET('/api/v1/auth/me'))
    } catch (error) {
      if (error instanceof ApiError && error.status === 401) return null
      throw error
    }
  },
})

let ending: 'none' | 'left' | 'lost' = 'none'

/** How the last session ended: `left` by the user, or `lost` under their hands. */
export const howItEnded = () => ending

// The server no longer knows us: every screen gives way to the sign-in, which leads back (see app/Guard.tsx).
onSignedOut(() => {
  if (!queryClient.getQueryData<Me | null>(meQuery.queryKey)) return
  ending = 'lost'
  queryClient.setQueryData(meQuery.queryKey, null)
})

export async function signIn(username: string, password: string): Promise<void> {
  const { user } = await body(api.POST('/api/v1/auth/session/login', { body: { username, password } }))
  // What the last user was shown is not for this one.
  queryClient.removeQueries({ predicate: (query) => query.queryKey[0] !== 'me' })
  ending = 'none'
  localStorage.removeItem(LEFT)
  queryClient.setQueryData(meQuery.queryKey, user)
}

export async function signOut(): Promise<void> {
  try {
    await api.POST('/api/v1/auth/session/logout')
  } catch (error) {
    if (!(error instanceof ApiError && error.status === 401)) throw error
  }
  ending = 'left'
  localStorage.setItem(LEFT, 'yes')
  queryClient.removeQueries({ predicate: (query) => query.queryKey[0] !== 'me' })
  queryClient.setQueryData(meQuery.queryKey, null)
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
