import { describe, expect, it } from 'vitest'
import type { Product } from './products'
import { outcomeOf } from './stockChange'

const shelf = { on_hand: 10, reserved: 4, available: 6 } as Product

describe('a change of stock', () => {
  it('adds, takes away, or sets', () => {
    expect(outcomeOf(shelf, 'receipt', 5)).toEqual({ kind: 'changes', on_hand: 15, available: 11 })
    expect(outcomeOf(shelf, 'loss', 6)).toEqual({ kind: 'changes', on_hand: 4, available: 0 })
    expect(outcomeOf(shelf, 'count', 12)).toEqual({ kind: 'changes', on_hand: 12, available: 8 })
  })

  it('never leaves less than open orders hold', () => {
    expect(outcomeOf(shelf, 'loss', 7)).toEqual({ kind: 'tooFew' })
    expect(outcomeOf(shelf, 'count', 3)).toEqual({ kind: 'tooFew' })
    expect(outcomeOf(shelf, 'count', 4)).toMatchObject({ on_hand: 4, available: 0 })
  })

  it('knows a count that agrees', () => {
    expect(outcomeOf(shelf, 'count', 10)).toEqual({ kind: 'same' })
  })

  it.each([
    ['receipt', ''],
    ['receipt', 0],
    ['loss', 0],
    ['count', ''],
    ['count', 1.5],
  ] as const)('says nothing of %s “%s”', (kind, typed) => {
    expect(outcomeOf(shelf, kind, typed)).toEqual({ kind: 'nothing' })
  })

  it('may count nought', () => {
    expect(outcomeOf({ on_hand: 3, reserved: 0 } as Product, 'count', 0)).toMatchObject({ on_hand: 0 })
  })
})
