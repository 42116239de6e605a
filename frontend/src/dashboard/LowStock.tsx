import { Anchor, Group, Paper, Text, Title } from '@mantine/core'
import { IconCircleCheck } from '@tabler/icons-react'
import { useTranslation } from 'react-i18next'
import { Link } from 'react-router'
import { formatNumber } from '../formats/money'
import { useLanguage } from '../texts/i18n'
import { Bar } from './Bar'
import classes from './Dashboard.module.css'
import type { Dashboard } from './dashboard'

const SHOWN = 8

/** What has to be bought: as of now, whatever the period. */
export function LowStock({ products }: { products: Dashboard['low_stock'] }) {
  const { t } = useTranslation('dashboard')
  const { language } = useLanguage()
  return (
    <Paper p="md" component="section" aria-label={t('low')}>
      <Group justify="space-between" mb="sm">
        <Title order={2}>{t('low')}</Title>
        {products.length > 0 && (
          <Anchor component={Link} to="/products?low=yes&sort=scarcest" size="sm">
            {t('lowAll')}
          </Anchor>
        )}
      </Group>
      {products.length === 0 ? (
        <Group gap="xs" c="dimmed">
          <IconCircleCheck size={18} stroke={1.6} aria-hidden />
          <Text size="sm">
            {t('lowNone')}. {t('lowNoneHint')}
          </Text>
        </Group>
      ) : (
        <ul className={`${classes.bars} ${classes.columns}`}>
          {products.slice(0, SHOWN).map((product) => {
            const threshold = product.low_stock_threshold ?? 0
            const left = t('left', {
              available: formatNumber(product.available, language),
              threshold: formatNumber(threshold, language),
            })
            return (
              <Bar
                key={product.id}
                to={`/products/${product.id}`}
                name={product.name}
                value={left}
                part={threshold ? product.available / threshold : 0}
                hint={`${product.sku} · ${left}`}
                color="light-dark(var(--mantine-color-orange-7), var(--mantine-color-orange-5))"
              />
            )
          })}
        </ul>
      )}
    </Paper>
  )
}
