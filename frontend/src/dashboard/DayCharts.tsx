import { AreaChart, BarChart } from '@mantine/charts'
import '@mantine/charts/styles.layer.css'
import { Text } from '@mantine/core'
import { useTranslation } from 'react-i18next'
import { formatDay } from '../formats/moments'
import { formatMoney, formatMoneyShort, formatNumber } from '../formats/money'
import { useLanguage } from '../texts/i18n'
import type { Day } from './dashboard'
import './texts'

/** Revenue and orders over the same days, one above the other. In a chunk of its own: charts are heavy. */
export default function DayCharts({ days }: { days: Day[] }) {
  const { t } = useTranslation('dashboard')
  const { language } = useLanguage()
  const short = (day: string) => formatDay(day, language, { day: '2-digit', month: '2-digit' })
  const long = (day: string) => formatDay(day, language, { weekday: 'long', day: 'numeric', month: 'long' })
  const data = days.map(({ date, orders, revenue }) => ({ date, orders, revenue: Number(revenue) }))
  const common = {
    data,
    dataKey: 'date',
    xAxisProps: { tickFormatter: short, minTickGap: 24 },
    // It is asked while nothing is pointed at, too.
    tooltipProps: { labelFormatter: (day: unknown) => (typeof day === 'string' ? long(day) : '') },
  }
  return (
    <>
      <Text size="xs" c="dimmed" mb={4}>
        {t('revenue')}
      </Text>
      <AreaChart
        {...common}
        h={190}
        curveType="linear"
        withDots={false}
        series={[{ name: 'revenue', label: t('revenue'), color: 'petrol.6' }]}
        valueFormatter={(value) => formatMoney(value.toFixed(2), language)}
        yAxisProps={{ width: 70, tickFormatter: (value: number) => formatMoneyShort(value, language) }}
      />
      <Text size="xs" c="dimmed" mb={4} mt="sm">
        {t('orders')}
      </Text>
      <BarChart
        {...common}
        h={110}
        series={[{ name: 'orders', label: t('orders'), color: 'petrol.4' }]}
        valueFormatter={(value) => formatNumber(value, language)}
        yAxisProps={{ width: 70, allowDecimals: false, tickCount: 3 }}
        maxBarWidth={26}
      />
    </>
  )
}
