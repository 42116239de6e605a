import { Alert, Button, Stack, TextInput } from '@mantine/core'
import { IconAlertCircle, IconLock } from '@tabler/icons-react'
import { useMutation } from '@tanstack/react-query'
import { type FormEvent, useRef, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { ApiError } from '../api/problem'
import { signIn } from '../session/session'
import { useDescribe } from '../shared/describe'
import { PasswordField } from '../shared/PasswordField'

/** `known` is whose session ended, where one did. */
export function SignInForm({ known = '' }: { known?: string }) {
  const { t } = useTranslation()
  const [username, setUsername] = useState(known)
  const [password, setPassword] = useState('')
  const passwordField = useRef<HTMLInputElement>(null)
  const entering = useMutation({
    mutationFn: () => signIn(username.trim(), password),
    onError: () => {
      setPassword('')
      passwordField.current?.focus()
    },
  })
  const submit = (event: FormEvent) => {
    event.preventDefault()
    if (username && password && !entering.isPending) entering.mutate()
  }
  return (
    <form onSubmit={submit}>
      <Stack>
        {known && !entering.isError && <Alert icon={<IconLock size={18} />}>{t('signIn.expired')}</Alert>}
        {entering.isError && <Refusal error={entering.error} />}
        <TextInput
          label={t('signIn.username')}
          autoComplete="username"
          autoCapitalize="none"
          autoFocus={!known}
          required
          withAsterisk={false}
          value={username}
          onChange={(event) => setUsername(event.currentTarget.value)}
        />
        <PasswordField
          ref={passwordField}
          label={t('signIn.password')}
          autoComplete="current-password"
          data-autofocus={known ? true : undefined}
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
