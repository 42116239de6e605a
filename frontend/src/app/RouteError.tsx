import { Button, Center, Stack, Text, Title } from '@mantine/core'
import { IconCompassOff, IconMoodSad } from '@tabler/icons-react'
import { useTranslation } from 'react-i18next'
import { Link, useRouteError } from 'react-router'
import { EmptyState } from '../shared/EmptyState'

export function Missing() {
  const { t } = useTranslation()
  return (
    <EmptyState
      icon={IconCompassOff}
      title={t('state.notFound')}
      hint={t('state.notFoundHint')}
      action={
        <Button component={Link} to="/orders" variant="light">
          {t('nav.orders')}
        </Button>
      }
    />
  )
}

/** A crash of one screen, or a deploy that took the files of an open one away: a reload helps both. */
export function RouteError() {
  const { t } = useTranslation()
  const error = useRouteError()
  return (
    <Center mih="60vh" p="md">
      <Stack align="center" gap="sm" maw={420}>
        <IconMoodSad size={40} stroke={1.3} aria-hidden />
        <Title order={1}>{t('problem.crash')}</Title>
        <Text c="dimmed" ta="center">
          {t('problem.crashHint')}
        </Text>
        <Text size="xs" c="dimmed" ff="monospace">
          {error instanceof Error ? error.message : String(error)}
        </Text>
        <Button onClick={() => window.location.reload()}>{t('problem.reloadPage')}</Button>
      </Stack>
    </Center>
  )
}
