import { Group, SegmentedControl, TextInput } from '@mantine/core'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { dayInSaoPaulo } from '../formats/moments'

type Props = { from: string; to: string; onChange: (from: string | null, to: string | null) => void }

const USUAL = { today: 0, last7: 6, last30: 29, last90: 89 } as const
type Usual = keyof typeof USUAL

/** The usual periods up to today, or any other, in days of São Paulo. */
export function PeriodChoice({ from, to, onChange }: Props) {
  const { t } = useTranslation('dashboard')
  const today = dayInSaoPaulo()
  const usual = (Object.keys(USUAL) as Usual[]).find((name) => to === today && from === dayInSaoPaulo(USUAL[name]))
  const [choosing, setChoosing] = useState(usual === undefined)
  return (
    <Group gap="xs">
      {choosing && (
        <Group gap={6} wrap="nowrap">
          <TextInput
            type="date"
            size="xs"
            aria-label={t('period.from')}
            value={from}
            onChange={(event) => onChange(event.currentTarget.value || from, to)}
          />
          <TextInput
            type="date"
            size="xs"
            aria-label={t('period.to')}
            value={to}
            onChange={(event) => onChange(from, event.currentTarget.value || to)}
          />
        </Group>
      )}
      <SegmentedControl
        size="xs"
        aria-label={t('period.label')}
        data={[...(Object.keys(USUAL) as Usual[]), 'custom' as const].map((value) => ({
          value,
          label: t(`period.${value}`),
        }))}
        value={choosing ? 'custom' : (usual ?? 'custom')}
        onChange={(value) => {
          setChoosing(value === 'custom')
          if (value === 'custom') return
          // The usual one is what the bare address shows: tomorrow it is another.
          if (value === 'last30') onChange(null, null)
          else onChange(dayInSaoPaulo(USUAL[value as Usual]), today)
        }}
      />
    </Group>
  )
}
