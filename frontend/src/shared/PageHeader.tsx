import { Group, Stack, Text, Title } from '@mantine/core'
import type { ReactNode } from 'react'
import { useTranslation } from 'react-i18next'

type Props = { title: string; beside?: ReactNode; subtitle?: ReactNode; actions?: ReactNode }

/** The head of a screen; it names the browser's tab as well. */
export function PageHeader({ title, beside, subtitle, actions }: Props) {
  const { t } = useTranslation()
  return (
    <Group justify="space-between" align="flex-start" mb="md" gap="sm">
      <title>{`${title} · ${t('app')}`}</title>
      <Stack gap={2} className="breaks">
        <Group gap="sm">
          <Title order={1}>{title}</Title>
          {beside}
        </Group>
        {subtitle && (
          <Text component="div" c="dimmed" size="sm">
            {subtitle}
          </Text>
        )}
      </Stack>
      {actions && <Group gap="xs">{actions}</Group>}
    </Group>
  )
}
