import { Badge } from '@mantine/core'
import { useTranslation } from 'react-i18next'
import { type Product, isLow } from './products'
import './texts'

/** Says in a word, and not by colour alone, that there is little left, or nothing; and what is not sold. */
export function StockMark({ product }: { product: Product }) {
  const { t } = useTranslation('products')
  const style = { variant: 'light', tt: 'none', fw: 550 } as const
  return (
    <>
      {!product.is_active && (
        <Badge color="gray" {...style}>
          {t('inactive')}
        </Badge>
      )}
      {product.is_active && product.available === 0 && (
        <Badge color="red" c="var(--mantine-color-error)" {...style}>
          {t('soldOut')}
        </Badge>
      )}
      {product.is_active && product.available > 0 && isLow(product) && (
        <Badge color="orange" c="var(--desk-warning)" {...style}>
          {t('low')}
        </Badge>
      )}
    </>
  )
}
