// @vitest-environment jsdom
import { beforeEach, describe, expect, it } from 'vitest'
import {
  type Draft,
  type LineProduct,
  addProduct,
  changeLine,
  emptyDraft,
  isBlank,
  keepDraft,
  keptDraft,
  lacks,
  learn,
  newKey,
  orderBody,
  takeWhatThereIs,
  totals,
} from './draft'
import { forgetDraft } from './draftPlace'

const product = (id: number, price = '10.10', available = 5): LineProduct => ({
  id,
  sku: `SKU-${id}`,
  name: `Product ${id}`,
  price,
  available,
})

function draftWith(...lines: [LineProduct, number][]): Draft {
  const customer = { id: 8, name: 'Padaria', place: 'Olinda/PE' }
  return lines.reduce((draft, [each, quantity]) => changeLine(addProduct(draft, each), each.id, { quantity }), {
    ...emptyDraft(),
    customer,
  } as Draft)
}

describe('the key of an order', () => {
  it('is another for each form, and one that the API takes', () => {
    const keys = new Set(Array.from({ length: 500 }, newKey))
    expect(keys.size).toBe(500)
    for (const key of keys) expect(key).toMatch(/^[\x21-\x7e]{1,255}$/)
  })
})

describe('lines', () => {
  it('hold a product once, and one more of it when it is chosen again', () => {
    const draft = addProduct(draftWith([product(1), 2]), product(1))
    expect(draft.lines.map((line) => line.quantity)).toEqual([3])
  })

  it('come to an exact total, freight included', () => {
    const draft = { ...draftWith([product(1, '0.10'), 3], [product(2, '1234.56'), 2]), freight: '35.50' }
    expect(totals(draft)).toEqual({ subtotal: '2469.42', total: '2504.92', pieces: 5 })
  })

  it('count a freight only when it is an amount', () => {
    expect(totals({ ...draftWith([product(1), 1]), freight: 'abc' }).total).toBe('10.10')
  })

  it('take what there is, and leave the order where there is nothing', () => {
    const draft = draftWith([product(1, '1.00', 3), 10], [product(2, '1.00', 0), 1], [product(3, '1.00', 9), 4])
    expect(takeWhatThereIs(draft).lines.map((line) => [line.product.id, line.quantity])).toEqual([
      [1, 3],
      [3, 4],
    ])
  })

  it('learn what the server said of their products, and nothing else changes', () => {
    const draft = learn(draftWith([product(1), 2], [product(2), 1]), new Map([[1, { price: '12.00' }]]))
    expect(draft.lines.map((line) => [line.product.price, line.quantity])).toEqual([
      ['12.00', 2],
      ['10.10', 1],
    ])
  })
})

describe('sending', () => {
  it('waits for customer, lines, quantities and a sound freight', () => {
    expect(lacks(emptyDraft())).toEqual(['customer', 'lines'])
    const draft = draftWith([product(1), 1])
    expect(lacks(draft)).toEqual([])
    expect(lacks({ ...changeLine(draft, 1, { quantity: null }), freight: 'abc' })).toEqual(['quantity', 'freight'])
  })

  it('names the price that the customer was told, and leaves out what is empty', () => {
    expect(orderBody(draftWith([product(1), 2]))).toEqual({
      customer_id: 8,
      items: [{ product_id: 1, quantity: 2, unit_price: '10.10' }],
    })
    expect(orderBody({ ...draftWith([product(1), 2]), freight: '5.00', notes: ' ok ' })).toMatchObject({
      freight: '5.00',
      notes: 'ok',
    })
  })
})

describe('a draft in the tab', () => {
  beforeEach(() => sessionStorage.clear())

  it('is found after a reload with its key and the body that was sent', () => {
    const draft = draftWith([product(1), 2])
    const sending = { ...draft, sent: orderBody(draft) }
    keepDraft(3, sending)
    expect(keptDraft(3)).toEqual(sending)
  })

  it('that was sent may have become an order, if it does not say otherwise', () => {
    const draft = draftWith([product(1), 2])
    const sent = { ...draft, sent: orderBody(draft) }
    sessionStorage.setItem('order-desk.draft.3', JSON.stringify({ ...sent, unsure: undefined }))
    expect(keptDraft(3)?.unsure).toBe(true)
    keepDraft(3, { ...sent, unsure: false })
    expect(keptDraft(3)?.unsure).toBe(false)
  })

  it('holds nobody’s document', () => {
    const customer = { id: 8, name: 'Padaria', place: 'Olinda/PE', document: '18462937000144' }
    keepDraft(3, { ...draftWith([product(1), 2]), customer })
    expect(sessionStorage.getItem('order-desk.draft.3')).not.toContain('18462937000144')
    expect(keptDraft(3)?.customer).toEqual({ id: 8, name: 'Padaria', place: 'Olinda/PE' })
  })

  it('is forgotten when its user leaves, unless it may have become an order', () => {
    const draft = draftWith([product(1), 2])
    keepDraft(3, draft)
    forgetDraft(3)
    expect(keptDraft(3)).toBeNull()
    keepDraft(3, { ...draft, sent: orderBody(draft), unsure: true })
    forgetDraft(3)
    expect(keptDraft(3)?.key).toBe(draft.key)
  })

  it('is not found by another user', () => {
    keepDraft(3, draftWith([product(1), 2]))
    expect(keptDraft(4)).toBeNull()
  })

  it('is not kept when nothing was typed', () => {
    keepDraft(3, emptyDraft())
    expect(isBlank(emptyDraft())).toBe(true)
    expect(sessionStorage).toHaveLength(0)
  })

  it('survives rubbish in the store', () => {
    sessionStorage.setItem('order-desk.draft.3', '{"lines": 7')
    expect(keptDraft(3)).toBeNull()
  })
})
