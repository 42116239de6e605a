import type { Schemas } from '../api/client'
import { type Money, cents, fromCents, sum, times } from '../formats/money'
import { draftPlace } from './draftPlace'

/** What the form knows of a product: enough to show its line again after a reload. */
export type LineProduct = Pick<Schemas['ProductOutput'], 'id' | 'sku' | 'name' | 'price' | 'available'>
export type Line = { product: LineProduct; quantity: number | null; inactive?: boolean }
/** The document is for the eyes of who chose the customer just now: it is not kept with the draft. */
export type DraftCustomer = { id: number; name: string; place: string; document?: string }
export type OrderBody = Schemas['OrderInput']

/** An order being typed. Its key is born with it and dies when the server has answered that the order exists. */
export type Draft = {
  key: string
  customer: DraftCustomer | null
  lines: Line[]
  freight: Money
  notes: string
  /** The body of an attempt whose outcome is not known yet: only this very body may be sent again. */
  sent: OrderBody | null
  /** May an attempt have become an order? So from the moment that one leaves until its answer says otherwise. */
  unsure: boolean
}

/** 128 random bits. (`crypto.randomUUID` is missing where a shop serves this over plain HTTP.) */
export function newKey(): string {
  const bytes = crypto.getRandomValues(new Uint8Array(16))
  return `web-${Array.from(bytes, (byte) => byte.toString(16).padStart(2, '0')).join('')}`
}

export function emptyDraft(): Draft {
  return { key: newKey(), customer: null, lines: [], freight: '', notes: '', sent: null, unsure: false }
}

export function isBlank(draft: Draft): boolean {
  return !draft.customer && draft.lines.length === 0 && !draft.freight && !draft.notes
}

/** What an address asks the form to begin with; 0 where it asks for nothing. */
export type Wanted = { repeat: number; customer: number }

/** Is this the draft of something else than what is wanted now? */
export function isOtherThan(draft: Draft, wanted: Wanted): boolean {
  if (wanted.repeat) return true
  return wanted.customer > 0 && draft.customer?.id !== wanted.customer
}

/** One more of a product that stands on the order, or a new line of one. */
export function addProduct(draft: Draft, product: LineProduct): Draft {
  const known = draft.lines.find((line) => line.product.id === product.id)
  if (!known) return { ...draft, lines: [...draft.lines, { product, quantity: 1 }] }
  return changeLine(draft, product.id, { quantity: (known.quantity ?? 0) + 1 })
}

export function changeLine(draft: Draft, productId: number, change: Partial<Line>): Draft {
  const lines = draft.lines.map((line) => (line.product.id === productId ? { ...line, ...change } : line))
  return { ...draft, lines }
}

export function removeLine(draft: Draft, productId: number): Draft {
  return { ...draft, lines: draft.lines.filter((line) => line.product.id !== productId) }
}

/** What the server said of some products: their price, or what there is of them. */
export function learn(draft: Draft, facts: Map<number, Partial<LineProduct>>): Draft {
  const lines = draft.lines.map((line) => {
    const fact = facts.get(line.product.id)
    return fact ? { ...line, product: { ...line.product, ...fact } } : line
  })
  return { ...draft, lines }
}

export function isShort(line: Line): boolean {
  return (line.quantity ?? 0) > line.product.available
}

/** Each short line takes what there is; a line of which there is nothing leaves the order. */
export function takeWhatThereIs(draft: Draft): Draft {
  const lines = draft.lines
    .filter((line) => !isShort(line) || line.product.available > 0)
    .map((line) => (isShort(line) ? { ...line, quantity: line.product.available } : line))
  return { ...draft, lines }
}

export function lineTotal(line: Line): Money {
  return times(line.product.price, line.quantity ?? 0)
}

export function isAmount(text: string): boolean {
  return /^\d+\.\d{2}$/.test(text)
}

export function totals(draft: Draft): { subtotal: Money; total: Money; pieces: number } {
  const subtotal = sum(draft.lines.map(lineTotal))
  const freight = isAmount(draft.freight) ? draft.freight : '0.00'
  return {
    subtotal,
    total: fromCents(cents(subtotal) + cents(freight)),
    pieces: draft.lines.reduce((count, line) => count + (line.quantity ?? 0), 0),
  }
}

/** What still keeps the order from being sent; the first of them is where the cursor should go. */
export type Lack = 'customer' | 'lines' | 'quantity' | 'freight'

export function lacks(draft: Draft): Lack[] {
  const found: Lack[] = []
  if (!draft.customer) found.push('customer')
  if (draft.lines.length === 0) found.push('lines')
  if (draft.lines.some((line) => !line.quantity)) found.push('quantity')
  if (draft.freight && !isAmount(draft.freight)) found.push('freight')
  return found
}

/**
 * The order as the API takes it. Every line names the price that the customer was told, so that a change of the
 * catalogue meanwhile is asked about and not slipped in.
 */
export function orderBody(draft: Draft): OrderBody {
  if (!draft.customer) throw new Error('no customer')
  return {
    customer_id: draft.customer.id,
    items: draft.lines.map(({ product, quantity }) => ({
      product_id: product.id,
      quantity: quantity ?? 0,
      unit_price: product.price,
    })),
    ...(draft.freight ? { freight: draft.freight } : {}),
    ...(draft.notes.trim() ? { notes: draft.notes.trim() } : {}),
  }
}

/** Drafts live in the tab, so that a reload finds them and another tab, or another user, does not. */
export function keepDraft(userId: number, draft: Draft | null): void {
  if (!draft || (isBlank(draft) && !draft.sent)) return sessionStorage.removeItem(draftPlace(userId))
  const { customer } = draft
  const kept = { ...draft, customer: customer && { id: customer.id, name: customer.name, place: customer.place } }
  sessionStorage.setItem(draftPlace(userId), JSON.stringify(kept))
}

export function keptDraft(userId: number): Draft | null {
  try {
    const kept = JSON.parse(sessionStorage.getItem(draftPlace(userId)) ?? 'null') as Partial<Draft> | null
    if (!kept || typeof kept.key !== 'string' || !Array.isArray(kept.lines)) return null
    return { ...emptyDraft(), unsure: Boolean(kept.sent), ...kept }
  } catch {
    return null
  }
}
