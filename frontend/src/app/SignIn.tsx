import { Center, Group, Paper, Stack, Text, Title } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import { useTranslation } from 'react-i18next'
import { Navigate, useLocation } from 'react-router'
import { meQuery } from '../session/session'
import { Brand } from './Brand'
import { LanguageSwitch, ThemeSwitch } from './Settings'
import { SignInForm } from './SignInForm'

type From = { next?: string } | null

export function SignIn() {
  const { t } = useTranslation()
  const from = useLocation().state as From
  const me = useQuery(meQuery)
  if (me.data) return <Navigate to={from?.next ?? '/'} replace />
  return (
    <Center component="main" mih="100vh" p="md">
      <Stack w="100%" maw={380} gap="lg">
        <Stack gap={4} align="center">
          <Brand size={40} />
          <Title order={1} className="visually-hidden">
            {t('signIn.title')}
          </Title>
          <Text c="dimmed" ta="center">
            {t('signIn.welcome')}
          </Text>
        </Stack>
        <Paper p="lg" shadow="xs">
          <SignInForm />
        </Paper>
        <Group justify="center" gap="xs">
          <LanguageSwitch />
          <ThemeSwitch />
        </Group>
      </Stack>
    </Center>
  )
}
