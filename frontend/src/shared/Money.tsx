import { Text, type TextProps } from '@mantine/core'
import { type Money as Amount, formatMoney } from '../formats/money'
import { useLanguage } from '../texts/i18n'

/** An amount as a person reads it, its digits under those of the next row. */
export function Money({ amount, ...props }: { amount: Amount } & TextProps) {
  const { language } = useLanguage()
  return (
    <Text component="span" inherit className="num" {...props}>
      {formatMoney(amount, language)}
    </Text>
  )
}
