import { useMutation, useQueryClient } from '@tanstack/react-query'
import { useEffect, useEffectEvent, useRef, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { useNavigate } from 'react-router'
import { api, body, withRetries } from '../api/client'
import { ApiError, type PriceChange, type Shortage } from '../api/problem'
import { useIsLost, useMe } from '../session/session'
import { useToasts } from '../shared/toasts'
import { isSettled, unsureAfter } from './attempts'
import { complaintsOf } from './complaints'
import { type Draft, type OrderBody, changeLine, emptyDraft, keepDraft, keptDraft, learn, orderBody } from './draft'
import { ordersChanged } from './orders'

/** The codes that this form explains in its own place; all others become a toast. */
const EXPLAINED = new Set([
  'insufficient_stock',
  'price_changed',
  'product_inactive',
  'customer_inactive',
  'idempotency_key_reused',
  'validation_error',
])

/**
 * The draft of an order and its way to the server. However often it is sent (double click, reload, lost answer), it
 * carries one key and, until an answer came, one body: so it becomes one order.
 */
export function usePlacing() {
  const { t } = useTranslation('orders')
  const me = useMe()
  const queries = useQueryClient()
  const navigate = useNavigate()
  const toasts = useToasts()
  const [draft, setDraft] = useState<Draft>(() => keptDraft(me.id) ?? emptyDraft())
  const onScreen = useRef(true)
  const sending = useRef(false)
  const unsure = useRef(draft.unsure)
  const [waiting, setWaiting] = useState<number | null>(null)

  const placing = useMutation({
    mutationFn: ({ key, order }: { key: string; order: OrderBody }) =>
      withRetries(
        async () => {
          setWaiting(null)
          try {
            return await body(
              api.POST('/api/v1/orders', { body: order, params: { header: { 'Idempotency-Key': key } } }),
            )
          } catch (error) {
            unsure.current = unsureAfter(error, unsure.current)
            throw error
          }
        },
        // The short pauses after a lost answer need no word; one that the server asks for does.
        (error, milliseconds) =>
          setWaiting(error instanceof ApiError && error.retryAfter !== null ? Math.ceil(milliseconds / 1000) : null),
      ),
    onSuccess: (order) => {
      keepDraft(me.id, null)
      ordersChanged(queries)
      toasts.done(t('form.placed', { number: order.number }))
      // Who went elsewhere meanwhile is not pulled back.
      if (onScreen.current) void navigate(`/orders/${order.id}`, { replace: true })
    },
    onError: (error) => {
      sending.current = false
      if (!isSettled(error, unsure.current)) {
        const maybeMade = unsure.current
        return setDraft((current) => ({ ...current, unsure: maybeMade }))
      }
      unsure.current = false
      setDraft((current) => afterRefusal({ ...current, sent: null, unsure: false }, error))
      if (!EXPLAINED.has(error.code)) toasts.problem(error)
    },
  })

  const send = (ready: Draft) => {
    // The second click of a double click comes before the first has disabled the button.
    if (sending.current) return
    sending.current = true
    const order = ready.sent ?? orderBody(ready)
    unsure.current = ready.unsure
    const leaving = { ...ready, sent: order, unsure: true }
    // Kept before it leaves: a reload in the next instant must find it.
    keepDraft(me.id, leaving)
    setDraft(leaving)
    placing.mutate({ key: leaving.key, order })
  }

  const { isSuccess } = placing
  useEffect(() => {
    if (!isSuccess) keepDraft(me.id, draft)
  }, [me.id, draft, isSuccess])

  useEffect(() => {
    onScreen.current = true
    return () => {
      onScreen.current = false
    }
  }, [])

  // The page was left between question and answer, or the session ended there: ask again, with the same key and body.
  const resume = useEffectEvent(() => {
    if (draft.sent) send(draft)
  })
  const isLost = useIsLost()
  useEffect(() => {
    if (!isLost) resume()
  }, [isLost])

  const { error } = placing
  return {
    draft,
    /** While an answer is owed, the order must stay as it was sent. */
    locked: placing.isPending || placing.isSuccess || draft.sent !== null,
    pending: placing.isPending || placing.isSuccess,
    error,
    complaints: complaintsOf(draft.sent ? null : error, placing.variables?.order, draft),
    /** Something was sent, and there is no answer that settles it. */
    unsettled: !placing.isPending && draft.sent !== null,
    /** Seconds that the server asked to wait, before the order goes out again by itself. */
    waiting: placing.isPending ? waiting : null,
    edit: (change: (draft: Draft) => Draft) => setDraft(change),
    send,
    forget: () => placing.reset(),
    startOver: (kept: Draft = emptyDraft()) => {
      placing.reset()
      setDraft(kept)
    },
  }
}

function afterRefusal(draft: Draft, error: ApiError): Draft {
  if (error.code === 'insufficient_stock') {
    const shortages = error.list<Shortage>('shortages')
    return learn(draft, new Map(shortages.map(({ product_id, available }) => [product_id, { available }])))
  }
  if (error.code === 'product_inactive') {
    const gone = error.list<{ product_id: number }>('products')
    return gone.reduce((changed, { product_id }) => changeLine(changed, product_id, { inactive: true }), draft)
  }
  return draft
}

export function withNewPrices(draft: Draft, error: ApiError): Draft {
  const changes = error.list<PriceChange>('changes')
  return learn(draft, new Map(changes.map(({ product_id, current }) => [product_id, { price: current }])))
}
