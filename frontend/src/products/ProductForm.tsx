import {
  Alert,
  Anchor,
  Button,
  Grid,
  Group,
  NumberInput,
  Stack,
  Switch,
  Text,
  TextInput,
  Textarea,
} from '@mantine/core'
import { useQueryClient } from '@tanstack/react-query'
import { useTranslation } from 'react-i18next'
import { Link } from 'react-router'
import type { Versioned } from '../api/client'
import { EditConflict } from '../shared/EditConflict'
import { MaybeSaved } from '../shared/MaybeSaved'
import { MoneyInput } from '../shared/MoneyInput'
import { textAt } from '../shared/changes'
import { useToasts } from '../shared/toasts'
import { useVersionedForm } from '../shared/useVersionedForm'
import {
  type Product,
  type ProductValues,
  complaints,
  productQuery,
  productsChanged,
  productsOfSku,
  valuesOf,
  writeProduct,
} from './products'
import './texts'

type Props = {
  loaded: Versioned<Product> | null
  onSaved: (product: Product) => void
  onCancel: () => void
}

/** The form of a new product, or of one that is changed. Stock is changed elsewhere, with a reason. */
export function ProductForm({ loaded, onSaved, onCancel }: Props) {
  const { t } = useTranslation(['products', 'common'])
  const queries = useQueryClient()
  const toasts = useToasts()
  const id = loaded?.row.id ?? null
  const { form, submit, saving, unanswered, takenByDeleted, conflict, ...does } = useVersionedForm<
    Product,
    ProductValues
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
    write: (values, etag) => writeProduct(id, values, etag),
    reread: () => queries.fetchQuery({ ...productQuery(id ?? 0), staleTime: 0 }),
    onSaved: (saved) => {
      queries.setQueryData(productQuery(saved.row.id).queryKey, saved)
      productsChanged(queries)
      toasts.done(t(id === null ? 'form.created' : 'form.saved', { name: saved.row.name }))
      onSaved(saved.row)
    },
  })
  const label = (path: string) => t(`field.${path}` as 'field.name')
  const field = (path: keyof ProductValues) => ({
    label: label(path),
    ...form.getInputProps(path),
  })
  const whole = { min: 0, max: 1_000_000_000, allowDecimal: false, allowNegative: false } as const
  return (
    <form onSubmit={submit} noValidate>
      <Stack gap="sm">
        {id === null && (
          <TextInput
            {...field('sku')}
            description={t('field.skuHint')}
            inputWrapperOrder={['label', 'input', 'description', 'error']}
            maxLength={64}
            required
            data-autofocus
            autoFocus
            autoComplete="off"
            spellCheck={false}
          />
        )}
        {takenByDeleted !== null && (
          <Alert p="xs" color="orange">
            {t('form.isDeleted')}{' '}
            <Anchor component={Link} to={`/products/${takenByDeleted}`} inherit>
              {t('form.restoreIt')}
            </Anchor>
          </Alert>
        )}
        <TextInput {...field('name')} maxLength={200} required data-autofocus={id !== null || undefined} />
        <Textarea {...field('description')} maxLength={5000} autosize minRows={2} maxRows={8} />
        <Grid gap="sm">
          <Grid.Col span={{ base: 12, xs: id === null ? 4 : 6 }}>
            <MoneyInput
              label={label('price')}
              required
              value={form.values.price}
              error={form.errors.price}
              onChange={(price) => form.setFieldValue('price', price)}
              onBlur={() => form.validateField('price')}
            />
          </Grid.Col>
          {id === null && (
            <Grid.Col span={{ base: 6, xs: 4 }}>
              <NumberInput {...field('on_hand')} {...whole} placeholder="0" />
            </Grid.Col>
          )}
          <Grid.Col span={{ base: id === null ? 6 : 12, xs: id === null ? 4 : 6 }}>
            <NumberInput {...field('low_stock_threshold')} {...whole} />
          </Grid.Col>
        </Grid>
        <Text size="xs" c="dimmed" mt={-6}>
          {t('field.thresholdHint')}
        </Text>
        <Switch
          label={label('is_active')}
          description={t('field.activeHint')}
          {...form.getInputProps('is_active', { type: 'checkbox' })}
        />
        {unanswered && (
          <MaybeSaved
            resource="products"
            name={unanswered.values.sku.trim()}
            attempt={unanswered.attempt}
            look={productsOfSku}
            busy={saving}
            onAgain={does.sendAgain}
          />
        )}
        <Group justify="flex-end" gap="xs" mt="xs">
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
