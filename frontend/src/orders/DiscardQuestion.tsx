import { Button, Group, Modal, Text } from '@mantine/core'
import { useTranslation } from 'react-i18next'
import { Link } from 'react-router'
import type { Draft } from './draft'

type Props = { draft: Draft; onBack: () => void; onDiscard: () => void }

/** Asks before a draft is thrown away. One that may have become an order is to be looked for first. */
export function DiscardQuestion({ draft, onBack, onDiscard }: Props) {
  const { t } = useTranslation(['orders', 'common'])
  const unknown = draft.unsure
  return (
    <Modal opened onClose={onBack} title={t('form.discardTitle')} withCloseButton={false}>
      <Text size="sm" mb="md">
        {t(unknown ? 'form.discardUnknown' : 'form.discardHint')}
      </Text>
      <Group justify="flex-end" gap="xs">
        <Button variant="default" onClick={onBack}>
          {t('common:actions.back')}
        </Button>
        {unknown && (
          <Button component={Link} to={`/orders?customer=${draft.sent?.customer_id ?? ''}`} data-autofocus>
            {t('form.seeOrders')}
          </Button>
        )}
        <Button
          color="red"
          variant={unknown ? 'light' : 'filled'}
          data-autofocus={!unknown || undefined}
          onClick={onDiscard}
        >
          {t(unknown ? 'form.discardAnyway' : 'form.discard')}
        </Button>
      </Group>
    </Modal>
  )
}
