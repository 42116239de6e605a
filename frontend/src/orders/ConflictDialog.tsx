import { Button, Group, Modal, Paper, SimpleGrid, Stack, Text, Title } from '@mantine/core'
import { useTranslation } from 'react-i18next'
import { Moment } from '../shared/Moment'
import { Money } from '../shared/Money'
import type { OrderDetail } from './orders'
import { StatusBadge } from './StatusBadge'
import type { Conflict } from './useMove'

/** Somebody was faster: shows what one saw and what is, side by side, and does nothing else. */
export function ConflictDialog({ conflict, onClose }: { conflict: Conflict; onClose: () => void }) {
  const { t } = useTranslation(['orders', 'common'])
  const { seen, now, wanted } = conflict
  return (
    <Modal
      opened
      size="lg"
      onClose={onClose}
      title={t('one.conflictTitle')}
      closeButtonProps={{ 'aria-label': t('common:actions.close') }}
    >
      <Text size="sm" mb="md">
        {t('one.conflictHint', { action: t(`move.${wanted}`) })}
      </Text>
      <SimpleGrid cols={{ base: 1, xs: 2 }} mb="md">
        <Side title={t('one.youSaw')} order={seen} faded />
        <Side title={t('one.isNow')} order={now} />
      </SimpleGrid>
      <Group justify="flex-end">
        <Button onClick={onClose} data-autofocus>
          {t('common:actions.reload')}
        </Button>
      </Group>
    </Modal>
  )
}

function Side({ title, order, faded = false }: { title: string; order: OrderDetail; faded?: boolean }) {
  const { t } = useTranslation('orders')
  const last = order.history.at(-1)
  return (
    <Paper p="md" bg={faded ? 'var(--desk-canvas)' : undefined} component="section" aria-label={title}>
      <Stack gap="xs">
        <Group justify="space-between">
          <Title order={3} size="sm">
            {title}
          </Title>
          <Text size="xs" c="dimmed">
            {t('one.version', { version: order.version })}
          </Text>
        </Group>
        <div>
          <StatusBadge status={order.status} />
        </div>
        <Text size="sm">
          {t('form.total')}: <Money amount={order.total} />
        </Text>
        {last && (
          <Text size="sm" component="div">
            {t('one.lastChange')}: {t('one.by', { name: last.actor ?? t('one.system') })},{' '}
            <Moment time={last.created_at} />
            {last.note && (
              <Text size="sm" c="dimmed" mt={4}>
                “{last.note}”
              </Text>
            )}
          </Text>
        )}
      </Stack>
    </Paper>
  )
}
