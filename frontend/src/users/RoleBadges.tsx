import { Badge, Group } from '@mantine/core'
import { useTranslation } from 'react-i18next'
import { ROLES } from './users'
import './texts'

/** The four roles have a name in the user's language; a group that the shop made is called as the shop calls it. */
export function useRoleName(): (role: string) => string {
  const { t } = useTranslation()
  return (role) => {
    const known = ROLES.find((name) => name === role)
    return known ? t(`role.${known}`) : role
  }
}

const COLORS: Record<string, string> = { Admin: 'red', Manager: 'violet', Operator: 'petrol', Viewer: 'gray' }

export function RoleBadges({ roles, superuser = false }: { roles: string[]; superuser?: boolean }) {
  const { t } = useTranslation(['users', 'common'])
  const name = useRoleName()
  const style = { variant: 'light', tt: 'none', fw: 550 } as const
  return (
    <Group gap={4}>
      {roles.map((role) => (
        <Badge key={role} color={COLORS[role] ?? 'blue'} {...style}>
          {name(role)}
        </Badge>
      ))}
      {superuser && (
        <Badge color="orange" c="var(--desk-warning)" {...style}>
          {t('common:role.superuser')}
        </Badge>
      )}
      {roles.length === 0 && !superuser && (
        <Badge color="gray" {...style}>
          {t('list.none')}
        </Badge>
      )}
    </Group>
  )
}
