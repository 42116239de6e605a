// @vitest-environment jsdom
import { describe, expect, it } from 'vitest'
import { type Movement, type Product, bodyOf, complaints, isLow, levels, orderOf, ticks, valuesOf } from './products'

const product = (available: number, low_stock_threshold: number | null) =>
  ({ available, low_stock_threshold }) as Product

describe('low stock', () => {
  it('is at or below the threshold, where there is one', () => {
    expect(isLow(product(5, 5))).toBe(true)
    expect(isLow(product(6, 5))).toBe(false)
    expect(isLow(product(0, 0))).toBe(true)
    expect(isLow(product(0, null))).toBe(false)
  })
})

describe('the form of a product', () => {
  it('needs an SKU, a name and a price', () => {
    expect(complaints(valuesOf(null))).toEqual({ sku: 'required', name: 'required', price: 'required' })
  })

  it.each(['abc', '0.00', '12'])('takes “%s” for no price', (price) => {
    expect(complaints({ ...valuesOf(null), sku: 'A', name: 'B', price })).toEqual({ price: 'money' })
  })

  it('takes an empty threshold for none, and a nought for nought', () => {
    expect(bodyOf({ low_stock_threshold: '' })).toEqual({ low_stock_threshold: null })
    expect(bodyOf({ low_stock_threshold: 0 })).toEqual({ low_stock_threshold: 0 })
    expect(bodyOf({})).toEqual({})
  })
})

describe('the ledger', () => {
  const row = (minute: number, on_hand: number, on_hand_delta: number, reserved: number, reserved_delta: number) =>
    ({
      created_at: `2026-11-23T12:0${minute}:00Z`,
      on_hand_after: on_hand,
      on_hand_delta,
      reserved_after: reserved,
      reserved_delta,
    }) as Movement

  it('becomes a line from the oldest to the newest, with what stood before', () => {
    const shipped = row(2, 8, -2, 0, -2)
    const reserved = row(1, 10, 0, 2, 2)

    expect(levels([shipped, reserved]).map(({ on_hand, available }) => [on_hand, available])).toEqual([
      [10, 10],
      [10, 8],
      [8, 8],
    ])
    expect(levels([])).toEqual([])
  })

  it('is spread over time, unless that would hide the steps', () => {
    const days = [3, 2, 1].map((day) => ({ ...row(0, 10, 1, 0, 0), created_at: `2026-11-0${day}T12:00:00Z` }))
    const minutes = [3, 2, 1].map((minute) => row(minute, 10, 1, 0, 0))

    expect(levels(days).map(({ x }) => x)).toEqual([1, 1, 2, 3].map((day) => Date.UTC(2026, 10, day, 12)))
    expect(levels(minutes).map(({ x }) => x)).toEqual([0, 1, 2, 3])
    expect(levels(days.toReversed()).map(({ x }) => x)).toEqual([0, 1, 2, 3])
  })

  it('marks a few places of the axis, each once', () => {
    const points = levels(Array.from({ length: 40 }, () => row(0, 10, 1, 0, 0)))
    expect(ticks(points)).toEqual([0, 8, 16, 24, 32, 40])
    expect(ticks(points.slice(0, 2))).toEqual([0, 1])
    expect(ticks([])).toEqual([0])
  })

  it('names the order that a row tells of', () => {
    expect(orderOf('order/12')).toBe(12)
    expect(orderOf('product/7')).toBeNull()
  })
})
