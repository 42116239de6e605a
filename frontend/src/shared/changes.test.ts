import { describe, expect, it } from 'vitest'
import { changed, differing, textAt, withChanges } from './changes'

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
    const mine = changed(before, { ...before, name: 'Bia', address: { city: 'Recife', state: 'BA' } })
    expect(withChanges(theirs, mine)).toEqual({
      name: 'Bia',
      roles: ['Viewer'],
      address: { city: 'Olinda', state: 'BA' },
    })
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
