import { type QueryClient, useQueryClient } from '@tanstack/react-query'
import { useEffect, useEffectEvent, useState } from 'react'
import { useSearchParams } from 'react-router'
import { ApiError } from '../api/problem'
import { eachOf } from '../api/queries'
import { customerQuery } from '../customers/customers'
import { productQuery } from '../products/products'
import { type Customer, type Product, draftCustomer, lineProduct } from './choices'
import { type Draft, type Wanted, changeLine, isBlank, isOtherThan, learn } from './draft'
import { type OrderDetail, orderQuery } from './orders'

/** What became of filling in the form: `asking` waits for the user, `failed` for another try. */
export type Prefill =
  | { kind: 'none' }
  | { kind: 'asking' }
  | { kind: 'filling' | 'rereading' }
  | { kind: 'failed'; of: 'filling' | 'rereading'; error: unknown }
  | { kind: 'done'; leftOut: string[]; customerGone: boolean }

type Filled = { change: (draft: Draft) => Draft; leftOut?: string[]; customerGone?: boolean }

/** The row, or null where it is gone or out of use. Whatever else goes wrong says nothing of the row: it is thrown. */
async function inUse<T extends { is_active: boolean }>(read: Promise<{ row: T }>): Promise<T | null> {
  try {
    const { row } = await read
    return row.is_active ? row : null
  } catch (error) {
    if (error instanceof ApiError && error.status === 404) return null
    throw error
  }
}

const soldProduct = (queries: QueryClient, id: number) => inUse<Product>(queries.fetchQuery(productQuery(id)))

/** The customer, and of an old order the lines whose products are still sold, at today's prices. All, or it throws. */
async function filled(queries: QueryClient, wanted: Wanted): Promise<Filled> {
  const order = wanted.repeat ? (await queries.fetchQuery(orderQuery(wanted.repeat))).row : null
  const customerId = order?.customer.id ?? wanted.customer
  const customer = customerId ? await inUse<Customer>(queries.fetchQuery(customerQuery(customerId))) : null
  const { lines, leftOut } = await repeated(queries, order?.items ?? [])
  const freight = order && order.freight !== '0.00' ? order.freight : ''
  return {
    change: (draft) => ({ ...draft, customer: customer && draftCustomer(customer), lines, freight }),
    leftOut,
    customerGone: customer === null,
  }
}

async function repeated(queries: QueryClient, items: OrderDetail['items']) {
  const products = await eachOf(items, (item) => soldProduct(queries, item.product_id))
  const lines = items.flatMap(({ quantity }, index) => {
    const product = products[index]
    return product ? [{ product: lineProduct(product), quantity }] : []
  })
  return { lines, leftOut: items.filter((_, index) => !products[index]).map(({ name }) => name) }
}

/** What there is now of the products of a draft that was found again. */
async function reread(queries: QueryClient, draft: Draft): Promise<Filled> {
  const ids = draft.lines.map(({ product }) => product.id)
  const products = await eachOf(ids, (id) => soldProduct(queries, id))
  const sold = products.filter((product) => product !== null)
  const gone = ids.filter((_, index) => products[index] === null)
  const facts = new Map(sold.map(({ id, available }) => [id, { available }]))
  return { change: (now) => gone.reduce((all, id) => changeLine(all, id, { inactive: true }), learn(now, facts)) }
}

type Form = {
  draft: Draft
  edit: (change: (draft: Draft) => Draft) => void
  startOver: () => void
  onReady: () => void
}

/**
 * What the form knows before anybody types: the customer (`?customer=8`) or the order to repeat (`?repeat=12`); and of
 * a draft found again, what there is of its products. A draft of something else is asked about first.
 */
export function usePrefill({ draft, edit, startOver, onReady }: Form) {
  const [params, setParams] = useSearchParams()
  const queries = useQueryClient()
  const wanted: Wanted = { repeat: Number(params.get('repeat')), customer: Number(params.get('customer')) }
  const [state, setState] = useState<Prefill>(() => {
    // The outcome of an attempt comes first.
    if (draft.sent) return { kind: 'none' }
    if (isBlank(draft)) return { kind: wanted.repeat || wanted.customer ? 'filling' : 'none' }
    return { kind: isOtherThan(draft, wanted) ? 'asking' : 'rereading' }
  })
  const work = useEffectEvent((kind: 'filling' | 'rereading') =>
    kind === 'filling' ? filled(queries, wanted) : reread(queries, draft),
  )
  // What the address asked for is in the draft now: a reload finds it there.
  const settle = useEffectEvent(
    (kind: 'filling' | 'rereading', { change, leftOut = [], customerGone = false }: Filled) => {
      edit(change)
      setState({ kind: 'done', leftOut, customerGone })
      if (kind === 'rereading') return
      setParams({}, { replace: true })
      onReady()
    },
  )
  useEffect(() => {
    if (state.kind !== 'filling' && state.kind !== 'rereading') return
    const { kind } = state
    let left = false
    work(kind).then(
      (result) => !left && settle(kind, result),
      (error: unknown) => !left && setState({ kind: 'failed', of: kind, error }),
    )
    return () => {
      left = true
    }
  }, [state])

  return {
    state,
    retry: () => state.kind === 'failed' && setState({ kind: state.of }),
    /** Goes on with the draft, and forgets what the address asked for. */
    keepDraft: () => {
      setParams({}, { replace: true })
      setState({ kind: 'rereading' })
    },
    startWanted: () => {
      startOver()
      setState({ kind: 'filling' })
    },
    close: () => setState({ kind: 'none' }),
  }
}
