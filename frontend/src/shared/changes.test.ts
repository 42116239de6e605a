import { describe, expect, it } from 'vitest'
import { changed, differing, textAt } from './changes'

const before = { name: 'Ana', roles: ['Viewer'], address: { city: 'Recife', state: 'PE' } }

describe('what a form sends', () => {
  it('is what was changed, and nothing else', () => {
    expect(changed(before, { ...before, name: 'Bia' })).toEqual({ name: 'Bia' })
    expect(changed(before, structuredClone(before))).toEqual({})
  })

  it('is a whole group when one field of it was changed', () => {
    const after = { ...before, address: { city: 'Olinda', state: 'PE' } }
    expect(changed(before, after)).toEqual({ address: { city: 'Olinda', state: 'PE' } })
  })
})

describe('two versions', () => {
  it('are told apart field by field', () => {
    const other = { name: 'Ana', roles: ['Viewer', 'Operator'], address: { city: 'Olinda', state: 'PE' } }
    expect(differing(before, other)).toEqual(['roles', 'address.city'])
  })

  it('are shown as text', () => {
    expect(textAt(before, 'address.city')).toBe('Recife')
    expect(textAt(before, 'roles')).toBe('Viewer')
    expect(textAt(before, 'address.street')).toBe('')
    expect(textAt({ active: false }, 'active')).toBe('false')
  })
})
