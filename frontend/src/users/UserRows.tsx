import { ActionIcon, Avatar, Badge, Group, Table, Text, Tooltip } from '@mantine/core'
import { IconLock, IconPencil } from '@tabler/icons-react'
import { useTranslation } from 'react-i18next'
import { displayName, useMe } from '../session/session'
import lists from '../shared/List.module.css'
import { useIsPhone } from '../shared/useIsPhone'
import { RoleBadges } from './RoleBadges'
import { type User, mayTouch } from './users'

type Props = { users: User[]; fading: boolean; onOpen: (user: User) => void }

export function UserRows({ users, fading, onOpen }: Props) {
  const phone = useIsPhone()
  return (
    <div className={fading ? lists.fading : undefined}>
      {phone ? <Cards users={users} onOpen={onOpen} /> : <Lines users={users} onOpen={onOpen} />}
    </div>
  )
}

function Person({ user }: { user: User }) {
  const { t } = useTranslation('users')
  const me = useMe()
  return (
    <Group gap="sm" wrap="nowrap">
      <Avatar size={32} name={displayName(user)} color={user.is_active ? 'petrol' : 'gray'} aria-hidden />
      <div style={{ minWidth: 0 }}>
        <Group gap={6}>
          <Text size="sm" fw={600}>
            {displayName(user)}
          </Text>
          {user.id === me.id && (
            <Text size="xs" c="dimmed">
              ({t('list.you')})
            </Text>
          )}
          {!user.is_active && (
            <Badge color="gray" variant="light" tt="none" fw={550}>
              {t('list.inactiveMark')}
            </Badge>
          )}
        </Group>
        <Text size="xs" c="dimmed">
          {user.username}
        </Text>
      </div>
    </Group>
  )
}

function Edit({ user, onOpen }: { user: User; onOpen: (user: User) => void }) {
  const { t } = useTranslation('users')
  const me = useMe()
  if (!mayTouch(me, user)) {
    const why = t(user.is_superuser ? 'list.aboveAll' : 'list.above')
    return (
      <Tooltip label={why}>
        <IconLock size={16} stroke={1.5} color="var(--mantine-color-dimmed)" aria-label={why} role="img" />
      </Tooltip>
    )
  }
  return (
    <ActionIcon
      variant="subtle"
      color="gray"
      aria-label={t('edit', { name: displayName(user) })}
      onClick={() => onOpen(user)}
    >
      <IconPencil size={17} stroke={1.6} />
    </ActionIcon>
  )
}

function Lines({ users, onOpen }: Omit<Props, 'fading'>) {
  const { t } = useTranslation('users')
  return (
    <Table>
      <Table.Thead>
        <Table.Tr>
          <Table.Th>{t('columns.name')}</Table.Th>
          <Table.Th>{t('columns.email')}</Table.Th>
          <Table.Th>{t('columns.roles')}</Table.Th>
          <Table.Th aria-hidden />
        </Table.Tr>
      </Table.Thead>
      <Table.Tbody>
        {users.map((user) => (
          <Table.Tr key={user.id}>
            <Table.Td>
              <Person user={user} />
            </Table.Td>
            <Table.Td>{user.email}</Table.Td>
            <Table.Td>
              <RoleBadges roles={user.roles} superuser={user.is_superuser} />
            </Table.Td>
            <Table.Td className="num">
              <Edit user={user} onOpen={onOpen} />
            </Table.Td>
          </Table.Tr>
        ))}
      </Table.Tbody>
    </Table>
  )
}

function Cards({ users, onOpen }: Omit<Props, 'fading'>) {
  return users.map((user) => (
    <div key={user.id} className={lists.card}>
      <Group justify="space-between" wrap="nowrap" mb={6}>
        <Person user={user} />
        <Edit user={user} onOpen={onOpen} />
      </Group>
      <RoleBadges roles={user.roles} superuser={user.is_superuser} />
    </div>
  ))
}
