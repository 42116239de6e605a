import { expect, it } from 'vitest'
import { dayOf, oneOf } from './filters'

it('takes from an address only a name that is known', () => {
  const sorts = { newest: 1, byName: 2 }
  expect(oneOf(sorts, 'byName', 'newest')).toBe('byName')
  for (const name of ['', 'oldest', 'constructor', 'toString', '__proto__'])
    expect(oneOf(sorts, name, 'newest')).toBe('newest')
})

it('takes from an address only a day that there is', () => {
  expect(dayOf('2026-02-28')).toBe('2026-02-28')
  for (const text of ['', 'abc', '2026-13-45', '2026-02-31', '28/02/2026', '2026-2-3'])
    expect(dayOf(text)).toBeUndefined()
})
