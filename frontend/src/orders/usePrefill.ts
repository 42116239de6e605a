import { useQueryClient } from '@tanstack/react-query'
import { useEffect, useRef } from 'react'
import { useTranslation } from 'react-i18next'
import { useSearchParams } from 'react-router'
import { type Schemas, api, body } from '../api/client'
import { useToasts } from '../shared/toasts'
import { draftCustomer, lineProduct } from './choices'
import { type Draft, isBlank, learn } from './draft'
import { orderQuery } from './orders'

const fetchProduct = (id: number) => body(api.GET('/api/v1/products/{id}', { params: { path: { id } } }))
const fetchCustomer = (id: number) => body(api.GET('/api/v1/customers/{id}', { params: { path: { id } } }))

/**
 * What the form knows before anybody types: the customer (`?customer=8`) or the order to repeat (`?repeat=12`), at
 * today's prices; and of a draft found again, what there is of its products now.
 */
export function usePrefill(draft: Draft, edit: (change: (draft: Draft) => Draft) => void, onReady: () => void): void {
  const { t } = useTranslation('orders')
  const [params] = useSearchParams()
  const queries = useQueryClient()
  const toasts = useToasts()

  const fill = async () => {
    if (draft.sent) return
    if (!isBlank(draft)) {
      const products = await Promise.allSettled(draft.lines.map((line) => fetchProduct(line.product.id)))
      const facts = products.flatMap((each) => (each.status === 'fulfilled' ? [each.value] : []))
      edit((current) => learn(current, new Map(facts.map(({ id, available }) => [id, { available }]))))
      return
    }
    const repeat = Number(params.get('repeat'))
    const order = repeat ? (await queries.fetchQuery(orderQuery(repeat))).row : null
    const customerId = order?.customer.id ?? Number(params.get('customer'))
    if (!customerId) return
    const customer = await fetchCustomer(customerId)
    const lines = order ? await repeated(order) : []
    edit((current) => ({
      ...current,
      customer: customer.is_active ? draftCustomer(customer) : null,
      lines: lines.map(({ product, quantity }) => ({ product: lineProduct(product), quantity })),
      freight: order && order.freight !== '0.00' ? order.freight : '',
    }))
    onReady()
  }

  /** The lines of an old order whose products are still sold; of the others, the operator is told. */
  const repeated = async (order: Schemas['OrderDetailOutput']) => {
    const found = await Promise.allSettled(order.items.map((item) => fetchProduct(item.product_id)))
    return order.items.flatMap((item, index) => {
      const product = found[index]?.status === 'fulfilled' ? found[index].value : null
      if (product?.is_active) return [{ product, quantity: item.quantity }]
      toasts.problem(new Error(`${item.name} ${t('form.noSuchProduct')}`))
      return []
    })
  }

  // Once, for what the form was opened with.
  const once = useRef(fill)
  const done = useRef(false)
  useEffect(() => {
    if (done.current) return
    done.current = true
    once.current().catch(toasts.problem)
  }, [toasts])
}
