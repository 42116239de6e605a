import { Button, Group, Modal, Paper, Text } from '@mantine/core'
import { useDisclosure, useHotkeys } from '@mantine/hooks'
import { useMemo, useRef, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { ApiError } from '../api/problem'
import { useMay } from '../session/session'
import { Forbidden } from '../shared/ErrorState'
import { PageHeader } from '../shared/PageHeader'
import { SearchSelect } from '../shared/SearchSelect'
import { CustomerChoice, ProductChoice, draftCustomer, findCustomers, findProducts, lineProduct } from './choices'
import { DraftLines } from './DraftLines'
import { DraftSummary } from './DraftSummary'
import { type Draft, type Lack, addProduct, isBlank, isShort, lacks, newKey, takeWhatThereIs } from './draft'
import classes from './NewOrderPage.module.css'
import { PlacingNotice, PriceDialog } from './PlacingNotices'
import { usePrefill } from './usePrefill'
import { usePlacing, withNewPrices } from './usePlacing'
import './texts'

export function Component() {
  const may = useMay()
  return may('orders.add_order') ? <NewOrder /> : <Forbidden />
}

function NewOrder() {
  const { t } = useTranslation(['orders', 'common'])
  const { draft, locked, pending, error, complaints, outcomeUnknown, edit, send, forget, startOver } = usePlacing()
  const [tried, setTried] = useState(false)
  const fields = useFields()
  const [discarding, discard] = useDisclosure(false)
  usePrefill(draft, edit, fields.toProduct)

  const missing = tried ? lacks(draft) : []
  const submit = (ready: Draft = draft) => {
    if (pending) return
    if (ready.sent) return send(ready)
    setTried(true)
    const first = lacks(ready)[0]
    if (first) fields.toLack(first, ready)
    else send(ready)
  }
  const lineComplaints = useMemo(() => {
    const found = new Map<number, string>()
    draft.lines.forEach((line, index) => {
      const own = !line.quantity && tried ? t('form.needQuantity') : undefined
      const told = complaints[`items.${index}.quantity`] ?? complaints[`items.${index}.product_id`] ?? own
      if (told) found.set(line.product.id, told)
    })
    return found
  }, [draft.lines, complaints, tried, t])
  const lack = (name: Lack, text: string) => (missing.includes(name) ? text : undefined)
  const priceChange = error instanceof ApiError && error.code === 'price_changed' ? error : null

  // Wherever the cursor is; but a dialog has its own answer to give.
  useHotkeys([['mod+Enter', () => !priceChange && !discarding && submit()]], [])

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
        outcomeUnknown={outcomeUnknown}
        onRetry={() => send(draft)}
        onTakeAll={() => edit(takeWhatThereIs)}
        onStartOver={() => startOver({ ...draft, key: newKey(), sent: null })}
      />
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
              description={draft.customer?.about}
              error={complaints.customer_id ?? lack('customer', t('form.needCustomer'))}
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
                error={complaints.items ?? lack('lines', t('form.needLines'))}
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
            <DraftLines
              draft={draft}
              locked={locked}
              complaints={lineComplaints}
              onEdit={edit}
              onDone={fields.toProduct}
              quantityField={fields.quantity}
            />
          </Paper>
        </div>
        <div className={classes.aside}>
          <DraftSummary
            draft={draft}
            locked={locked}
            pending={pending}
            retrying={outcomeUnknown}
            freightRef={fields.freight}
            freightError={complaints.freight ?? lack('freight', t('common:field.money'))}
            notesError={complaints.notes}
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
      <Modal opened={discarding} onClose={discard.close} title={t('form.discardTitle')} withCloseButton={false}>
        <Text size="sm" mb="md">
          {t('form.discardHint')}
        </Text>
        <Group justify="flex-end" gap="xs">
          <Button variant="default" onClick={discard.close}>
            {t('common:actions.back')}
          </Button>
          <Button
            color="red"
            data-autofocus
            onClick={() => {
              discard.close()
              setTried(false)
              startOver()
              fields.later(() => fields.customer.current)
            }}
          >
            {t('form.discard')}
          </Button>
        </Group>
      </Modal>
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
