import { Group, Text } from '@mantine/core'
import { useTranslation } from 'react-i18next'

export function Brand({ size = 26 }: { size?: number }) {
  const { t } = useTranslation()
  return (
    <Group gap={size / 3.2} wrap="nowrap">
      <img src={`${import.meta.env.BASE_URL}favicon.svg`} width={size} height={size} alt="" />
      <Text fw={650} fz={size * 0.66} lh={1} className="nowrap">
        {t('app')}
      </Text>
    </Group>
  )
}
