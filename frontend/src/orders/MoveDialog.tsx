import { Button, Group, Modal, Stack, Text, Textarea } from '@mantine/core'
import { type FormEvent, useState } from 'react'
import { useTranslation } from 'react-i18next'

type Props = {
  to: 'ENVIADO' | 'CANCELADO'
  number: string
  busy: boolean
  onClose: () => void
  onMove: (note: string) => void
}

/** Asks before a move that cannot be taken back. A cancellation needs its reason: the next one to call will ask why. */
export function MoveDialog({ to, number, busy, onClose, onMove }: Props) {
  const { t } = useTranslation(['orders', 'common'])
  const [note, setNote] = useState('')
  const [missing, setMissing] = useState(false)
  const cancelling = to === 'CANCELADO'
  const submit = (event: FormEvent) => {
    event.preventDefault()
    if (cancelling && !note.trim()) setMissing(true)
    else onMove(note.trim())
  }
  return (
    <Modal
      opened
      onClose={onClose}
      closeOnClickOutside={false}
      closeOnEscape={false}
      title={t(cancelling ? 'one.cancelTitle' : 'one.shipTitle', { number })}
      closeButtonProps={{ 'aria-label': t('common:actions.close') }}
    >
      <form onSubmit={submit}>
        <Stack>
          <Text size="sm">{t(cancelling ? 'one.cancelHint' : 'one.shipHint')}</Text>
          <Textarea
            label={cancelling ? t('one.reason') : `${t('one.shipNote')} (${t('common:field.optional')})`}
            placeholder={cancelling ? t('one.reasonHint') : t('one.shipNoteHint')}
            value={note}
            maxLength={500}
            autosize
            minRows={2}
            data-autofocus
            error={missing && !note.trim() ? t('common:field.required') : undefined}
            onChange={(event) => setNote(event.currentTarget.value)}
          />
          <Group justify="flex-end" gap="xs">
            <Button variant="default" onClick={onClose}>
              {cancelling ? t('one.keep') : t('common:actions.back')}
            </Button>
            <Button type="submit" color={cancelling ? 'red' : undefined} loading={busy}>
              {t(`move.${to}`)}
            </Button>
          </Group>
        </Stack>
      </form>
    </Modal>
  )
}
