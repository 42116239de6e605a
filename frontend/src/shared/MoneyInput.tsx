import { Text, TextInput, type TextInputProps } from '@mantine/core'
import { useState } from 'react'
import { type Money, moneyInput, parseMoney } from '../formats/money'
import { useLanguage } from '../texts/i18n'

type Props = Omit<TextInputProps, 'value' | 'onChange'> & {
  /** The amount, or the text as typed while it is none: the form says so on the field. */
  value: Money
  onChange: (value: Money) => void
}

/** Takes an amount as people type it (`1.234,50`, `1234,5`), and holds it as a decimal string. */
export function MoneyInput({ value, onChange, ...props }: Props) {
  const { language } = useLanguage()
  const [typing, setTyping] = useState<string | null>(null)
  const isAmount = /^\d+\.\d{2}$/.test(value)
  return (
    <TextInput
      inputMode="decimal"
      autoComplete="off"
      leftSection={
        <Text size="sm" c="dimmed">
          R$
        </Text>
      }
      styles={{ input: { textAlign: 'right', fontVariantNumeric: 'tabular-nums' } }}
      {...props}
      value={typing ?? (isAmount ? moneyInput(value, language) : value)}
      onFocus={(event) => {
        event.currentTarget.select()
        props.onFocus?.(event)
      }}
      onChange={(event) => {
        const text = event.currentTarget.value
        setTyping(text)
        onChange(text.trim() === '' ? '' : (parseMoney(text, language) ?? text))
      }}
      onBlur={(event) => {
        setTyping(null)
        props.onBlur?.(event)
      }}
    />
  )
}
