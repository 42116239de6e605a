import { describe, expect, it } from 'vitest'
import { dayInSaoPaulo, formatAgo, formatDay, formatMoment } from './moments'

describe('the clock of the shop', () => {
  it('is that of São Paulo, wherever the browser stands', () => {
    expect(formatMoment('2026-11-24T02:30:00Z', 'pt-BR')).toBe('23/11/2026 23:30')
  })

  it('knows which day it is there', () => {
    const lateThere = new Date('2026-11-24T02:30:00Z')
    expect(dayInSaoPaulo(0, lateThere)).toBe('2026-11-23')
    expect(dayInSaoPaulo(6, lateThere)).toBe('2026-11-17')
    expect(dayInSaoPaulo(23, lateThere)).toBe('2026-10-31')
  })

  it('writes a day as that day', () => {
    expect(formatDay('2026-01-31', 'pt-BR')).toBe('31/01/2026')
  })

  it('counts back from now, and names the moment when that is long ago', () => {
    const now = Date.parse('2026-11-23T15:00:00Z')
    expect(formatAgo('2026-11-23T14:55:00Z', 'pt-BR', now)).toBe('há 5 minutos')
    expect(formatAgo('2026-11-23T12:00:00Z', 'en', now)).toBe('3 hours ago')
    expect(formatAgo('2026-11-20T15:00:00Z', 'pt-BR', now)).toBe('20/11/2026 12:00')
  })
})
