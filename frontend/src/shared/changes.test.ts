import { describe, expect, it } from 'vitest'
import { changed, differing, rebased, textAt } from './changes'

const before = { name: 'Ana', roles: ['Viewer'], address: { city: 'Recife', state: 'PE' } }

describe('what a form sends', () => {
  it('is what was changed, and nothing else', () => {
    expect(changed(before, { ...before, name: 'Bia' })).toEqual({ name: 'Bia' })
    expect(changed(before, { ...before, address: { city: 'Olinda', state: 'PE' } })).toEqual({
      address: { city: 'Olinda' },
    })
    expect(changed(before, structuredClone(before))).toEqual({})
  })
})

describe('two people who edited the same row', () => {
  const theirs = { ...before, address: { city: 'Olinda', state: 'PE' } }

  it('both keep what they changed in different fields', () => {
    const mine = { ...before, name: 'Bia', address: { city: 'Recife', state: 'BA' } }
    expect(rebased(before, mine, theirs)).toEqual({
      name: 'Bia',
      roles: ['Viewer'],
      address: { city: 'Olinda', state: 'BA' },
    })
  })

  it('both keep the roles that they gave and took away', () => {
    const roles = (...names: string[]) => ({ ...before, roles: names })
    const merge = (mine: string[], now: string[]) => rebased(before, roles(...mine), roles(...now)).roles
    expect(merge(['Viewer', 'Operator'], ['Viewer', 'Manager'])).toEqual(['Viewer', 'Manager', 'Operator'])
    expect(merge(['Viewer', 'Operator'], [])).toEqual(['Operator']) // What they took away stays away.
    expect(merge([], ['Viewer', 'Manager'])).toEqual(['Manager'])
    expect(merge(['Viewer', 'Operator'], ['Operator', 'Viewer'])).toEqual(['Operator', 'Viewer'])
    expect(merge(['Viewer'], ['Manager'])).toEqual(['Manager'])
  })

  it('see where they differ', () => {
    const other = { name: 'Ana', roles: ['Viewer', 'Operator'], address: { city: 'Olinda', state: 'PE' } }
    expect(differing(before, other)).toEqual(['roles', 'address.city'])
    expect(textAt(before, 'address.city')).toBe('Recife')
    expect(textAt(other, 'roles')).toBe('Viewer, Operator')
    expect(textAt(before, 'address.street')).toBe('')
    expect(textAt({ active: false }, 'active')).toBe('false')
  })
})
