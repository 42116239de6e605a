// @vitest-environment jsdom
import { describe, expect, it } from 'vitest'
import { type OrderDetail, type Status, asNumber } from './orders'
import { movesOf, pathOf } from './statusPath'

const history = (...statuses: Status[]): OrderDetail['history'] =>
  statuses.map((to_status) => ({ to_status }) as OrderDetail['history'][number])

const places = (status: Status, ...gone: Status[]) =>
  pathOf({ status, history: history(...gone) }).map((step) => `${step.status} ${step.place}`)

describe('the way of an order', () => {
  it('shows what is behind, where it is, and what is ahead', () => {
    expect(places('SEPARADO')).toEqual([
      'PENDENTE done',
      'CONFIRMADO done',
      'SEPARADO here',
      'ENVIADO ahead',
      'ENTREGUE ahead',
    ])
  })

  it('ends where it was cancelled', () => {
    expect(places('CANCELADO', 'PENDENTE', 'CANCELADO')).toEqual(['PENDENTE done', 'CANCELADO here'])
    expect(places('CANCELADO', 'PENDENTE', 'CONFIRMADO', 'CANCELADO')).toEqual([
      'PENDENTE done',
      'CONFIRMADO done',
      'CANCELADO here',
    ])
  })
})

describe('the buttons', () => {
  it('are the moves that the server allows this user, the way out apart', () => {
    expect(movesOf(['CONFIRMADO', 'CANCELADO'])).toEqual({ forward: ['CONFIRMADO'], mayCancel: true })
    expect(movesOf(['SEPARADO'])).toEqual({ forward: ['SEPARADO'], mayCancel: false })
    expect(movesOf([])).toEqual({ forward: [], mayCancel: false })
  })
})

describe('asNumber', () => {
  it.each([
    ['27', 'PED-00000027'],
    ['ped-27', 'PED-00000027'],
    ['PED00000027', 'PED-00000027'],
  ])('reads %s as %s', (typed, number) => {
    expect(asNumber(typed)).toBe(number)
  })

  it('leaves names to the search', () => {
    expect(asNumber('Padaria 27')).toBeNull()
    expect(asNumber('123456789')).toBeNull()
  })
})
