import { Button } from '@mantine/core'
import { IconCompassOff } from '@tabler/icons-react'
import { useTranslation } from 'react-i18next'
import { Link } from 'react-router'
import { EmptyState } from '../shared/EmptyState'

export function Missing() {
  const { t } = useTranslation()
  return (
    <EmptyState
      icon={IconCompassOff}
      title={t('state.notFound')}
      hint={t('state.notFoundHint')}
      action={
        <Button component={Link} to="/orders" variant="light">
          {t('nav.orders')}
        </Button>
      }
    />
  )
}
