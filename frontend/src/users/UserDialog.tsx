import { Button, Checkbox, Grid, Group, Modal, Stack, Switch, TextInput } from '@mantine/core'
import { useQuery, useQueryClient } from '@tanstack/react-query'
import { useTranslation } from 'react-i18next'
import type { Versioned } from '../api/client'
import { ApiError } from '../api/problem'
import { displayName, meQuery, useMe } from '../session/session'
import { textAt } from '../shared/changes'
import { EditConflict } from '../shared/EditConflict'
import { ErrorState } from '../shared/ErrorState'
import { MaybeSaved } from '../shared/MaybeSaved'
import { PasswordField } from '../shared/PasswordField'
import { RowSkeletons } from '../shared/RowSkeletons'
import { useToasts } from '../shared/toasts'
import { useVersionedForm } from '../shared/useVersionedForm'
import { useRoleName } from './RoleBadges'
import {
  type User,
  type UserValues,
  changeUser,
  complaints,
  grantable,
  registerUser,
  userQuery,
  usersNamed,
  valuesOf,
} from './users'

/** A new account, or one that is changed. */
export function UserDialog({ user, onClose }: { user: User | null; onClose: () => void }) {
  const { t } = useTranslation(['users', 'common', 'forms'])
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
      {user ? <Existing id={user.id} onClose={onClose} /> : <UserForm loaded={null} onClose={onClose} />}
    </Modal>
  )
}

/** A row of the list may be old: the account is read when the dialog opens, and never taken from an earlier reading. */
function Existing({ id, onClose }: { id: number; onClose: () => void }) {
  const query = useQuery({ ...userQuery(id), staleTime: 0, gcTime: 0 })
  if (query.data) return <UserForm loaded={query.data} onClose={onClose} />
  if (query.isError) return <ErrorState error={query.error} onRetry={() => void query.refetch()} />
  return <RowSkeletons rows={6} />
}

/** Offers the roles that this user may give, and those that are held already. */
function UserForm({ loaded, onClose }: { loaded: Versioned<User> | null; onClose: () => void }) {
  const { t } = useTranslation(['users', 'common', 'forms'])
  const me = useMe()
  const queries = useQueryClient()
  const toasts = useToasts()
  const roleName = useRoleName()
  const id = loaded?.row.id ?? null
  const { form, submit, saving, unanswered, conflict, ...does } = useVersionedForm<User, UserValues>({
    loaded,
    valuesOf,
    validate: (values) =>
      Object.fromEntries(
        Object.entries(complaints(values, id === null)).map(([field, problem]) => [
          field,
          problem ? t(`common:field.${problem}`) : null,
        ]),
      ),
    write: (values, etag) =>
      id === null ? registerUser({ ...valuesOf(null), ...values }) : changeUser(id, values, etag),
    reread: () => queries.fetchQuery({ ...userQuery(id ?? 0), staleTime: 0 }),
    onSaved: ({ row }) => {
      void queries.invalidateQueries({ queryKey: ['users'] })
      if (row.id === me.id) void queries.invalidateQueries({ queryKey: meQuery.queryKey })
      toasts.done(t(id === null ? 'form.created' : 'form.saved', { name: displayName(row) }))
      onClose()
    },
    explain: (error) =>
      error instanceof ApiError && error.code === 'last_admin' ? { roles: t('form.lastAdmin') } : null,
  })
  const offered = [...new Set([...grantable(me), ...(loaded?.row.roles ?? []), ...form.values.roles])]
  const shown = (values: UserValues, path: string) => {
    if (path === 'roles') return values.roles.map(roleName).join(', ')
    if (path === 'is_active') return t(values.is_active ? 'forms:conflict.yes' : 'forms:conflict.no')
    return textAt(values, path)
  }
  const field = (name: keyof UserValues) => ({ label: t(`field.${name}`), ...form.getInputProps(name) })
  return (
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
        {!loaded && (
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
              <PasswordField
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
        {loaded && loaded.row.id !== me.id && (
          <Switch
            label={t('field.is_active')}
            description={t('field.activeHint')}
            {...form.getInputProps('is_active', { type: 'checkbox' })}
          />
        )}
        {unanswered && (
          <MaybeSaved
            resource="users"
            name={unanswered.values.username.trim()}
            attempt={unanswered.attempt}
            look={usersNamed}
            busy={saving}
            onAgain={does.sendAgain}
            onFollow={onClose}
          />
        )}
        <Group justify="flex-end" gap="xs" mt="xs">
          <Button variant="default" onClick={onClose}>
            {t('common:actions.cancel')}
          </Button>
          <Button type="submit" loading={saving} disabled={unanswered !== null}>
            {t(loaded ? 'form.save' : 'form.create')}
          </Button>
        </Group>
      </Stack>
      {conflict && (
        <EditConflict
          differences={conflict.fields.map((path) => ({
            label: t(`field.${path as keyof UserValues}`),
            theirs: shown(conflict.theirs, path),
            mine: shown(conflict.mine, path),
          }))}
          onMine={does.keepMine}
          onTheirs={does.takeTheirs}
        />
      )}
    </form>
  )
}

const ROLE_HINTS = { Admin: true, Manager: true, Operator: true, Viewer: true }
