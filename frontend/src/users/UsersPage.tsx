import { Button, Flex, Group, Paper, Select } from '@mantine/core'
import { IconPlus } from '@tabler/icons-react'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { useCursorList } from '../api/useCursorList'
import { useMay } from '../session/session'
import { EmptyState } from '../shared/EmptyState'
import { ErrorState, Forbidden } from '../shared/ErrorState'
import { oneOf, useFilters } from '../shared/filters'
import lists from '../shared/List.module.css'
import { ListFooter } from '../shared/ListFooter'
import { PageHeader } from '../shared/PageHeader'
import { RowSkeletons } from '../shared/RowSkeletons'
import { SearchField } from '../shared/SearchField'
import { useRoleName } from './RoleBadges'
import { UserDialog } from './UserDialog'
import { UserRows } from './UserRows'
import { ROLES, type User, type UserFilters, fetchUsers } from './users'
import './texts'

export function Component() {
  const may = useMay()
  return may('authentication.manage_users') ? <Users /> : <Forbidden />
}

const ACTIVITY = { all: undefined, active: true, inactive: false } as const

function Users() {
  const { t } = useTranslation(['users', 'common'])
  const roleName = useRoleName()
  const url = useFilters()
  const [dialog, setDialog] = useState<{ user: User | null } | null>(null)
  const activity = oneOf(ACTIVITY, url.get('activity'), 'all')
  const filters: UserFilters = {
    search: url.get('search') || undefined,
    role: url.get('role') || undefined,
    is_active: ACTIVITY[activity],
  }
  const list = useCursorList('users', filters, (cursor) => fetchUsers(filters, cursor))
  return (
    <>
      <PageHeader
        title={t('title')}
        actions={
          <Button leftSection={<IconPlus size={17} />} onClick={() => setDialog({ user: null })}>
            {t('new')}
          </Button>
        }
      />
      <Flex gap="xs" mb="sm" direction={{ base: 'column', md: 'row' }}>
        <div style={{ flex: 1 }}>
          <SearchField
            label={t('list.search')}
            value={url.get('search')}
            onChange={(search) => url.set({ search })}
          />
        </div>
        <Group gap="xs">
          <Select
            aria-label={t('list.role')}
            placeholder={t('list.anyRole')}
            data={ROLES.map((value) => ({ value, label: roleName(value) }))}
            value={url.get('role') || null}
            onChange={(role) => url.set({ role })}
            clearable
            w={180}
          />
          <Select
            aria-label={t('list.activity')}
            data={(['all', 'active', 'inactive'] as const).map((value) => ({ value, label: t(`list.${value}`) }))}
            value={activity}
            allowDeselect={false}
            onChange={(value) => url.set({ activity: value === 'all' ? null : value })}
            w={150}
          />
        </Group>
      </Flex>
      <Paper className={lists.clip} aria-busy={list.isFetching}>
        {list.isPending ? (
          <RowSkeletons rows={5} height={52} />
        ) : list.isError && !list.data ? (
          <ErrorState error={list.error} onRetry={() => void list.refetch()} />
        ) : list.rows.length === 0 ? (
          <EmptyState
            title={t('common:state.nothing')}
            hint={t('common:state.nothingHint')}
            action={
              <Button variant="light" mt="xs" onClick={url.clear}>
                {t('common:actions.clear')}
              </Button>
            }
          />
        ) : (
          <>
            <UserRows users={list.rows} fading={list.isPlaceholderData} onOpen={(user) => setDialog({ user })} />
            <ListFooter query={list} shown={list.rows.length} />
          </>
        )}
      </Paper>
      {dialog && <UserDialog user={dialog.user} onClose={() => setDialog(null)} />}
    </>
  )
}
