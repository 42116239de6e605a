import { queryOptions } from '@tanstack/react-query'
import { type Schemas, api, body, ifMatch, versioned } from '../api/client'
import { type Me, displayName } from '../session/session'
import type { Found } from '../shared/MaybeSaved'

export type User = Schemas['UserOutput']

/** The roles that every shop has (backend/apps/authentication/roles.py), the highest first. */
export const ROLES = ['Admin', 'Manager', 'Operator', 'Viewer'] as const
const HIGH: readonly string[] = ['Admin', 'Manager']

export type UserFilters = { search?: string; role?: string; is_active?: boolean }

export function fetchUsers(filters: UserFilters, cursor: string) {
  return body(
    api.GET('/api/v1/users', { params: { query: { ...filters, ordering: 'username', cursor, page_size: 30 } } }),
  )
}

export function userQuery(id: number) {
  return queryOptions({
    queryKey: ['users', 'one', id],
    queryFn: () => versioned<User>(api.GET('/api/v1/users/{id}', { params: { path: { id } } })),
  })
}

/** Whoever has this username: it may be the account that was sent. */
export async function usersNamed(username: string): Promise<Found[]> {
  const { results } = await body(api.GET('/api/v1/users', { params: { query: { username } } }))
  return results.map((user) => ({
    to: `/users?search=${encodeURIComponent(user.username)}`,
    text: `${user.username} · ${displayName(user)} · ${user.email}`,
  }))
}

const mayManageManagers = (me: Me) => me.is_superuser || me.permissions.includes('authentication.manage_managers')

/** The roles that this user may give: nobody makes somebody their equal, but the administration. */
export function grantable(me: Me): string[] {
  return ROLES.filter((role) => mayManageManagers(me) || !HIGH.includes(role))
}

/** May this user touch that account? Their own, and those below. (The server has the last word.) */
export function mayTouch(me: Me, user: User): boolean {
  if (me.is_superuser || me.id === user.id) return true
  if (user.is_superuser) return false
  return mayManageManagers(me) || !user.roles.some((role) => HIGH.includes(role))
}

export type UserValues = {
  username: string
  email: string
  first_name: string
  last_name: string
  password: string
  roles: string[]
  is_active: boolean
}

export function valuesOf(user: User | null): UserValues {
  return {
    username: user?.username ?? '',
    email: user?.email ?? '',
    first_name: user?.first_name ?? '',
    last_name: user?.last_name ?? '',
    password: '',
    roles: user?.roles ?? ['Operator'],
    is_active: user?.is_active ?? true,
  }
}

type Complaint = 'required' | 'email'

export function complaints(values: UserValues, isNew: boolean): Partial<Record<string, Complaint>> {
  return {
    ...(isNew && !values.username.trim() && { username: 'required' }),
    ...(isNew && !values.password && { password: 'required' }),
    ...(!values.email.trim()
      ? { email: 'required' }
      : !/^\S+@\S+\.\S+$/.test(values.email.trim()) && { email: 'email' }),
  }
}

export function registerUser({ username, email, first_name, last_name, password, roles }: UserValues) {
  return versioned<User>(
    api.POST('/api/v1/auth/register', {
      body: {
        username: username.trim(),
        email: email.trim(),
        password,
        first_name: first_name.trim(),
        last_name: last_name.trim(),
        roles,
      },
    }),
  )
}

/** What was changed, of the account as it was read: else another administrator's grant would be undone unseen. */
export function changeUser(id: number, changes: Partial<UserValues>, etag: string | null) {
  const { email, first_name, last_name, roles, is_active } = changes
  return versioned<User>(
    api.PATCH('/api/v1/users/{id}', {
      params: { path: { id }, header: ifMatch(etag) },
      body: {
        ...(email !== undefined && { email: email.trim() }),
        ...(first_name !== undefined && { first_name: first_name.trim() }),
        ...(last_name !== undefined && { last_name: last_name.trim() }),
        ...(roles !== undefined && { roles }),
        ...(is_active !== undefined && { is_active }),
      },
    }),
  )
}

export function changePassword(current_password: string, new_password: string) {
  return api.POST('/api/v1/auth/me/password', { body: { current_password, new_password } })
}
