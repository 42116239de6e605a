import { LineChart } from '@mantine/charts'
import '@mantine/charts/styles.layer.css'
import { useTranslation } from 'react-i18next'
import { formatDay, formatMoment } from '../formats/moments'
import { formatNumber } from '../formats/money'
import { useLanguage } from '../texts/i18n'
import type { Level } from './products'
import './texts'

/** In a chunk of its own: the charts weigh more than the rest of a screen. */
export default function LedgerChart({ points }: { points: Level[] }) {
  const { t } = useTranslation('products')
  const { language } = useLanguage()
  const day = (time: number) =>
    formatDay(new Date(time).toISOString().slice(0, 10), language, { day: '2-digit', month: '2-digit' })
  return (
    <LineChart
      h={220}
      data={points}
      dataKey="time"
      curveType="stepAfter"
      withDots={false}
      strokeWidth={2}
      withLegend
      series={[
        { name: 'on_hand', label: t('columns.on_hand'), color: 'gray.6' },
        { name: 'available', label: t('columns.available'), color: 'teal.6' },
      ]}
      valueFormatter={(value) => formatNumber(value, language)}
      xAxisProps={{
        type: 'number',
        scale: 'time',
        domain: ['dataMin', 'dataMax'],
        tickFormatter: day,
        minTickGap: 40,
      }}
      tooltipProps={{ labelFormatter: (time) => formatMoment(new Date(Number(time)).toISOString(), language) }}
      yAxisProps={{ width: 48 }}
    />
  )
}
