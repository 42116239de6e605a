import { Group, Table, Text } from '@mantine/core'
import { useTranslation } from 'react-i18next'
import { Link, useNavigate } from 'react-router'
import { formatNumber } from '../formats/money'
import lists from '../shared/List.module.css'
import { Money } from '../shared/Money'
import { useIsPhone } from '../shared/useIsPhone'
import { useLanguage } from '../texts/i18n'
import type { Product } from './products'
import { StockMark } from './StockMark'

type Props = { products: Product[]; fading: boolean }

export function ProductRows({ products, fading }: Props) {
  const phone = useIsPhone()
  const Rows = phone ? Cards : Lines
  return (
    <div className={fading ? lists.fading : undefined}>
      <Rows products={products} />
    </div>
  )
}

function Lines({ products }: { products: Product[] }) {
  const { t } = useTranslation('products')
  const { language } = useLanguage()
  const navigate = useNavigate()
  return (
    <Table>
      <Table.Thead>
        <Table.Tr>
          <Table.Th>{t('columns.name')}</Table.Th>
          <Table.Th className="num">{t('columns.price')}</Table.Th>
          <Table.Th className="num">{t('columns.on_hand')}</Table.Th>
          <Table.Th className="num">{t('columns.reserved')}</Table.Th>
          <Table.Th className="num">{t('columns.available')}</Table.Th>
        </Table.Tr>
      </Table.Thead>
      <Table.Tbody>
        {products.map((product) => (
          <Table.Tr key={product.id} className={lists.row} onClick={() => void navigate(`/products/${product.id}`)}>
            <Table.Td>
              <Group gap="xs">
                <Link
                  to={`/products/${product.id}`}
                  className={lists.name}
                  onClick={(event) => event.stopPropagation()}
                >
                  {product.name}
                </Link>
                <StockMark product={product} />
              </Group>
              <Text size="xs" c="dimmed" className="breaks">
                {product.sku}
              </Text>
            </Table.Td>
            <Table.Td className="num">
              <Money amount={product.price} />
            </Table.Td>
            <Table.Td className="num" c="dimmed">
              {formatNumber(product.on_hand, language)}
            </Table.Td>
            <Table.Td className="num" c="dimmed">
              {formatNumber(product.reserved, language)}
            </Table.Td>
            <Table.Td className="num" fw={600}>
              {formatNumber(product.available, language)}
            </Table.Td>
          </Table.Tr>
        ))}
      </Table.Tbody>
    </Table>
  )
}

function Cards({ products }: { products: Product[] }) {
  const { t } = useTranslation('products')
  const { language } = useLanguage()
  return products.map((product) => (
    <Link key={product.id} to={`/products/${product.id}`} className={lists.card}>
      <Group justify="space-between" wrap="nowrap" align="flex-start">
        <div style={{ minWidth: 0 }}>
          <Text fw={600} truncate>
            {product.name}
          </Text>
          <Text size="sm" c="dimmed" className="breaks">
            {product.sku} · <Money amount={product.price} />
          </Text>
        </div>
        <div style={{ textAlign: 'right' }}>
          <Text fw={600} className="nowrap">
            {formatNumber(product.available, language)}{' '}
            <Text span size="xs" c="dimmed" fw={400}>
              {t('columns.available').toLowerCase()}
            </Text>
          </Text>
          <StockMark product={product} />
        </div>
      </Group>
    </Link>
  ))
}
