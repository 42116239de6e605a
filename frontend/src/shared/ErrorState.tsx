import { Button, Text } from '@mantine/core'
import { IconCloudOff, IconCompassOff, IconLock } from '@tabler/icons-react'
import { useTranslation } from 'react-i18next'
import { ApiError } from '../api/problem'
import { useDescribe } from './describe'
import { EmptyState } from './EmptyState'

/** A screen whose data did not come. */
export function ErrorState({ error, onRetry }: { error: unknown; onRetry?: () => void }) {
  const { t } = useTranslation()
  const { title, detail, requestId } = useDescribe()(error)
  const status = error instanceof ApiError ? error.status : 0
  if (status === 404)
    return <EmptyState icon={IconCompassOff} title={t('state.notFound')} hint={t('state.notFoundHint')} />
  if (status === 403) return <Forbidden />
  return (
    <EmptyState
      icon={IconCloudOff}
      title={title}
      hint={detail}
      action={
        <>
          {requestId && (
            <Text size="xs" c="dimmed">
              {t('problem.request', { id: requestId })}
            </Text>
          )}
          {onRetry && (
            <Button variant="light" mt="xs" onClick={onRetry}>
              {t('actions.retry')}
            </Button>
          )}
        </>
      }
    />
  )
}

export function Forbidden() {
  const { t } = useTranslation()
  return <EmptyState icon={IconLock} title={t('state.forbidden')} hint={t('state.forbiddenHint')} />
}
