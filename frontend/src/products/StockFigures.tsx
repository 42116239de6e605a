import { Group, Paper, Progress, Text } from '@mantine/core'
import { useTranslation } from 'react-i18next'
import { formatNumber } from '../formats/money'
import { useLanguage } from '../texts/i18n'
import { type Product, isLow } from './products'

/** On hand = reserved + available, as figures and as a bar. */
export function StockFigures({ product }: { product: Product }) {
  const { t } = useTranslation('products')
  const { language } = useLanguage()
  const { on_hand, reserved, available, low_stock_threshold: threshold } = product
  const low = isLow(product)
  const figures = [
    { name: t('columns.available'), value: available, color: low ? 'orange.6' : 'teal.6', hint: true },
    { name: t('columns.reserved'), value: reserved, color: 'violet.5' },
    { name: t('columns.on_hand'), value: on_hand },
  ]
  return (
    <Paper p="md" component="section" aria-label={t('columns.on_hand')}>
      <Group gap="xl" mb="sm" align="flex-start">
        {figures.map(({ name, value, hint }) => (
          <div key={name}>
            <Text size="xs" c="dimmed">
              {name}
            </Text>
            <Text fz={28} fw={650} lh={1.2} className="num" ta="left">
              {formatNumber(value, language)}
            </Text>
            {hint && threshold !== null && (
              <Text size="xs" c={low ? 'var(--desk-warning)' : 'dimmed'} fw={low ? 600 : 400}>
                {t('one.threshold', { count: threshold })}
              </Text>
            )}
          </div>
        ))}
      </Group>
      <Progress.Root size="md" aria-hidden>
        {figures.slice(0, 2).map(({ name, value, color }) => (
          <Progress.Section key={name} value={on_hand ? (100 * value) / on_hand : 0} color={color} />
        ))}
      </Progress.Root>
    </Paper>
  )
}
