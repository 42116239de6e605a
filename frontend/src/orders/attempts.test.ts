import { describe, expect, it } from 'vitest'
import { ApiError, NoAnswer } from '../api/problem'
import { isSettled, unsureAfter } from './attempts'

const refused = (status: number) => new ApiError({ status, code: 'some_code', title: '', detail: '' } as never)
const lost = new NoAnswer(null)

describe('what an attempt tells of the order', () => {
  it.each([400, 404, 409, 413, 415, 422])('%i: there is none, whatever happened before', (status) => {
    expect([isSettled(refused(status), false), isSettled(refused(status), true)]).toEqual([true, true])
  })

  it('403: none, unless an earlier attempt may have made it', () => {
    expect(isSettled(refused(403), false)).toBe(true)
    expect(isSettled(refused(403), true)).toBe(false)
  })

  it.each([401, 429, 500, 502, 503])('%i: nothing for sure', (status) => {
    expect([isSettled(refused(status), false), isSettled(refused(status), true)]).toEqual([false, false])
  })
})

describe('whether an order may have been made', () => {
  it('is open after a lost answer, or one of a server in trouble', () => {
    for (const error of [lost, refused(500), refused(502), refused(503)]) expect(unsureAfter(error, false)).toBe(true)
  })

  it('is not opened by a refusal, and not closed by one that came before the key', () => {
    for (const status of [401, 403, 429]) {
      expect([unsureAfter(refused(status), false), unsureAfter(refused(status), true)]).toEqual([false, true])
    }
  })
})
