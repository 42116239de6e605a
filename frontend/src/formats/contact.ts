/** Phones and postal codes as Brazilians write them. */

const digits = (text: string) => text.replace(/\D/g, '')

/** `+5511987654321` or `11987654321` → `(11) 98765-4321`; a foreign number keeps its own shape. */
export function formatPhone(text: string): string {
  if (text.includes('*')) return text
  if (text.trim().startsWith('+') && !text.trim().startsWith('+55')) return text
  let bare = digits(text)
  if (text.trim().startsWith('+55')) bare = bare.slice(2)
  if (bare.length > 11) return text
  if (bare.length <= 2) return bare
  const area = bare.slice(0, 2)
  const local = bare.slice(2)
  const head = local.length > 8 ? 5 : 4
  return local.length <= head ? `(${area}) ${local}` : `(${area}) ${local.slice(0, head)}-${local.slice(head)}`
}

/** True for a Brazilian number with its area code, or an international one with its `+`: the server asks no more. */
export function isPhone(text: string): boolean {
  const international = text.trim().startsWith('+')
  const bare = digits(text)
  if (international && !bare.startsWith('55')) return bare.length >= 8 && bare.length <= 15
  const national = international ? bare.slice(2) : bare
  return national.length === 10 || national.length === 11
}

/** `01304001` → `01304-001`. */
export function formatPostalCode(text: string): string {
  return digits(text)
    .slice(0, 8)
    .replace(/^(\d{5})(\d)/, '$1-$2')
}

export function isPostalCode(text: string): boolean {
  return /^\d{5}-?\d{3}$/.test(text.trim())
}

export const STATES = [
  'AC', 'AL', 'AM', 'AP', 'BA', 'CE', 'DF', 'ES', 'GO', 'MA', 'MG', 'MS', 'MT', 'PA', 'PB', 'PE', 'PI', 'PR', 'RJ',
  'RN', 'RO', 'RR', 'RS', 'SC', 'SE', 'SP', 'TO',
] // prettier-ignore
