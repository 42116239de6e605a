/**
 * CPF and CNPJ, the alphanumeric CNPJ included, with the same check digits as the server
 * (backend/apps/customers/identity.py). A character counts as its code minus 48: '0' is 0, 'A' is 17.
 */
const CPF = /^\d{11}$/
const CNPJ = /^[A-Z0-9]{12}\d{2}$/

export function bareDocument(typed: string): string {
  return typed.toUpperCase().replace(/[^A-Z0-9]/g, '')
}

function checkDigit(characters: string, weights: number[]): number {
  const total = [...characters].reduce((sum, character, index) => {
    return sum + (character.charCodeAt(0) - 48) * (weights[index] ?? 0)
  }, 0)
  const rest = total % 11
  return rest < 2 ? 0 : 11 - rest
}

const countdown = (from: number) => Array.from({ length: from - 1 }, (_, index) => from - index)
const CPF_WEIGHTS = [countdown(10), countdown(11)]
const CNPJ_WEIGHTS = [
  [5, 4, 3, 2, 9, 8, 7, 6, 5, 4, 3, 2],
  [6, 5, 4, 3, 2, 9, 8, 7, 6, 5, 4, 3, 2],
]

/** CPF or CNPJ by shape and check digits, or null. */
export function documentType(typed: string): 'CPF' | 'CNPJ' | null {
  const bare = bareDocument(typed)
  const type = CPF.test(bare) ? 'CPF' : CNPJ.test(bare) ? 'CNPJ' : null
  if (type === null || new Set(bare).size === 1) return null
  const weights = type === 'CPF' ? CPF_WEIGHTS : CNPJ_WEIGHTS
  const fits = weights.every((row) => checkDigit(bare.slice(0, row.length), row) === Number(bare[row.length]))
  return fits ? type : null
}

/** Puts the punctuation in as far as the text goes; what a Viewer sees masked, or is too long, stays as it is. */
export function formatDocument(text: string): string {
  const bare = bareDocument(text)
  if (text.includes('*') || bare.length > 14) return text
  if (bare.length <= 11 && /^\d*$/.test(bare)) {
    return bare
      .replace(/^(\d{3})(\d)/, '$1.$2')
      .replace(/^(\d{3}\.\d{3})(\d)/, '$1.$2')
      .replace(/^(\d{3}\.\d{3}\.\d{3})(\d)/, '$1-$2')
  }
  return bare
    .replace(/^(.{2})(.)/, '$1.$2')
    .replace(/^(.{6})(.)/, '$1.$2')
    .replace(/^(.{10})(.)/, '$1/$2')
    .replace(/^(.{15})(.)/, '$1-$2')
}
