import { Select } from '@mantine/core'
import { useTranslation } from 'react-i18next'
import { dayInSaoPaulo } from '../formats/moments'

type Props = { from: string; to: string; today: string; onChange: (from: string, to: string) => void }

/** The usual periods, counted in days of São Paulo. */
export function Period({ from, to, today, onChange }: Props) {
  const { t } = useTranslation('orders')
  const starts = { any: '', today, last7: dayInSaoPaulo(6), last30: dayInSaoPaulo(29) }
  type Name = keyof typeof starts
  const names = Object.keys(starts) as Name[]
  const chosen = to ? null : (names.find((name) => starts[name] === from) ?? null)
  return (
    <Select
      aria-label={t('list.period')}
      data={names.map((name) => ({ value: name, label: t(`list.${name}`) }))}
      value={chosen}
      placeholder={[from, to].filter(Boolean).join(' – ')}
      allowDeselect={false}
      onChange={(name) => onChange(starts[name as Name], '')}
      w={150}
    />
  )
}
