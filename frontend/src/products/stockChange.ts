import type { Product, StockChange } from './products'

export type Outcome =
  | { kind: 'nothing' }
  | { kind: 'same' }
  | { kind: 'tooFew' }
  | { kind: 'changes'; on_hand: number; available: number }

/** What a change of stock would leave, by the server's rules: never less than open orders hold. */
export function outcomeOf(product: Product, kind: StockChange['kind'], quantity: number | string): Outcome {
  if (quantity === '' || !Number.isInteger(Number(quantity))) return { kind: 'nothing' }
  const number = Number(quantity)
  if (kind !== 'count' && number < 1) return { kind: 'nothing' }
  const onHand = { count: number, receipt: product.on_hand + number, loss: product.on_hand - number }[kind]
  if (onHand < product.reserved) return { kind: 'tooFew' }
  if (onHand === product.on_hand) return { kind: 'same' }
  return { kind: 'changes', on_hand: onHand, available: onHand - product.reserved }
}
