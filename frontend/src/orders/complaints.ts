import { ApiError } from '../api/problem'
import { fieldErrors } from '../shared/fields'
import type { Draft, OrderBody } from './draft'

/** What the server said of an order, by field of the form, and by product of its lines. */
export type Complaints = { fields: Record<string, string>; lines: Map<number, string> }

/**
 * What the server said of the order that was sent, where the draft still says the same: what was mended meanwhile is no
 * longer complained of, and a line that was removed takes its complaint along.
 */
export function complaintsOf(error: Error | null, sent: OrderBody | undefined, draft: Draft): Complaints {
  const told = fieldErrors(error)
  if (error instanceof ApiError && error.code === 'customer_inactive') told.customer_id = error.problem.title
  const { customer_id, freight, notes, ...others } = told
  const lines = new Map<number, string>()
  sent?.items.forEach(({ product_id, quantity }, index) => {
    const text = others[`items.${index}.quantity`] ?? others[`items.${index}.product_id`]
    const same = draft.lines.some((line) => line.product.id === product_id && line.quantity === quantity)
    if (text && same) lines.set(product_id, text)
  })
  return {
    fields: {
      ...(customer_id && draft.customer?.id === sent?.customer_id && { customer_id }),
      ...(freight && draft.freight === (sent?.freight ?? '') && { freight }),
      ...(notes && draft.notes.trim() === (sent?.notes ?? '') && { notes }),
      ...(others.items && draft.lines.length === sent?.items.length && { items: others.items }),
    },
    lines,
  }
}
