import { Group, Paper, Stack, Table, Text } from '@mantine/core'
import { useTranslation } from 'react-i18next'
import { Link } from 'react-router'
import { formatNumber } from '../formats/money'
import { Money } from '../shared/Money'
import { useIsPhone } from '../shared/useIsPhone'
import { useLanguage } from '../texts/i18n'
import classes from './OrderRows.module.css'
import type { OrderDetail } from './orders'

/** What was ordered, at the prices of that day, and what it comes to. */
export function OrderLines({ order }: { order: OrderDetail }) {
  const phone = useIsPhone()
  return <Paper style={{ overflow: 'hidden' }}>{phone ? <Cards order={order} /> : <Lines order={order} />}</Paper>
}

function Lines({ order }: { order: OrderDetail }) {
  const { t } = useTranslation('orders')
  const { language } = useLanguage()
  return (
    <Table>
      <Table.Thead>
        <Table.Tr>
          <Table.Th>{t('columns.product')}</Table.Th>
          <Table.Th className="num">{t('columns.quantity')}</Table.Th>
          <Table.Th className="num">{t('columns.price')}</Table.Th>
          <Table.Th className="num">{t('columns.subtotal')}</Table.Th>
        </Table.Tr>
      </Table.Thead>
      <Table.Tbody>
        {order.items.map((item) => (
          <Table.Tr key={item.id}>
            <Table.Td>
              <Product item={item} />
            </Table.Td>
            <Table.Td className="num">{formatNumber(item.quantity, language)}</Table.Td>
            <Table.Td className="num">
              <Money amount={item.unit_price} />
            </Table.Td>
            <Table.Td className="num" fw={550}>
              <Money amount={item.subtotal} />
            </Table.Td>
          </Table.Tr>
        ))}
      </Table.Tbody>
      <Table.Tfoot>
        <Table.Tr>
          <Table.Td colSpan={4}>
            <Sums order={order} />
          </Table.Td>
        </Table.Tr>
      </Table.Tfoot>
    </Table>
  )
}

function Cards({ order }: { order: OrderDetail }) {
  const { language } = useLanguage()
  return (
    <>
      {order.items.map((item) => (
        <div key={item.id} className={classes.card}>
          <Product item={item} />
          <Group justify="space-between" mt={2}>
            <Text size="sm" c="dimmed">
              {formatNumber(item.quantity, language)} × <Money amount={item.unit_price} />
            </Text>
            <Text size="sm" fw={600}>
              <Money amount={item.subtotal} />
            </Text>
          </Group>
        </div>
      ))}
      <div className={classes.card}>
        <Sums order={order} />
      </div>
    </>
  )
}

function Product({ item }: { item: OrderDetail['items'][number] }) {
  return (
    <>
      <Link to={`/products/${item.product_id}`} className={classes.name}>
        {item.name}
      </Link>
      <Text size="xs" c="dimmed" className="breaks">
        {item.sku}
      </Text>
    </>
  )
}

function Sums({ order }: { order: OrderDetail }) {
  const { t } = useTranslation('orders')
  const { language } = useLanguage()
  const pieces = order.items.reduce((count, item) => count + item.quantity, 0)
  return (
    <Stack gap={4} ml="auto" maw={340}>
      <Group justify="space-between">
        <Text size="sm" c="dimmed">
          {t('form.subtotal')} · {t('form.pieces', { count: pieces, amount: formatNumber(pieces, language) })}
        </Text>
        <Text size="sm">
          <Money amount={order.subtotal} />
        </Text>
      </Group>
      <Group justify="space-between">
        <Text size="sm" c="dimmed">
          {t('one.freight')}
        </Text>
        <Text size="sm">
          <Money amount={order.freight} />
        </Text>
      </Group>
      <Group justify="space-between" align="baseline">
        <Text fw={600}>{t('form.total')}</Text>
        <Text fz="1.3rem" fw={650}>
          <Money amount={order.total} />
        </Text>
      </Group>
    </Stack>
  )
}
