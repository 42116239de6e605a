import { Text } from '@mantine/core'
import { useTranslation } from 'react-i18next'
import { formatMoney, formatNumber } from '../formats/money'
import { useLanguage } from '../texts/i18n'
import { Bar } from './Bar'
import classes from './Dashboard.module.css'
import type { Dashboard } from './dashboard'

export function TopProducts({ products }: { products: Dashboard['top_products'] }) {
  const { t } = useTranslation(['dashboard', 'common'])
  const { language } = useLanguage()
  const most = Number(products[0]?.revenue ?? 1)
  if (products.length === 0)
    return (
      <Text size="sm" c="dimmed">
        {t('common:state.noLines')}
      </Text>
    )
  return (
    <ul className={classes.bars}>
      {products.slice(0, 8).map((product) => {
        const units = t('units', { count: product.quantity, formatted: formatNumber(product.quantity, language) })
        return (
          <Bar
            key={product.product_id}
            to={`/products/${product.product_id}`}
            name={product.name}
            value={formatMoney(product.revenue, language)}
            part={Number(product.revenue) / most}
            hint={`${product.sku} · ${units}`}
          />
        )
      })}
    </ul>
  )
}
