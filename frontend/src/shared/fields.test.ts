import { describe, expect, it } from 'vitest'
import { ApiError, type Problem } from '../api/problem'
import { fieldErrors } from './fields'

const refusal = (facts: object) =>
  new ApiError({ code: 'validation_error', title: 'Wrong', status: 400, ...facts } as Problem)

describe('fieldErrors', () => {
  it('finds the field of each JSON pointer', () => {
    const errors = [
      { pointer: '/items/0/quantity', code: 'min_value', detail: 'At least 1.' },
      { pointer: '/address/postal_code', code: 'invalid', detail: 'Eight digits.' },
      { pointer: '/a~1b', code: 'x', detail: 'odd' },
    ]
    expect(fieldErrors(refusal({ errors }))).toEqual({
      'items.0.quantity': 'At least 1.',
      'address.postal_code': 'Eight digits.',
      'a/b': 'odd',
    })
  })

  it('keeps the first complaint of a field', () => {
    const errors = ['one', 'two'].map((detail) => ({ pointer: '/name', code: 'x', detail }))
    expect(fieldErrors(refusal({ errors }))).toEqual({ name: 'one' })
  })

  it('puts a value that is taken onto its field', () => {
    expect(fieldErrors(refusal({ code: 'already_exists', status: 409, field: 'sku', title: 'Taken' }))).toEqual({
      sku: 'Taken',
    })
  })

  it('has nothing to say of other errors', () => {
    expect(fieldErrors(new Error('bug'))).toEqual({})
  })
})
