// @vitest-environment jsdom
import { describe, expect, it } from 'vitest'
import { type Dashboard, averageTicket, daysBetween, flawOf, waitingOrders } from './dashboard'

const dashboard = (revenue: string, sold: number, cancelled = 0) =>
  ({
    revenue,
    orders: {
      total: sold + cancelled,
      by_status: { PENDENTE: 0, CONFIRMADO: 0, SEPARADO: 0, ENVIADO: 1, ENTREGUE: sold - 1, CANCELADO: cancelled },
    },
  }) as Dashboard

describe('a period', () => {
  it('counts both its ends', () => {
    expect(daysBetween('2026-11-23', '2026-11-23')).toBe(1)
    expect(daysBetween('2018-11-01', '2018-11-30')).toBe(30)
  })

  it('may be a quarter, and no more', () => {
    expect(flawOf('2026-07-01', '2026-09-30')).toBeNull()
    expect(flawOf('2026-06-30', '2026-09-30')).toBe('tooLong')
    expect(flawOf('2026-09-30', '2026-09-29')).toBe('reversed')
    expect(flawOf('', '2026-09-29')).toBe('missing')
  })
})

describe('what is reckoned from the figures', () => {
  it('is the average of the orders that were not cancelled, to the cent', () => {
    expect(averageTicket(dashboard('100.00', 3, 2))).toBe('33.33')
    expect(averageTicket(dashboard('0.05', 2))).toBe('0.03')
    expect(averageTicket(dashboard('0.00', 0, 4))).toBeNull()
  })

  it('knows the orders that wait for somebody', () => {
    expect(waitingOrders(dashboard('1.00', 5, 2))).toBe(1)
  })
})
