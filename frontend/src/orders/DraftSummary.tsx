import { Button, Divider, Group, Kbd, Paper, Stack, Text, Textarea, Title } from '@mantine/core'
import { useTranslation } from 'react-i18next'
import { formatNumber, moneyInput } from '../formats/money'
import { Money } from '../shared/Money'
import { MoneyInput } from '../shared/MoneyInput'
import { useLanguage } from '../texts/i18n'
import { type Draft, totals } from './draft'

type Props = {
  draft: Draft
  locked: boolean
  pending: boolean
  retrying: boolean
  freightError?: string
  notesError?: string
  freightRef: React.Ref<HTMLInputElement>
  onEdit: (change: (draft: Draft) => Draft) => void
  onSubmit: () => void
}

/** Money, notes and the button, beside the lines. */
export function DraftSummary({ draft, locked, pending, onEdit, freightRef, ...props }: Props) {
  const { t } = useTranslation(['orders', 'common'])
  const { language } = useLanguage()
  const { subtotal, total, pieces } = totals(draft)
  return (
    <Paper p="md" component="section" aria-label={t('form.summary')}>
      <Stack gap="sm">
        <Title order={2}>{t('form.summary')}</Title>
        <Group justify="space-between" wrap="nowrap" align="baseline">
          <Text size="sm" c="dimmed">
            {t('form.subtotal')}
            {pieces > 0 && ` · ${t('form.pieces', { count: pieces, amount: formatNumber(pieces, language) })}`}
          </Text>
          <Text size="sm">
            <Money amount={subtotal} />
          </Text>
        </Group>
        <Group justify="space-between" wrap="nowrap">
          <Text size="sm" c="dimmed" component="label" htmlFor="freight">
            {t('form.freight')}
          </Text>
          <MoneyInput
            id="freight"
            ref={freightRef}
            w={150}
            placeholder={moneyInput('0.00', language)}
            value={draft.freight}
            disabled={locked}
            error={props.freightError}
            onChange={(freight) => onEdit((current) => ({ ...current, freight }))}
          />
        </Group>
        <Divider />
        <Group justify="space-between" align="baseline" aria-live="polite">
          <Text fw={600}>{t('form.total')}</Text>
          <Text fz="1.6rem" fw={650} lh={1.1} data-testid="total">
            <Money amount={total} />
          </Text>
        </Group>
        <Textarea
          label={t('form.notes')}
          placeholder={t('form.notesHint')}
          autosize
          minRows={2}
          maxRows={6}
          maxLength={2000}
          value={draft.notes}
          disabled={locked}
          error={props.notesError}
          onChange={(event) => {
            const notes = event.currentTarget.value
            onEdit((current) => ({ ...current, notes }))
          }}
        />
        <Button
          size="md"
          fullWidth
          onClick={props.onSubmit}
          loading={pending}
          rightSection={
            <Group gap={3} visibleFrom="sm" wrap="nowrap">
              <Kbd size="xs">Ctrl</Kbd>
              <Kbd size="xs">Enter</Kbd>
            </Group>
          }
        >
          {props.retrying ? t('common:actions.retry') : t('form.submit')}
        </Button>
        <Text size="xs" c="dimmed" ta="center">
          {t('form.kept')}
        </Text>
      </Stack>
    </Paper>
  )
}
