import { Button, Group, Paper } from '@mantine/core'
import { useDisclosure, useHotkeys } from '@mantine/hooks'
import { useEffect, useEffectEvent, useMemo, useRef, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { ApiError } from '../api/problem'
import { useMay } from '../session/session'
import { Forbidden } from '../shared/ErrorState'
import { PageHeader } from '../shared/PageHeader'
import { RowSkeletons } from '../shared/RowSkeletons'
import { SearchSelect } from '../shared/SearchSelect'
import {
  CustomerChoice,
  ProductChoice,
  aboutCustomer,
  draftCustomer,
  findCustomers,
  findProducts,
  lineProduct,
} from './choices'
import { DiscardQuestion } from './DiscardQuestion'
import { DraftLines } from './DraftLines'
import { DraftSummary } from './DraftSummary'
import { type Draft, type Lack, addProduct, isBlank, isShort, lacks, newKey, takeWhatThereIs } from './draft'
import classes from './NewOrderPage.module.css'
import { PlacingNotice, PriceDialog } from './PlacingNotices'
import { DraftQuestion, PrefillNotice } from './PrefillNotices'
import { usePrefill } from './usePrefill'
import { usePlacing, withNewPrices } from './usePlacing'
import './texts'

export function Component() {
  const may = useMay()
  return may('orders.add_order') ? <NewOrder /> : <Forbidden />
}

function NewOrder() {
  const { t } = useTranslation(['orders', 'common'])
  const { draft, pending, error, complaints, unsettled, waiting, edit, send, forget, startOver, ...placing } =
    usePlacing()
  const [tried, setTried] = useState(false)
  const fields = useFields()
  const [discarding, discard] = useDisclosure(false)
  const prefill = usePrefill({ draft, edit, startOver, onReady: fields.toProduct })
  const filling = prefill.state.kind === 'filling'
  const locked = placing.locked || filling

  const missing = tried ? lacks(draft) : []
  const submit = (ready: Draft = draft) => {
    if (pending || filling) return
    if (ready.sent) return send(ready)
    setTried(true)
    const first = lacks(ready)[0]
    if (first) fields.toLack(first, ready)
    else send(ready)
  }
  const lineComplaints = new Map(complaints.lines)
  for (const { product, quantity } of draft.lines) {
    if (!quantity && tried) lineComplaints.set(product.id, t('form.needQuantity'))
  }
  const lack = (name: Lack, text: string) => (missing.includes(name) ? text : undefined)
  const priceChange = error instanceof ApiError && error.code === 'price_changed' ? error : null

  // A field that was disabled while the order was on its way has lost the cursor.
  const toRefusal = useEffectEvent(() => {
    if (draft.sent || !(error instanceof ApiError)) return
    const line = draft.lines.find((each) => isShort(each) || each.inactive || lineComplaints.has(each.product.id))
    if (line) fields.toQuantity(line.product.id)
  })
  useEffect(() => toRefusal(), [error])

  // Wherever the cursor is; but a dialog has its own answer to give.
  useHotkeys([['mod+Enter', () => !document.querySelector('[role=dialog]') && submit()]], [])

  return (
    <>
      <PageHeader
        title={t('new')}
        actions={
          !isBlank(draft) &&
          !pending && (
            <Button variant="subtle" color="gray" onClick={discard.open}>
              {t('form.discard')}
            </Button>
          )
        }
      />
      <PlacingNotice
        draft={draft}
        error={error}
        unsettled={unsettled}
        waiting={waiting}
        onRetry={() => send(draft)}
        onTakeAll={() => edit(takeWhatThereIs)}
        onStartOver={() => startOver({ ...draft, key: newKey(), sent: null, unsure: false })}
      />
      <PrefillNotice draft={draft} state={prefill.state} onRetry={prefill.retry} onClose={prefill.close} />
      <div className={classes.form}>
        <div>
          <Paper p="md" mb="md">
            <SearchSelect
              name="customers"
              label={t('form.customer')}
              placeholder={t('form.customerHint')}
              nothing={t('form.noCustomer')}
              find={findCustomers}
              idOf={(customer) => customer.id}
              render={(customer) => <CustomerChoice customer={customer} />}
              chosen={draft.customer?.name}
              description={draft.customer ? aboutCustomer(draft.customer) : undefined}
              error={complaints.fields.customer_id ?? lack('customer', t('form.needCustomer'))}
              disabled={locked}
              autoFocus={!draft.customer}
              inputRef={fields.customer}
              onChoose={(customer) => {
                edit((current) => ({ ...current, customer: draftCustomer(customer) }))
                fields.toProduct()
              }}
              onClear={() => {
                edit((current) => ({ ...current, customer: null }))
                fields.customer.current?.focus()
              }}
            />
          </Paper>
          <Paper style={{ overflow: 'hidden' }}>
            <Group p="md" pb="sm">
              <SearchSelect
                grow
                name="products"
                label={t('form.product')}
                placeholder={t('form.productHint')}
                nothing={t('form.noProduct')}
                find={findProducts}
                idOf={(product) => product.id}
                render={(product) => <ProductChoice product={product} />}
                error={complaints.fields.items ?? lack('lines', t('form.needLines'))}
                disabled={locked}
                autoFocus={Boolean(draft.customer)}
                isPageSearch
                inputRef={fields.product}
                onChoose={(product) => {
                  edit((current) => addProduct(current, lineProduct(product)))
                  fields.toQuantity(product.id)
                }}
              />
            </Group>
            {filling ? (
              <RowSkeletons rows={3} />
            ) : (
              <DraftLines
                draft={draft}
                locked={locked}
                complaints={lineComplaints}
                onEdit={edit}
                onDone={fields.toProduct}
                quantityField={fields.quantity}
              />
            )}
          </Paper>
        </div>
        <div className={classes.aside}>
          <DraftSummary
            draft={draft}
            locked={locked}
            pending={pending}
            retrying={unsettled}
            freightRef={fields.freight}
            freightError={complaints.fields.freight ?? lack('freight', t('common:field.money'))}
            notesError={complaints.fields.notes}
            onEdit={edit}
            onSubmit={() => submit()}
          />
        </div>
      </div>
      {priceChange && !locked && (
        <PriceDialog
          draft={draft}
          error={priceChange}
          onClose={forget}
          onReview={() => {
            edit((current) => withNewPrices(current, priceChange))
            forget()
          }}
          onAccept={() => submit(withNewPrices(draft, priceChange))}
        />
      )}
      {prefill.state.kind === 'asking' && (
        <DraftQuestion draft={draft} onKeep={prefill.keepDraft} onStart={prefill.startWanted} />
      )}
      {discarding && (
        <DiscardQuestion
          draft={draft}
          onBack={discard.close}
          onDiscard={() => {
            discard.close()
            setTried(false)
            startOver()
            fields.later(() => fields.customer.current)
          }}
        />
      )}
    </>
  )
}

/** Where the cursor goes next, so that an order is taken without the mouse. */
function useFields() {
  const customer = useRef<HTMLInputElement>(null)
  const product = useRef<HTMLInputElement>(null)
  const freight = useRef<HTMLInputElement>(null)
  const quantities = useRef(new Map<number, HTMLInputElement>())
  return useMemo(() => {
    // After the next paint: the field may not be there, or not be enabled, before.
    const later = (field: () => HTMLInputElement | null | undefined) => {
      setTimeout(() => {
        field()?.focus()
        field()?.select()
      }, 30)
    }
    const toQuantity = (id: number) => later(() => quantities.current.get(id))
    const toProduct = () => later(() => product.current)
    return {
      customer,
      product,
      freight,
      later,
      toQuantity,
      toProduct,
      quantity: (id: number) => (field: HTMLInputElement | null) => {
        if (field) quantities.current.set(id, field)
        else quantities.current.delete(id)
      },
      toLack: (lack: Lack, draft: Draft) => {
        const line = draft.lines.find((each) => !each.quantity || isShort(each))
        if (lack === 'quantity' && line) return toQuantity(line.product.id)
        later(() => (lack === 'customer' ? customer : lack === 'freight' ? freight : product).current)
      },
    }
  }, [])
}
