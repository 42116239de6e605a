import { Alert, Button, Group, Modal, Stack, Table, Text } from '@mantine/core'
import { IconAlertTriangle, IconCloudQuestion, IconHourglass, IconInfoCircle } from '@tabler/icons-react'
import { useTranslation } from 'react-i18next'
import { Link } from 'react-router'
import { ApiError, type PriceChange } from '../api/problem'
import { useDescribe } from '../shared/describe'
import { Money } from '../shared/Money'
import { type Draft, isShort } from './draft'

type Props = {
  draft: Draft
  error: Error | null
  unsettled: boolean
  waiting: number | null
  onTakeAll: () => void
  onRetry: () => void
  onStartOver: () => void
}

/** What happened to the order on its way, above the form. */
export function PlacingNotice({ draft, error, unsettled, waiting, ...does }: Props) {
  const { t } = useTranslation(['orders', 'common'])
  const describe = useDescribe()
  if (waiting !== null) {
    return (
      <Alert mb="md" role="status" icon={<IconHourglass />} title={t('form.waitingTitle')}>
        {t('form.waitingHint', { seconds: waiting })}
      </Alert>
    )
  }
  if (unsettled && error && !draft.unsure) {
    // The session ended (the sign-in above sends it on), or the server was too busy: it did not come to the order.
    const signedOut = error instanceof ApiError && error.status === 401
    return (
      <Alert color="orange" mb="md" role="alert" icon={<IconHourglass />} title={t('form.notYetTitle')}>
        <Stack gap="xs" align="flex-start">
          <span>{signedOut ? t('form.afterSignIn') : describe(error).detail}</span>
          {!signedOut && (
            <Button size="xs" onClick={does.onRetry}>
              {t('common:actions.retry')}
            </Button>
          )}
        </Stack>
      </Alert>
    )
  }
  if (unsettled && error) {
    return (
      <Alert color="orange" mb="md" role="alert" icon={<IconCloudQuestion />} title={t('form.unknownTitle')}>
        <Stack gap="xs" align="flex-start">
          <span>{describe(error).detail}</span>
          <span>{t('form.unknownHint')}</span>
          <Button size="xs" onClick={does.onRetry}>
            {t('common:actions.retry')}
          </Button>
        </Stack>
      </Alert>
    )
  }
  if (!(error instanceof ApiError)) return null
  if (error.code === 'insufficient_stock' && draft.lines.some(isShort)) {
    return (
      <Alert color="red" mb="md" role="alert" icon={<IconAlertTriangle />} title={t('form.shortTitle')}>
        <Stack gap="xs" align="flex-start">
          <span>{t('form.shortHint')}</span>
          <Button size="xs" variant="default" onClick={does.onTakeAll}>
            {t('form.takeAll')}
          </Button>
        </Stack>
      </Alert>
    )
  }
  if (error.code === 'idempotency_key_reused') {
    return (
      <Alert color="orange" mb="md" role="alert" icon={<IconInfoCircle />} title={t('form.usedTitle')}>
        <Stack gap="xs" align="flex-start">
          <span>{t('form.usedHint')}</span>
          <Group gap="xs">
            <Button size="xs" component={Link} to={`/orders/${String(error.problem.order_id)}`}>
              {t('form.seeOrder')}
            </Button>
            <Button size="xs" variant="default" onClick={does.onStartOver}>
              {t('form.startOver')}
            </Button>
          </Group>
        </Stack>
      </Alert>
    )
  }
  return null
}

type PricesProps = { draft: Draft; error: ApiError; onAccept: () => void; onReview: () => void; onClose: () => void }

/** The catalogue's price is another than the customer was told: somebody has to say yes. */
export function PriceDialog({ draft, error, onAccept, onReview, onClose }: PricesProps) {
  const { t } = useTranslation(['orders', 'common'])
  const nameOf = (id: number) => draft.lines.find((line) => line.product.id === id)?.product.name
  return (
    <Modal
      opened
      onClose={onClose}
      title={t('form.prices')}
      closeButtonProps={{ 'aria-label': t('common:actions.close') }}
    >
      <Text size="sm" c="dimmed" mb="sm">
        {t('form.pricesHint')}
      </Text>
      <Table mb="md">
        <Table.Thead>
          <Table.Tr>
            <Table.Th>{t('columns.product')}</Table.Th>
            <Table.Th className="num">{t('form.before')}</Table.Th>
            <Table.Th className="num">{t('form.now')}</Table.Th>
          </Table.Tr>
        </Table.Thead>
        <Table.Tbody>
          {error.list<PriceChange>('changes').map((change) => (
            <Table.Tr key={change.product_id}>
              <Table.Td>{nameOf(change.product_id) ?? change.sku}</Table.Td>
              <Table.Td className="num" c="dimmed">
                <Money amount={change.sent} td="line-through" />
              </Table.Td>
              <Table.Td className="num" fw={600}>
                <Money amount={change.current} />
              </Table.Td>
            </Table.Tr>
          ))}
        </Table.Tbody>
      </Table>
      <Group justify="flex-end" gap="xs">
        <Button variant="default" onClick={onReview}>
          {t('form.reviewPrices')}
        </Button>
        <Button onClick={onAccept} data-autofocus>
          {t('form.acceptPrices')}
        </Button>
      </Group>
    </Modal>
  )
}
