import { expect, it } from 'vitest'
import { caretIn } from './caret'

it.each([
  ['at the end', '529.982', '529982', 6, 7],
  ['behind the digit that was typed', '02304-001', '02304001', 2, 2],
  ['beyond punctuation that came in', '529.912.247-25', '529.9122.47-25', 6, 6],
  ['before punctuation whose digit was deleted', '529.822.472-5', '529.82.247-25', 4, 3],
  ['at the beginning', '(11) 98765-4321', '11987654321', 0, 0],
])('the caret stays %s', (_, shown, typed, caret, place) => {
  expect(caretIn(shown, typed, caret)).toBe(place)
})
