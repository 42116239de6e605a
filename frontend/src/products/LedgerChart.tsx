import { LineChart } from '@mantine/charts'
import '@mantine/charts/styles.layer.css'
import { useTranslation } from 'react-i18next'
import { formatDayOf, formatMoment } from '../formats/moments'
import { formatNumber } from '../formats/money'
import { useLanguage } from '../texts/i18n'
import { type Level, ticks } from './products'
import './texts'

/** In a chunk of its own: the charts weigh more than the rest of a screen. */
export default function LedgerChart({ points }: { points: Level[] }) {
  const { t } = useTranslation('products')
  const { language } = useLanguage()
  // The axis ends at a round number above the highest.
  const highest = 1.3 * Math.max(...points.map(({ on_hand }) => on_hand))
  const byTime = (points.at(-1)?.x ?? 0) > points.length
  const momentAt = (x: number) => (byTime ? new Date(x).toISOString() : points[x]?.at)
  const day = (x: number) => {
    const moment = momentAt(x)
    return moment ? formatDayOf(moment, language) : ''
  }
  return (
    <LineChart
      h={220}
      data={points}
      dataKey="x"
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
        domain: ['dataMin', 'dataMax'],
        ticks: ticks(points),
        interval: 'preserveStartEnd',
        tickFormatter: day,
        minTickGap: 24,
      }}
      tooltipProps={{
        // It is asked while nothing is pointed at, too.
        labelFormatter: (x) => (typeof x === 'number' ? formatMoment(momentAt(x) ?? '', language) : ''),
      }}
      yAxisProps={{ width: Math.max(48, 10 + 8 * formatNumber(highest, language).length) }}
    />
  )
}
