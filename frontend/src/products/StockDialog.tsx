import { Alert, Button, Group, Modal, NumberInput, SegmentedControl, Stack, Text, TextInput } from '@mantine/core'
import { useMutation, useQueryClient } from '@tanstack/react-query'
import { type FormEvent, useState } from 'react'
import { useTranslation } from 'react-i18next'
import type { Versioned } from '../api/client'
import { ApiError, isOutcomeUnknown } from '../api/problem'
import { useToasts } from '../shared/toasts'
import { type Product, type StockChange, changeStock, productQuery, productsChanged } from './products'
import { outcomeOf } from './stockChange'

const KINDS = ['receipt', 'loss', 'count'] as const

/** What arrived, what was lost, or what a count found; with its reason, and with what it will leave. */
export function StockDialog({ loaded, onClose }: { loaded: Versioned<Product>; onClose: () => void }) {
  const { t } = useTranslation(['products', 'common'])
  const queries = useQueryClient()
  const toasts = useToasts()
  // The stock that the change is about; it may turn out to have changed meanwhile.
  const [seen, setSeen] = useState(loaded)
  const [before, setBefore] = useState<number | null>(null)
  const [unanswered, setUnanswered] = useState(false)
  const [maybeDone, setMaybeDone] = useState(false)
  const [kind, setKind] = useState<StockChange['kind']>('receipt')
  const [quantity, setQuantity] = useState<number | string>('')
  const [reason, setReason] = useState('')
  const [asked, setAsked] = useState(false)
  const product = seen.row
  const outcome = outcomeOf(product, kind, quantity)
  const query = productQuery(product.id)

  const reread = async () => {
    const now = await queries.fetchQuery({ ...query, staleTime: 0 })
    setSeen(now)
    return now
  }
  const saving = useMutation({
    // A receipt and a loss add to whatever is there, and orders that come in meanwhile do not matter. But once an answer
    // was lost, only to the stock that one looked at: else what was recorded would be taken again.
    mutationFn: () =>
      changeStock(
        product.id,
        { kind, quantity: Number(quantity), reason },
        kind === 'count' || unanswered ? seen.etag : null,
      ),
    onSuccess: (saved) => {
      queries.setQueryData(query.queryKey, saved)
      productsChanged(queries)
      toasts.done(t('stock.done', { name: saved.row.name, on_hand: saved.row.on_hand }))
      onClose()
    },
    onError: async (error) => {
      const refused = error instanceof ApiError ? error.code : ''
      if (refused === 'precondition_failed') {
        setBefore(product.on_hand)
        await reread().catch(toasts.problem)
      } else if (refused === 'stock_below_reserved') await reread().catch(toasts.problem)
      else {
        toasts.problem(error)
        // Without an answer nobody knows whether it was recorded; another stock than before says that it may have been.
        if (isOutcomeUnknown(error)) {
          setUnanswered(true)
          const now = await reread().catch(() => null)
          setMaybeDone(now !== null && now.etag !== seen.etag)
        }
      }
    },
  })
  const submit = (event: FormEvent) => {
    event.preventDefault()
    setAsked(true)
    if (outcome.kind === 'changes' && reason.trim() && !saving.isPending) saving.mutate()
    if (outcome.kind === 'same') onClose()
  }
  const wrong = asked && outcome.kind === 'nothing' && t('stock.quantity', { min: kind === 'count' ? 0 : 1 })
  return (
    <Modal
      opened
      onClose={onClose}
      closeOnClickOutside={false}
      closeOnEscape={false}
      title={t('stock.title', { name: product.name })}
      closeButtonProps={{ 'aria-label': t('common:actions.close') }}
    >
      <form onSubmit={submit}>
        <Stack>
          <SegmentedControl
            aria-label={t('stock.kind')}
            data={KINDS.map((value) => ({ value, label: t(`stock.${value}`) }))}
            value={kind}
            onChange={(value) => setKind(value)}
            fullWidth
          />
          <NumberInput
            label={t(`stock.${kind}Label`)}
            value={quantity}
            onChange={setQuantity}
            min={0}
            max={1_000_000_000}
            allowDecimal={false}
            allowNegative={false}
            error={
              wrong || (outcome.kind === 'tooFew' && t('stock.tooFew', { reserved: product.reserved })) || undefined
            }
            data-autofocus
          />
          <TextInput
            label={t('stock.reason')}
            placeholder={t(`stock.${kind}Reason`)}
            value={reason}
            maxLength={200}
            onChange={(event) => setReason(event.currentTarget.value)}
            error={asked && outcome.kind === 'changes' && !reason.trim() ? t('stock.needed') : undefined}
          />
          {before !== null && (
            <Alert color="orange" role="alert">
              {t(kind === 'count' ? 'stock.changedMeanwhile' : 'stock.changedSince', {
                before,
                now: product.on_hand,
              })}
            </Alert>
          )}
          {maybeDone && before === null && (
            <Alert color="orange" role="alert">
              {t('stock.maybeDone', { now: product.on_hand })}
            </Alert>
          )}
          <Text size="sm" c="dimmed" aria-live="polite">
            {t('stock.now', { on_hand: product.on_hand, reserved: product.reserved })}
            <br />
            {outcome.kind === 'same' && t('stock.same')}
            {outcome.kind === 'changes' && (
              <Text span fw={600} c="var(--mantine-color-text)">
                {t('stock.then', { on_hand: outcome.on_hand, available: outcome.available })}
              </Text>
            )}
          </Text>
          <Group justify="flex-end" gap="xs">
            <Button variant="default" onClick={onClose}>
              {t('common:actions.cancel')}
            </Button>
            <Button type="submit" loading={saving.isPending} disabled={outcome.kind === 'tooFew'}>
              {t('stock.confirm')}
            </Button>
          </Group>
        </Stack>
      </form>
    </Modal>
  )
}
