import { Alert, Button, Group, Modal, Stack, Text } from '@mantine/core'
import { IconCloudOff, IconInfoCircle } from '@tabler/icons-react'
import { useTranslation } from 'react-i18next'
import { useDescribe } from '../shared/describe'
import { type Draft, isBlank } from './draft'
import type { Prefill } from './usePrefill'

type Props = { draft: Draft; state: Prefill; onRetry: () => void; onClose: () => void }

/** What could not be filled in, above the form. */
export function PrefillNotice({ draft, state, onRetry, onClose }: Props) {
  const { t } = useTranslation(['orders', 'common'])
  const describe = useDescribe()
  // Who has begun to type meanwhile is not filled in over.
  if (state.kind === 'failed' && (state.of === 'rereading' || isBlank(draft))) {
    return (
      <Alert color="orange" mb="md" role="alert" icon={<IconCloudOff />} title={t(`form.failed.${state.of}`)}>
        <Stack gap="xs" align="flex-start">
          <span>{describe(state.error).detail}</span>
          <Button size="xs" onClick={onRetry}>
            {t('common:actions.retry')}
          </Button>
        </Stack>
      </Alert>
    )
  }
  if (state.kind !== 'done' || (state.leftOut.length === 0 && !state.customerGone)) return null
  return (
    <Alert
      color="orange"
      mb="md"
      role="alert"
      icon={<IconInfoCircle />}
      withCloseButton
      closeButtonLabel={t('common:actions.close')}
      onClose={onClose}
    >
      {state.customerGone && <div>{t('form.customerGone')}</div>}
      {state.leftOut.length > 0 && <div>{t('form.leftOut', { names: state.leftOut.join(', ') })}</div>}
    </Alert>
  )
}

/** A draft and another order both want the form: the user says which. */
export function DraftQuestion({ draft, onKeep, onStart }: { draft: Draft; onKeep: () => void; onStart: () => void }) {
  const { t } = useTranslation('orders')
  return (
    <Modal opened onClose={onKeep} title={t('form.draftTitle')} withCloseButton={false} closeOnClickOutside={false}>
      <Text size="sm" mb="md">
        {t('form.draftHint', {
          customer: draft.customer?.name ?? t('form.draftNobody'),
          lines: t('list.pieces', { count: draft.lines.length }),
        })}
      </Text>
      <Group justify="flex-end" gap="xs">
        <Button variant="default" onClick={onStart}>
          {t('form.draftStart')}
        </Button>
        <Button onClick={onKeep} data-autofocus>
          {t('form.draftKeep')}
        </Button>
      </Group>
    </Modal>
  )
}
