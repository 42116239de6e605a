import { Button, Checkbox, Grid, Group, Modal, PasswordInput, Stack, Switch, TextInput } from '@mantine/core'
import { useForm } from '@mantine/form'
import { useMutation, useQueryClient } from '@tanstack/react-query'
import { useTranslation } from 'react-i18next'
import { ApiError } from '../api/problem'
import { displayName, meQuery, useMe } from '../session/session'
import { changed } from '../shared/changes'
import { putOnFields } from '../shared/fields'
import { useToasts } from '../shared/toasts'
import { useRoleName } from './RoleBadges'
import { type User, type UserValues, changeUser, complaints, grantable, registerUser, valuesOf } from './users'

/** A new account, or one that is changed. Offers the roles that this user may give, and those that are held already. */
export function UserDialog({ user, onClose }: { user: User | null; onClose: () => void }) {
  const { t } = useTranslation(['users', 'common'])
  const me = useMe()
  const queries = useQueryClient()
  const toasts = useToasts()
  const roleName = useRoleName()
  const before = valuesOf(user)
  const form = useForm<UserValues>({
    initialValues: before,
    validate: (values) =>
      Object.fromEntries(
        Object.entries(complaints(values, user === null)).map(([field, problem]) => [
          field,
          problem ? t(`common:field.${problem}`) : null,
        ]),
      ),
  })
  const saving = useMutation({
    mutationFn: (values: UserValues) => (user ? changeUser(user.id, changed(before, values)) : registerUser(values)),
    onSuccess: (saved) => {
      void queries.invalidateQueries({ queryKey: ['users'] })
      if (saved.id === me.id) void queries.invalidateQueries({ queryKey: meQuery.queryKey })
      toasts.done(t(user ? 'form.saved' : 'form.created', { name: displayName(saved) }))
      onClose()
    },
    onError: (error) => {
      if (error instanceof ApiError && error.code === 'last_admin') form.setFieldError('roles', t('form.lastAdmin'))
      else if (!putOnFields(form, error)) toasts.problem(error)
    },
  })
  const offered = [...new Set([...grantable(me), ...before.roles])]
  const submit = form.onSubmit((values) => {
    if (!saving.isPending) saving.mutate(values)
  })
  const field = (name: keyof UserValues) => ({ label: t(`field.${name}`), ...form.getInputProps(name) })
  return (
    <Modal
      opened
      size="lg"
      onClose={onClose}
      closeOnClickOutside={false}
      closeOnEscape={false}
      title={user ? t('edit', { name: displayName(user) }) : t('new')}
      closeButtonProps={{ 'aria-label': t('common:actions.close') }}
    >
      <form onSubmit={submit} noValidate>
        <Stack gap="sm">
          <Grid gap="sm">
            <Grid.Col span={{ base: 12, xs: 6 }}>
              <TextInput {...field('first_name')} maxLength={150} data-autofocus />
            </Grid.Col>
            <Grid.Col span={{ base: 12, xs: 6 }}>
              <TextInput {...field('last_name')} maxLength={150} />
            </Grid.Col>
          </Grid>
          <TextInput {...field('email')} type="email" maxLength={254} required autoComplete="off" />
          {!user && (
            <Grid gap="sm">
              <Grid.Col span={{ base: 12, xs: 6 }}>
                <TextInput
                  {...field('username')}
                  description={t('field.usernameHint')}
                  inputWrapperOrder={['label', 'input', 'description', 'error']}
                  maxLength={150}
                  required
                  autoComplete="off"
                  autoCapitalize="none"
                />
              </Grid.Col>
              <Grid.Col span={{ base: 12, xs: 6 }}>
                <PasswordInput
                  {...field('password')}
                  description={t('field.passwordHint')}
                  inputWrapperOrder={['label', 'input', 'description', 'error']}
                  required
                  autoComplete="new-password"
                />
              </Grid.Col>
            </Grid>
          )}
          <Checkbox.Group {...field('roles')}>
            <Stack gap="xs" mt={4}>
              {offered.map((role) => (
                <Checkbox
                  key={role}
                  value={role}
                  label={roleName(role)}
                  description={role in ROLE_HINTS ? t(`roleHint.${role as keyof typeof ROLE_HINTS}`) : undefined}
                />
              ))}
            </Stack>
          </Checkbox.Group>
          {user && user.id !== me.id && (
            <Switch
              label={t('field.is_active')}
              description={t('field.activeHint')}
              {...form.getInputProps('is_active', { type: 'checkbox' })}
            />
          )}
          <Group justify="flex-end" gap="xs" mt="xs">
            <Button variant="default" onClick={onClose}>
              {t('common:actions.cancel')}
            </Button>
            <Button type="submit" loading={saving.isPending}>
              {t(user ? 'form.save' : 'form.create')}
            </Button>
          </Group>
        </Stack>
      </form>
    </Modal>
  )
}

const ROLE_HINTS = { Admin: true, Manager: true, Operator: true, Viewer: true }
