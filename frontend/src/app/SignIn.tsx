import { Alert, Button, Center, Group, Paper, PasswordInput, Stack, Text, TextInput, Title } from '@mantine/core'
import { IconAlertCircle, IconLock } from '@tabler/icons-react'
import { useMutation, useQuery } from '@tanstack/react-query'
import { type FormEvent, useRef, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { Navigate, useLocation } from 'react-router'
import { ApiError } from '../api/problem'
import { meQuery, signIn } from '../session/session'
import { useDescribe } from '../shared/describe'
import { Brand } from './Brand'
import { LanguageSwitch, ThemeSwitch } from './Settings'

type From = { next?: string; expired?: boolean } | null

export function SignIn() {
  const { t } = useTranslation()
  const from = useLocation().state as From
  const me = useQuery(meQuery)
  const [username, setUsername] = useState('')
  const [password, setPassword] = useState('')
  const passwordField = useRef<HTMLInputElement>(null)
  const entering = useMutation({
    mutationFn: () => signIn(username.trim(), password),
    onError: () => {
      setPassword('')
      passwordField.current?.focus()
    },
  })

  if (me.data) return <Navigate to={from?.next ?? '/'} replace />

  const submit = (event: FormEvent) => {
    event.preventDefault()
    if (username && password && !entering.isPending) entering.mutate()
  }
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
          <form onSubmit={submit}>
            <Stack>
              {from?.expired && !entering.isError && (
                <Alert icon={<IconLock size={18} />}>{t('signIn.expired')}</Alert>
              )}
              {entering.isError && <Refusal error={entering.error} />}
              <TextInput
                label={t('signIn.username')}
                autoComplete="username"
                autoCapitalize="none"
                autoFocus
                required
                withAsterisk={false}
                value={username}
                onChange={(event) => setUsername(event.currentTarget.value)}
              />
              <PasswordInput
                ref={passwordField}
                label={t('signIn.password')}
                autoComplete="current-password"
                required
                withAsterisk={false}
                value={password}
                onChange={(event) => setPassword(event.currentTarget.value)}
              />
              <Button type="submit" size="md" loading={entering.isPending}>
                {t('signIn.submit')}
              </Button>
            </Stack>
          </form>
        </Paper>
        <Group justify="center" gap="xs">
          <LanguageSwitch />
          <ThemeSwitch />
        </Group>
      </Stack>
    </Center>
  )
}

function Refusal({ error }: { error: Error }) {
  const { t } = useTranslation()
  const describe = useDescribe()
  const text = () => {
    if (!(error instanceof ApiError)) return describe(error).detail
    if (error.code === 'account_locked') {
      return t('signIn.locked', { minutes: Math.max(1, Math.ceil((error.retryAfter ?? 900) / 60)) })
    }
    return error.status === 401 ? t('signIn.wrong') : describe(error).detail
  }
  return (
    <Alert color="red" role="alert" icon={<IconAlertCircle size={18} />}>
      {text()}
    </Alert>
  )
}
