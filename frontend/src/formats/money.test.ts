import { describe, expect, it } from 'vitest'
import type { Language } from '../texts/language'
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

const LANGUAGES = ['pt-BR', 'en'] as const

describe('what people type', () => {
  it.each([
    ['12', '12.00'],
    ['12,5', '12.50'],
    ['12.5', '12.50'],
    ['12.34', '12.34'],
    ['1234,56', '1234.56'],
    ['1.234,50', '1234.50'],
    ['1,234.50', '1234.50'],
    ['1.234.567,8', '1234567.80'],
    ['R$ 35,90', '35.90'],
    ['R$\u00a01.234,50', '1234.50'],
    [' 7 ', '7.00'],
    [',5', '0.50'],
    ['0,05', '0.05'],
    ['007', '7.00'],
    ['0', '0.00'],
  ])('takes %s for %s, in both languages', (typed, amount) => {
    for (const language of LANGUAGES) expect(parseMoney(typed, language)).toBe(amount)
  })

  it.each([
    ['', 'abc', '-5', '1e3', '12345678901234', '5 reais', '1 2', '1 234,50', '12,', '.'],
    ['0,005', '0.005', '1,2,3', '12.34.56', '1.2.3', '12,3456', '1234,567', '1234.567'],
    ['1.23,4', '1,234,56', '1.234.56', '1234.567,00', '12,34.56', '1.234,567', '0.123,45', '1.234,5,6'],
  ])('refuses what is no amount, or more than one', (...texts) => {
    for (const language of LANGUAGES) {
      for (const text of texts) expect([text, parseMoney(text, language)]).toEqual([text, null])
    }
  })

  it('takes thousands without cents only as the language writes them', () => {
    for (const [text, amount] of [
      ['1.234', '1234.00'],
      ['12.345.678', '12345678.00'],
    ] as const) {
      const english = text.replaceAll('.', ',')
      expect([parseMoney(text, 'pt-BR'), parseMoney(english, 'en')]).toEqual([amount, amount])
      expect([parseMoney(english, 'pt-BR'), parseMoney(text, 'en')]).toEqual([null, null])
    }
    expect(parseMoney('5,899', 'pt-BR')).toBeNull()
  })

  it('reads back what a field shows, in both languages', () => {
    for (const amount of ['0.05', '12.50', '1234.00', '1234567.89', '9999999999999.99']) {
      expect(parseMoney(moneyInput(amount, 'pt-BR'), 'pt-BR')).toBe(amount)
      expect(parseMoney(moneyInput(amount, 'en'), 'en')).toBe(amount)
    }
  })

  /** What was taken for another amount than its digits say: those that count, and the cents behind the last mark. */
  function misread(text: string, language: Language): boolean {
    const amount = parseMoney(text, language)
    if (amount === null) return false
    const digits = (shown: string) => shown.replace(/\D/g, '').replace(/^0+|0+$/g, '')
    const typedCents = /[.,](\d{1,2})$/.exec(text)?.[1] ?? ''
    return digits(moneyInput(amount, language)) !== digits(text) || amount.split('.')[1] !== typedCents.padEnd(2, '0')
  }

  it('shows whatever it took as the same digits: every short text', () => {
    let texts = ['']
    for (let length = 1; length <= 7; length++) {
      texts = texts.flatMap((text) => ['0', '5', '.', ','].map((letter) => text + letter))
      for (const language of LANGUAGES) expect(texts.filter((text) => misread(text, language))).toEqual([])
    }
    expect(texts).toHaveLength(4 ** 7)
  })

  it('shows whatever it took as the same digits: long ones by chance', () => {
    const among = (letters: string) => letters[Math.floor(Math.random() * letters.length)] ?? ''
    const some = (count: number) => Array.from({ length: count }, () => among('0123456789')).join('')
    const texts = Array.from({ length: 20_000 }, () => {
      const parts = Array.from({ length: 1 + Math.floor(Math.random() * 4) }, () => among('.,') + some(3))
      return (
        some(1 + Math.floor(Math.random() * 4)) + parts.join('') + among('.,') + some(Math.floor(Math.random() * 4))
      )
    })
    for (const language of LANGUAGES) {
      expect(texts.filter((text) => misread(text, language))).toEqual([])
      expect(texts.some((text) => parseMoney(text, language) !== null)).toBe(true)
    }
  })
})
