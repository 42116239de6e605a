import { Group, Table, Text } from '@mantine/core'
import { useTranslation } from 'react-i18next'
import { Link } from 'react-router'
import { formatNumber } from '../formats/money'
import lists from '../shared/List.module.css'
import { Moment } from '../shared/Moment'
import { useIsPhone } from '../shared/useIsPhone'
import { useLanguage } from '../texts/i18n'
import { type Movement, orderOf } from './products'

export function LedgerRows({ movements }: { movements: Movement[] }) {
  const phone = useIsPhone()
  return phone ? <Cards movements={movements} /> : <Lines movements={movements} />
}

/** `+80`, `−6`, and a quiet nothing. */
function Delta({ value }: { value: number }) {
  const { language } = useLanguage()
  if (value === 0)
    return (
      <Text span c="dimmed" aria-label="0">
        ·
      </Text>
    )
  return <>{(value > 0 ? '+' : '−') + formatNumber(Math.abs(value), language)}</>
}

function Why({ movement }: { movement: Movement }) {
  const order = orderOf(movement.reference)
  return (
    <>
      {order !== null && <Link to={`/orders/${order}`}>{`PED-${String(order).padStart(8, '0')}`}</Link>}
      {order !== null && movement.reason && ' · '}
      {movement.reason}
    </>
  )
}

function Lines({ movements }: { movements: Movement[] }) {
  const { t } = useTranslation('products')
  const { language } = useLanguage()
  return (
    <Table.ScrollContainer minWidth={640}>
      <Table>
        <Table.Thead>
          <Table.Tr>
            <Table.Th>{t('ledger.when')}</Table.Th>
            <Table.Th>{t('ledger.kind')}</Table.Th>
            <Table.Th className="num">{t('ledger.on_hand')}</Table.Th>
            <Table.Th className="num">{t('ledger.reserved')}</Table.Th>
            <Table.Th className="num">{t('ledger.after')}</Table.Th>
            <Table.Th>{t('ledger.why')}</Table.Th>
            <Table.Th>{t('ledger.who')}</Table.Th>
          </Table.Tr>
        </Table.Thead>
        <Table.Tbody>
          {movements.map((movement) => (
            <Table.Tr key={movement.id}>
              <Table.Td c="dimmed">
                <Moment time={movement.created_at} />
              </Table.Td>
              <Table.Td className="nowrap">{t(`kind.${movement.kind}`)}</Table.Td>
              <Table.Td className="num">
                <Delta value={movement.on_hand_delta} />
              </Table.Td>
              <Table.Td className="num">
                <Delta value={movement.reserved_delta} />
              </Table.Td>
              <Table.Td className="num" fw={600}>
                {formatNumber(movement.on_hand_after - movement.reserved_after, language)}
              </Table.Td>
              <Table.Td className="breaks">
                <Why movement={movement} />
              </Table.Td>
              <Table.Td c="dimmed">{movement.actor ?? t('ledger.system')}</Table.Td>
            </Table.Tr>
          ))}
        </Table.Tbody>
      </Table>
    </Table.ScrollContainer>
  )
}

function Cards({ movements }: { movements: Movement[] }) {
  const { t } = useTranslation('products')
  const { language } = useLanguage()
  return movements.map((movement) => (
    <div key={movement.id} className={lists.card}>
      <Group justify="space-between" wrap="nowrap">
        <Text fw={600} size="sm">
          {t(`kind.${movement.kind}`)} <Delta value={movement.on_hand_delta || movement.reserved_delta} />
        </Text>
        <Text size="sm" className="num">
          → {formatNumber(movement.on_hand_after - movement.reserved_after, language)}
        </Text>
      </Group>
      <Text size="xs" c="dimmed" component="div" className="breaks">
        <Moment time={movement.created_at} /> · {movement.actor ?? t('ledger.system')}{' '}
        {(movement.reason || orderOf(movement.reference) !== null) && (
          <>
            · <Why movement={movement} />
          </>
        )}
      </Text>
    </div>
  ))
}
