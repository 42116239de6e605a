import { ActionIcon, Avatar, Group, Menu, Text, UnstyledButton } from '@mantine/core'
import { IconLogout, IconUserCircle } from '@tabler/icons-react'
import { useMutation } from '@tanstack/react-query'
import { useTranslation } from 'react-i18next'
import { Link } from 'react-router'
import { type Me, displayName, signOut, useMe } from '../session/session'
import { useToasts } from '../shared/toasts'

export function AccountMenu({ compact = false }: { compact?: boolean }) {
  const { t } = useTranslation()
  const me = useMe()
  const toasts = useToasts()
  const leaving = useMutation({ mutationFn: signOut, onError: toasts.problem })
  const name = displayName(me)
  return (
    <Menu position={compact ? 'bottom-end' : 'top-start'} width={212} shadow="md">
      <Menu.Target>
        {compact ? (
          <ActionIcon variant="subtle" color="gray" size="lg" aria-label={t('nav.menu', { name })}>
            <IconUserCircle size={22} stroke={1.6} />
          </ActionIcon>
        ) : (
          <UnstyledButton p={6} aria-label={t('nav.menu', { name })}>
            <Group gap="xs" wrap="nowrap">
              <Avatar size={32} name={name} color="petrol" aria-hidden />
              <div>
                <Text size="sm" fw={600} lineClamp={1} lh={1.3}>
                  {name}
                </Text>
                <Text size="xs" c="dimmed" lineClamp={1} lh={1.3}>
                  <Role me={me} />
                </Text>
              </div>
            </Group>
          </UnstyledButton>
        )}
      </Menu.Target>
      <Menu.Dropdown>
        <Menu.Label>
          {name} · <Role me={me} />
        </Menu.Label>
        <Menu.Item component={Link} to="/account" leftSection={<IconUserCircle size={16} />}>
          {t('nav.account')}
        </Menu.Item>
        <Menu.Item leftSection={<IconLogout size={16} />} onClick={() => leaving.mutate()}>
          {t('signIn.out')}
        </Menu.Item>
      </Menu.Dropdown>
    </Menu>
  )
}

const KNOWN = ['Admin', 'Manager', 'Operator', 'Viewer'] as const

/** The four roles have a name in the user's language; a group that the shop made is called as the shop calls it. */
function Role({ me }: { me: Me }) {
  const { t } = useTranslation()
  const names = me.roles.map((role) => {
    const known = KNOWN.find((name) => name === role)
    return known ? t(`role.${known}`) : role
  })
  if (me.is_superuser) names.push(t('role.superuser'))
  return names.join(', ') || t('role.none')
}
