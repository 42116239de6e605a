import { ActionIcon, Button, Group, NumberInput, Text } from '@mantine/core'
import { IconAlertTriangle, IconX } from '@tabler/icons-react'
import { useTranslation } from 'react-i18next'
import { formatNumber } from '../formats/money'
import { Money } from '../shared/Money'
import { useLanguage } from '../texts/i18n'
import classes from './DraftLines.module.css'
import { type Draft, type Line, changeLine, isShort, lineTotal, removeLine } from './draft'

type Props = {
  draft: Draft
  locked: boolean
  /** What the server, or the form, says of a line's quantity or product, by product. */
  complaints: Map<number, string>
  onEdit: (change: (draft: Draft) => Draft) => void
  /** Enter in a quantity: on to the next product. */
  onDone: () => void
  quantityField: (productId: number) => (field: HTMLInputElement | null) => void
}

export function DraftLines({ draft, onEdit, ...props }: Props) {
  const { t } = useTranslation('orders')
  if (draft.lines.length === 0) {
    return (
      <Text c="dimmed" size="sm" px="md" py="lg" ta="center">
        {t('form.noLines')}
      </Text>
    )
  }
  return (
    <>
      <div className={classes.head} aria-hidden>
        <span>{t('columns.product')}</span>
        <span className="num">{t('columns.available')}</span>
        <span className="num">{t('columns.quantity')}</span>
        <span className="num">{t('columns.price')}</span>
        <span className="num">{t('columns.subtotal')}</span>
        <span />
      </div>
      <ul className={classes.lines} aria-label={t('form.lines')}>
        {draft.lines.map((line) => (
          <DraftLine
            key={line.product.id}
            line={line}
            locked={props.locked}
            complaint={props.complaints.get(line.product.id)}
            fieldRef={props.quantityField(line.product.id)}
            onQuantity={(quantity) => onEdit((current) => changeLine(current, line.product.id, { quantity }))}
            onRemove={() => {
              onEdit((current) => removeLine(current, line.product.id))
              props.onDone()
            }}
            onDone={props.onDone}
          />
        ))}
      </ul>
    </>
  )
}

type LineProps = {
  line: Line
  locked: boolean
  complaint: string | undefined
  fieldRef: (field: HTMLInputElement | null) => void
  onQuantity: (quantity: number | null) => void
  onRemove: () => void
  onDone: () => void
}

function DraftLine({ line, locked, complaint, fieldRef, onQuantity, onRemove, onDone }: LineProps) {
  const { t } = useTranslation('orders')
  const { language } = useLanguage()
  const { product } = line
  const short = isShort(line)
  const bad = short || line.inactive || Boolean(complaint)
  return (
    <li className={classes.line} data-bad={bad || undefined}>
      <div className={classes.name} style={{ minWidth: 0 }}>
        <Text size="sm" fw={550} lineClamp={2} lh={1.35} className="breaks">
          {product.name}
        </Text>
        <Text size="xs" c="dimmed" className="breaks">
          {product.sku}
          <span className={classes.label}>
            {' · '}
            <Money amount={product.price} />
          </span>
        </Text>
      </div>
      <Text size="sm" className={`num ${classes.available}`} c={short ? 'var(--mantine-color-error)' : undefined}>
        <span className={classes.figure}>{formatNumber(product.available, language)}</span>
        <span className={classes.label}>{t('form.available', { count: product.available })}</span>
      </Text>
      <NumberInput
        className={classes.quantity}
        ref={fieldRef}
        size="sm"
        aria-label={t('form.quantityOf', { name: product.name })}
        value={line.quantity ?? ''}
        onChange={(value) => onQuantity(value === '' ? null : Number(value))}
        min={1}
        max={1_000_000}
        hideControls
        allowDecimal={false}
        allowNegative={false}
        thousandSeparator={language === 'en' ? ',' : '.'}
        decimalSeparator={language === 'en' ? '.' : ','}
        disabled={locked}
        error={bad}
        onFocus={(event) => event.currentTarget.select()}
        onKeyDown={(event) => {
          if (event.key !== 'Enter' || event.ctrlKey || event.metaKey) return
          event.preventDefault()
          onDone()
        }}
        styles={{ input: { textAlign: 'right' } }}
      />
      <Text size="sm" className={`num ${classes.price}`}>
        <Money amount={product.price} />
      </Text>
      <Text size="sm" fw={600} className={`num ${classes.total}`}>
        <Money amount={lineTotal(line)} />
      </Text>
      <ActionIcon
        className={classes.remove}
        variant="subtle"
        color="gray"
        disabled={locked}
        aria-label={t('form.removeOf', { name: product.name })}
        onClick={onRemove}
      >
        <IconX size={16} />
      </ActionIcon>
      {bad && (
        <Group className={classes.note} gap="xs" c="var(--mantine-color-error)" role="alert">
          <IconAlertTriangle size={16} aria-hidden />
          <Text size="sm">{noteOf()}</Text>
          {!locked && short && !line.inactive && product.available > 0 && (
            <Button size="compact-xs" variant="default" onClick={() => onQuantity(product.available)}>
              {t('form.take', { amount: formatNumber(product.available, language) })}
            </Button>
          )}
          {!locked && (line.inactive || (short && product.available === 0)) && (
            <Button size="compact-xs" variant="default" onClick={onRemove}>
              {t('form.drop')}
            </Button>
          )}
        </Group>
      )}
    </li>
  )

  function noteOf(): string {
    if (line.inactive) return t('form.inactive')
    if (!short) return complaint ?? ''
    if (product.available === 0) return t('form.shortNone')
    return t('form.short', {
      amount: formatNumber(product.available, language),
      wanted: formatNumber(line.quantity ?? 0, language),
    })
  }
}
