// @vitest-environment jsdom
import { describe, expect, it } from 'vitest'
import type { Me } from '../session/session'
import { type User, complaints, grantable, mayTouch, valuesOf } from './users'

const me = (...permissions: string[]) =>
  ({ id: 1, is_superuser: false, permissions: permissions.map((name) => `authentication.${name}`) }) as Me
const manager = me('manage_users')
const admin = me('manage_users', 'manage_managers')
const superuser = { ...manager, is_superuser: true }
const user = (...roles: string[]) => ({ id: 2, is_superuser: false, roles }) as User

describe('who may give which role', () => {
  it('is asked of permissions, not of names', () => {
    expect(grantable(manager)).toEqual(['Operator', 'Viewer'])
    expect(grantable(admin)).toEqual(['Admin', 'Manager', 'Operator', 'Viewer'])
    expect(grantable(superuser)).toContain('Admin')
  })
})

describe('who may touch whom', () => {
  it('is whoever stands above, and oneself', () => {
    expect(mayTouch(manager, user('Operator'))).toBe(true)
    expect(mayTouch(manager, user('Operator', 'Manager'))).toBe(false)
    expect(mayTouch(admin, user('Manager'))).toBe(true)
    expect(mayTouch(admin, { ...user(), is_superuser: true })).toBe(false)
    expect(mayTouch(superuser, { ...user(), is_superuser: true })).toBe(true)
    expect(mayTouch(manager, { ...user('Manager'), id: 1 })).toBe(true)
  })
})

describe('the form of an account', () => {
  it('needs a name, an e-mail and a password, the latter for a new one only', () => {
    expect(complaints(valuesOf(null), true)).toEqual({
      username: 'required',
      email: 'required',
      password: 'required',
    })
    expect(complaints({ ...valuesOf(null), email: 'ana' }, false)).toEqual({ email: 'email' })
    expect(complaints({ ...valuesOf(null), email: 'ana@example.com' }, false)).toEqual({})
  })
})
