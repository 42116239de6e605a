import { Alert, Anchor, Button, Fieldset, Grid, Group, Select, Stack, Switch, TextInput } from '@mantine/core'
import { useQueryClient } from '@tanstack/react-query'
import { flushSync } from 'react-dom'
import { useTranslation } from 'react-i18next'
import { Link } from 'react-router'
import type { Versioned } from '../api/client'
import { caretIn } from '../formats/caret'
import { STATES, formatPhone, formatPostalCode } from '../formats/contact'
import { formatDocument } from '../formats/documents'
import { EditConflict } from '../shared/EditConflict'
import { MaybeSaved } from '../shared/MaybeSaved'
import { textAt } from '../shared/changes'
import { useToasts } from '../shared/toasts'
import { useVersionedForm } from '../shared/useVersionedForm'
import {
  type Customer,
  type CustomerValues,
  complaints,
  customerQuery,
  customersChanged,
  customersNamed,
  valuesOf,
  writeCustomer,
} from './customers'
import './texts'

type Props = {
  loaded: Versioned<Customer> | null
  onSaved: (customer: Customer) => void
  onCancel: () => void
}

/** The form of a new customer, or of one that is changed: only what was changed is sent. */
export function CustomerForm({ loaded, onSaved, onCancel }: Props) {
  const { t } = useTranslation(['customers', 'common'])
  const queries = useQueryClient()
  const toasts = useToasts()
  const id = loaded?.row.id ?? null
  const { form, submit, saving, unanswered, takenByDeleted, conflict, ...does } = useVersionedForm<
    Customer,
    CustomerValues
  >({
    loaded,
    valuesOf,
    validate: (values) =>
      Object.fromEntries(
        Object.entries(complaints(values)).map(([field, problem]) => [
          field,
          problem ? t(`common:field.${problem}`) : null,
        ]),
      ),
    write: (values, etag) => writeCustomer(id, values, etag),
    reread: () => queries.fetchQuery({ ...customerQuery(id ?? 0), staleTime: 0 }),
    onSaved: (saved) => {
      queries.setQueryData(customerQuery(saved.row.id).queryKey, saved)
      customersChanged(queries)
      toasts.done(t(id === null ? 'form.created' : 'form.saved', { name: saved.row.name }))
      onSaved(saved.row)
    },
  })
  const label = (path: string) => t(`field.${path}` as 'field.name')
  const text = (path: string) => ({ label: label(path), ...form.getInputProps(path) })
  /** A field that brings its punctuation along while one types; the caret stays where it is. */
  const masked = (path: string, format: (typed: string) => string) => ({
    ...text(path),
    onChange: ({ currentTarget: field }: React.ChangeEvent<HTMLInputElement>) => {
      const { value: typed, selectionStart } = field
      const shown = format(typed)
      flushSync(() => form.setFieldValue(path, shown))
      const place = caretIn(shown, typed, selectionStart ?? typed.length)
      field.setSelectionRange(place, place)
    },
  })
  const address = (field: string) => text(`address.${field}`)

  return (
    <form onSubmit={submit} noValidate>
      <Stack gap="md">
        <Fieldset legend={t('form.identity')}>
          <Grid gap="sm">
            <Grid.Col span={{ base: 12, sm: 8 }}>
              <TextInput {...text('name')} maxLength={200} required autoFocus data-autofocus />
            </Grid.Col>
            <Grid.Col span={{ base: 12, sm: 4 }}>
              <TextInput {...masked('document', formatDocument)} autoComplete="off" spellCheck={false} />
            </Grid.Col>
          </Grid>
          {takenByDeleted !== null && (
            <Alert mt="sm" p="xs" color="orange">
              {t('form.isDeleted')}{' '}
              <Anchor component={Link} to={`/customers/${takenByDeleted}`} inherit>
                {t('form.restoreIt')}
              </Anchor>
            </Alert>
          )}
        </Fieldset>
        <Fieldset legend={t('form.contact')}>
          <Grid gap="sm">
            <Grid.Col span={{ base: 12, sm: 8 }}>
              <TextInput {...text('email')} type="email" maxLength={254} />
            </Grid.Col>
            <Grid.Col span={{ base: 12, sm: 4 }}>
              <TextInput {...masked('phone', formatPhone)} type="tel" inputMode="tel" />
            </Grid.Col>
          </Grid>
        </Fieldset>
        <Fieldset legend={t('form.address')}>
          <Grid gap="sm">
            <Grid.Col span={{ base: 6, sm: 3 }}>
              <TextInput {...masked('address.postal_code', formatPostalCode)} inputMode="numeric" />
            </Grid.Col>
            <Grid.Col span={{ base: 12, sm: 6 }}>
              <TextInput {...address('street')} maxLength={200} />
            </Grid.Col>
            <Grid.Col span={{ base: 6, sm: 3 }}>
              <TextInput {...address('number')} maxLength={20} />
            </Grid.Col>
            <Grid.Col span={{ base: 6, sm: 3 }}>
              <TextInput {...address('complement')} maxLength={100} />
            </Grid.Col>
            <Grid.Col span={{ base: 12, sm: 3 }}>
              <TextInput {...address('district')} maxLength={100} />
            </Grid.Col>
            <Grid.Col span={{ base: 8, sm: 4 }}>
              <TextInput {...address('city')} maxLength={100} />
            </Grid.Col>
            <Grid.Col span={{ base: 4, sm: 2 }}>
              <Select
                {...address('state')}
                data={STATES}
                searchable
                clearable
                onChange={(state: string | null) => form.setFieldValue('address.state', state ?? '')}
              />
            </Grid.Col>
          </Grid>
        </Fieldset>
        <Switch
          label={label('is_active')}
          description={t('field.activeHint')}
          {...form.getInputProps('is_active', { type: 'checkbox' })}
        />
        {unanswered && (
          <MaybeSaved
            resource="customers"
            name={unanswered.values.name.trim()}
            attempt={unanswered.attempt}
            look={customersNamed}
            busy={saving}
            onAgain={does.sendAgain}
          />
        )}
        <Group justify="flex-end" gap="xs">
          <Button variant="default" onClick={onCancel}>
            {t('common:actions.cancel')}
          </Button>
          <Button type="submit" loading={saving} disabled={unanswered !== null}>
            {t('form.save')}
          </Button>
        </Group>
      </Stack>
      {conflict && (
        <EditConflict
          differences={conflict.fields.map((path) => ({
            label: label(path),
            theirs: textAt(conflict.theirs, path),
            mine: textAt(conflict.mine, path),
          }))}
          onMine={does.keepMine}
          onTheirs={does.takeTheirs}
        />
      )}
    </form>
  )
}
