/** Phones and postal codes as Brazilians write them. */

const digits = (text: string) => text.replace(/\D/g, '')

/**
 * `+5511987654321` or `11987654321` → `(11) 98765-4321`. Whatever has another length keeps its own shape: a number that
 * is being typed, one of another country, 0800 and 4004. (When more follows, what looked whole loses its punctuation.)
 */
export function formatPhone(text: string): string {
  const international = text.trim().startsWith('+')
  if (text.includes('*') || (international && !text.trim().startsWith('+55'))) return text
  const bare = international ? digits(text).slice(2) : digits(text)
  const parts = /^([1-9]\d)(\d{4,5})(\d{4})$/.exec(bare)
  if (parts) return `(${parts[1]}) ${parts[2]}-${parts[3]}`
  return bare.length > 11 && /^\([1-9]\d\) /.test(text) ? bare : text
}

/** True where it may be a telephone number with its area code, in any form; which are dialled, the server knows. */
export function isPhone(text: string): boolean {
  const bare = digits(text)
  return (
    /^[+\d\s().-]+$/.test(text.trim()) && bare.length >= (text.trim().startsWith('+') ? 8 : 10) && bare.length <= 17
  )
}

/** `01304001` → `01304-001`. With a digit too many it stays as typed: which of them goes, only the user knows. */
export function formatPostalCode(text: string): string {
  const bare = digits(text)
  return bare.length > 8 ? text : bare.replace(/^(\d{5})(\d)/, '$1-$2')
}

export function isPostalCode(text: string): boolean {
  return /^\d{5}-?\d{3}$/.test(text.trim())
}

export const STATES = [
  'AC', 'AL', 'AM', 'AP', 'BA', 'CE', 'DF', 'ES', 'GO', 'MA', 'MG', 'MS', 'MT', 'PA', 'PB', 'PE', 'PI', 'PR', 'RJ',
  'RN', 'RO', 'RR', 'RS', 'SC', 'SE', 'SP', 'TO',
] // prettier-ignore
