import { Button, Grid, Paper, Stack, Text, Title } from '@mantine/core'
import { useForm } from '@mantine/form'
import { useMutation } from '@tanstack/react-query'
import type { ReactNode } from 'react'
import { useTranslation } from 'react-i18next'
import { displayName, endHere, useMe } from '../session/session'
import { putOnFields } from '../shared/fields'
import { PageHeader } from '../shared/PageHeader'
import { PasswordField } from '../shared/PasswordField'
import { useToasts } from '../shared/toasts'
import { RoleBadges } from './RoleBadges'
import { changePassword } from './users'
import './texts'

export function Component() {
  const { t } = useTranslation('users')
  const me = useMe()
  return (
    <>
      <PageHeader title={t('account.title')} />
      <Grid gap="md" align="flex-start" maw={920}>
        <Grid.Col span={{ base: 12, sm: 5 }}>
          <Paper p="md">
            <Stack gap="md">
              <Title order={2}>{displayName(me)}</Title>
              <Fact title={t('account.username')}>{me.username}</Fact>
              <Fact title={t('account.email')}>{me.email}</Fact>
              <Fact title={t('account.roles')}>
                <RoleBadges roles={me.roles} superuser={me.is_superuser} />
              </Fact>
            </Stack>
          </Paper>
        </Grid.Col>
        <Grid.Col span={{ base: 12, sm: 7 }}>
          <Password />
        </Grid.Col>
      </Grid>
    </>
  )
}

function Fact({ title, children }: { title: string; children: ReactNode }) {
  return (
    <div>
      <Text size="xs" c="dimmed" mb={2}>
        {title}
      </Text>
      <Text size="sm" component="div" style={{ overflowWrap: 'anywhere' }}>
        {children}
      </Text>
    </div>
  )
}

const EMPTY = { current_password: '', new_password: '', again: '' }

function Password() {
  const { t } = useTranslation(['users', 'common'])
  const me = useMe()
  const toasts = useToasts()
  const form = useForm({
    initialValues: EMPTY,
    validate: {
      current_password: (value) => (value ? null : t('common:field.required')),
      new_password: (value) => (value ? null : t('common:field.required')),
      again: (value, { new_password }) => (value === new_password ? null : t('account.different')),
    },
  })
  const changing = useMutation({
    mutationFn: (values: typeof EMPTY) => changePassword(values.current_password, values.new_password),
    onSuccess: () => {
      toasts.done(t('account.changed'))
      // Every session of the account has ended with the old password, this one too.
      endHere()
    },
    onError: (error) => {
      if (!putOnFields(form, error)) toasts.problem(error)
    },
  })
  const submit = form.onSubmit((values) => {
    if (!changing.isPending) changing.mutate(values)
  })
  return (
    <Paper p="md">
      <form onSubmit={submit} noValidate>
        <Stack gap="sm">
          <Title order={2}>{t('account.password')}</Title>
          <Text size="sm" c="dimmed">
            {t('account.hint')}
          </Text>
          {/* So that a password manager knows whose password this is. */}
          <input type="text" name="username" autoComplete="username" value={me.username} readOnly hidden />
          <PasswordField
            label={t('account.current')}
            autoComplete="current-password"
            {...form.getInputProps('current_password')}
          />
          <PasswordField
            label={t('account.new')}
            autoComplete="new-password"
            {...form.getInputProps('new_password')}
          />
          <PasswordField label={t('account.again')} autoComplete="new-password" {...form.getInputProps('again')} />
          <Button type="submit" loading={changing.isPending} mt="xs" style={{ alignSelf: 'flex-start' }}>
            {t('account.change')}
          </Button>
        </Stack>
      </form>
    </Paper>
  )
}
