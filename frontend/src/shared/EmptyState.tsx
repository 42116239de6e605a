import { Stack, Text, Title } from '@mantine/core'
import { IconInbox, type Icon as IconType } from '@tabler/icons-react'
import type { ReactNode } from 'react'

/** Where nothing is: says so, and what to do next. */
export function EmptyState(props: { title: string; hint?: string; action?: ReactNode; icon?: IconType }) {
  const Icon = props.icon ?? IconInbox
  return (
    <Stack align="center" gap="xs" py={48} px="md">
      <Icon size={36} stroke={1.2} color="var(--mantine-color-dimmed)" aria-hidden />
      <Title order={2} size="md" ta="center">
        {props.title}
      </Title>
      {props.hint && (
        <Text c="dimmed" size="sm" ta="center" maw={420}>
          {props.hint}
        </Text>
      )}
      {props.action}
    </Stack>
  )
}
