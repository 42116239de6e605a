import { Group, Select, TextInput } from '@mantine/core'
import { useTranslation } from 'react-i18next'
import { dayInSaoPaulo } from '../formats/moments'

type Props = { from: string; to: string; onChange: (from: string, to: string) => void }

/** The usual periods and any other, counted in days of São Paulo. */
export function Period({ from, to, onChange }: Props) {
  const { t } = useTranslation('orders')
  const starts = { any: '', today: dayInSaoPaulo(), last7: dayInSaoPaulo(6), last30: dayInSaoPaulo(29) }
  type Name = keyof typeof starts
  const names = Object.keys(starts) as Name[]
  const usual = to ? undefined : names.find((name) => starts[name] === from)
  return (
    <Group gap="xs">
      <Select
        aria-label={t('list.period')}
        data={[...names, 'custom' as const].map((name) => ({ value: name, label: t(`list.${name}`) }))}
        value={usual ?? 'custom'}
        allowDeselect={false}
        onChange={(name) => {
          if (name === 'custom') onChange(from || starts.last7, starts.today)
          else onChange(starts[name as Name], '')
        }}
        w={160}
      />
      {!usual && (
        <Group gap="xs" wrap="nowrap">
          <TextInput
            type="date"
            aria-label={t('list.from')}
            value={from}
            max={to || undefined}
            onChange={(event) => onChange(event.currentTarget.value, to)}
          />
          <TextInput
            type="date"
            aria-label={t('list.to')}
            value={to}
            min={from || undefined}
            onChange={(event) => onChange(from, event.currentTarget.value)}
          />
        </Group>
      )}
    </Group>
  )
}
