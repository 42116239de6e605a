// @vitest-environment jsdom
import { describe, expect, it } from 'vitest'
import { ApiError, type Problem } from '../api/problem'
import { complaintsOf } from './complaints'
import { type Draft, addProduct, changeLine, emptyDraft, orderBody, removeLine } from './draft'

const product = (id: number) => ({ id, sku: `SKU-${id}`, name: `Product ${id}`, price: '10.00', available: 50 })
const draft: Draft = {
  ...addProduct(addProduct(emptyDraft(), product(1)), product(2)),
  customer: { id: 8, name: 'Padaria', place: '' },
  freight: '5.00',
}
const sent = orderBody(draft)
const refusal = (...told: [pointer: string, detail: string][]) => {
  const errors = told.map(([pointer, detail]) => ({ pointer, detail, code: 'invalid' }))
  return new ApiError({ code: 'validation_error', title: 'Wrong', status: 400, errors } as unknown as Problem)
}

describe('what the server said of a line', () => {
  const error = refusal(['/items/0/quantity', 'Odd.'])

  it('stands on the line of that product', () => {
    expect([...complaintsOf(error, sent, draft).lines]).toEqual([[1, 'Odd.']])
  })

  it('goes with the line, and is not said of the next', () => {
    expect(complaintsOf(error, sent, removeLine(draft, 1)).lines.size).toBe(0)
  })

  it('goes when the quantity is changed', () => {
    expect(complaintsOf(error, sent, changeLine(draft, 1, { quantity: 7 })).lines.size).toBe(0)
  })
})

describe('what the server said of another field', () => {
  it('goes when that field is changed', () => {
    const error = refusal(['/freight', 'Too much.'], ['/customer_id', 'Unknown.'])
    expect(complaintsOf(error, sent, draft).fields).toEqual({ freight: 'Too much.', customer_id: 'Unknown.' })
    expect(complaintsOf(error, sent, { ...draft, freight: '4.00' }).fields).toEqual({ customer_id: 'Unknown.' })
    expect(complaintsOf(error, sent, { ...draft, customer: null }).fields).toEqual({ freight: 'Too much.' })
  })
})
