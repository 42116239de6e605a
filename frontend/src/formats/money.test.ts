import { describe, expect, it } from 'vitest'
import { cents, formatMoney, formatMoneyShort, fromCents, moneyInput, parseMoney, sum, times } from './money'

/** Intl separates the sign from the digits by a no-break space. */
const plain = (text: string) => text.replace(/\u00a0/g, ' ')

describe('sums without float errors', () => {
  it('adds what binary fractions cannot hold', () => {
    expect(sum(['0.10', '0.20'])).toBe('0.30')
    expect(sum(Array<string>(1000).fill('0.01'))).toBe('10.00')
    expect(sum([])).toBe('0.00')
  })

  it('multiplies amounts beyond the exact range of numbers', () => {
    expect(times('9999999999999.99', 1_000_000)).toBe('9999999999999990000.00')
    expect(times('19.99', 3)).toBe('59.97')
  })

  it('goes to cents and back', () => {
    for (const amount of ['0.00', '0.05', '-0.05', '-12.30', '1234567890123.45']) {
      expect(fromCents(cents(amount))).toBe(amount)
    }
    expect(cents('7')).toBe(700n)
    expect(cents('7.5')).toBe(750n)
    expect(() => cents('1,50')).toThrow()
  })
})

describe('what people read', () => {
  it('writes BRL as each language does', () => {
    expect(plain(formatMoney('1234.5', 'pt-BR'))).toBe('R$ 1.234,50')
    expect(plain(formatMoney('1234.50', 'en'))).toBe('R$1,234.50')
    expect(plain(formatMoney('9999999999999.99', 'pt-BR'))).toBe('R$ 9.999.999.999.999,99')
  })

  it('shortens for axes', () => {
    expect(plain(formatMoneyShort('12000.00', 'pt-BR'))).toBe('R$ 12 mil')
  })

  it('shows an amount in a field without its sign', () => {
    expect(moneyInput('1234.50', 'pt-BR')).toBe('1.234,50')
    expect(moneyInput('1234.50', 'en')).toBe('1,234.50')
  })
})

describe('what people type', () => {
  it.each([
    ['12', '12.00'],
    ['12,5', '12.50'],
    ['12.50', '12.50'],
    ['1.234,50', '1234.50'],
    ['1,234.50', '1234.50'],
    ['1.234', '1234.00'],
    ['R$ 35,90', '35.90'],
    [',5', '0.50'],
    ['007', '7.00'],
    ['0', '0.00'],
  ])('takes %s for %s', (typed, amount) => {
    expect(parseMoney(typed)).toBe(amount)
  })

  it.each(['', 'abc', '-5', '1e3', '12345678901234', '5 reais'])('refuses “%s”', (typed) => {
    expect(parseMoney(typed)).toBeNull()
  })

  it('reads back what a field shows, in both languages', () => {
    for (const amount of ['0.05', '12.50', '1234.00', '1234567.89']) {
      expect(parseMoney(moneyInput(amount, 'pt-BR'))).toBe(amount)
      expect(parseMoney(moneyInput(amount, 'en'))).toBe(amount)
    }
  })
})
