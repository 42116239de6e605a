import { Alert, Button, Group, Modal, Stack, Text } from '@mantine/core'
import type { ReactNode } from 'react'
import { useTranslation } from 'react-i18next'

type Props = {
  title: string
  hint: string
  confirm: string
  busy: boolean
  /** Why it was refused, when it was. */
  refusal?: ReactNode
  onConfirm: () => void
  onClose: () => void
}

/** Asks before a row is deleted, and says what becomes of what belongs to it. */
export function ConfirmDelete({ title, hint, confirm, busy, refusal, onConfirm, onClose }: Props) {
  const { t } = useTranslation()
  return (
    <Modal opened onClose={onClose} title={title} closeButtonProps={{ 'aria-label': t('actions.close') }}>
      <Stack>
        <Text size="sm">{hint}</Text>
        {refusal && (
          <Alert color="orange" role="alert">
            {refusal}
          </Alert>
        )}
        <Group justify="flex-end" gap="xs">
          <Button variant="default" onClick={onClose} data-autofocus>
            {t('actions.back')}
          </Button>
          <Button color="red" loading={busy} onClick={onConfirm}>
            {confirm}
          </Button>
        </Group>
      </Stack>
    </Modal>
  )
}
