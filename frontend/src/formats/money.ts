import type { Language } from '../texts/language'

/** BRL as the API writes it: a decimal string with two places. Never a JavaScript number. */
export type Money = string

const DECIMAL = /^(-?)(\d+)(?:\.(\d{1,2}))?$/

/** The amount in whole cents, exactly. */
export function cents(amount: Money): bigint {
  const match = DECIMAL.exec(amount)
  if (!match) throw new Error(`not an amount: ${amount}`)
  const [, sign, whole = '0', fraction = ''] = match
  const value = BigInt(whole) * 100n + BigInt(fraction.padEnd(2, '0'))
  return sign ? -value : value
}

export function fromCents(value: bigint): Money {
  const digits = (value < 0n ? -value : value).toString().padStart(3, '0')
  return `${value < 0n ? '-' : ''}${digits.slice(0, -2)}.${digits.slice(-2)}`
}

export function times(amount: Money, quantity: number): Money {
  return fromCents(cents(amount) * BigInt(quantity))
}

export function sum(amounts: Money[]): Money {
  return fromCents(amounts.reduce((total, amount) => total + cents(amount), 0n))
}

const formatters = new Map<string, Intl.NumberFormat>()

function formatter(language: Language, options: Intl.NumberFormatOptions): Intl.NumberFormat {
  const key = `${language} ${JSON.stringify(options)}`
  const known = formatters.get(key)
  if (known) return known
  const made = new Intl.NumberFormat(language, options)
  formatters.set(key, made)
  return made
}

/** `"1234.5"` → `R$ 1.234,50`. The string goes to Intl as it is, so no digit is lost on the way. */
export function formatMoney(amount: Money, language: Language): string {
  return formatter(language, { style: 'currency', currency: 'BRL' }).format(amount as `${number}`)
}

/** For axes of charts: `R$ 12 mil`. */
export function formatMoneyShort(amount: Money | number, language: Language): string {
  const options = { style: 'currency', currency: 'BRL', notation: 'compact' } as const
  return formatter(language, { ...options, minimumFractionDigits: 0, maximumFractionDigits: 1 }).format(
    Number(amount),
  )
}

export function formatNumber(value: number, language: Language): string {
  return formatter(language, {}).format(value)
}

/** Groups of three with one mark, and the other mark before the cents: nobody means another amount by it. */
const GROUPED = /^[1-9]\d{0,2}(?:(?:\.\d{3})+(?:,\d{1,2})?|(?:,\d{3})+(?:\.\d{1,2})?)$/
/** No groups; one or two digits after a lone mark are cents, whichever mark it is. */
const PLAIN = /^(?:\d+|\d*[.,]\d{1,2})$/

/**
 * What a person types, as an amount: `1.234,50`, `1234,5`, `12.34`, `R$ 12`. Groups without cents count only with the
 * mark that the language groups by: `1.234` is a thousand in Portuguese, `1,234` in English. Whatever could be read in
 * two ways (`5,899`), or in none (`1,2,3`), is null: better asked for again than saved as another amount.
 */
export function parseMoney(typed: string, language: Language): Money | null {
  const text = typed.trim().replace(/^R\$\s*/, '')
  const [group, mark] = language === 'en' ? [',', '.'] : ['.', ',']
  if (PLAIN.test(text)) return amountOf(text.replace(',', '.'))
  if (!GROUPED.test(text)) return null
  if (!text.includes(mark)) return amountOf(text.replaceAll(group, ''))
  if (!text.includes(group)) return null // Groups, by the other language's mark.
  // Both marks: the last stands before the cents.
  return amountOf(text.replace(/[.,](?=.*[.,])/g, '').replace(',', '.'))
}

function amountOf(decimal: string): Money | null {
  const [whole = '', fraction = ''] = decimal.split('.')
  if (whole.length > 13) return null
  return `${(whole || '0').replace(/^0+(?=\d)/, '')}.${fraction.padEnd(2, '0')}`
}

/** The amount as it stands in an input: `1234,50`, without the sign of the currency. */
export function moneyInput(amount: Money, language: Language): string {
  return formatter(language, { minimumFractionDigits: 2, useGrouping: true }).format(amount as `${number}`)
}
