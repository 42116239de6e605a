import { Text } from '@mantine/core'
import { notifications } from '@mantine/notifications'
import { IconCheck, IconX } from '@tabler/icons-react'
import { useMemo } from 'react'
import { useTranslation } from 'react-i18next'
import { ApiError } from '../api/problem'
import { useDescribe } from './describe'

/** Short messages at the edge: `done` for what worked, `problem` for what did not and has no field to stand on. */
export function useToasts() {
  const { t } = useTranslation()
  const describe = useDescribe()
  return useMemo(
    () => ({
      done: (message: string): void => {
        notifications.show({
          message,
          color: 'teal',
          icon: <IconCheck size={18} />,
          closeButtonProps: closing(t),
        })
      },
      problem: (error: unknown): void => {
        // The sign-in above the screen says it.
        if (error instanceof ApiError && error.status === 401) return
        const { title, detail, requestId } = describe(error)
        notifications.show({
          title,
          message: (
            <>
              {detail}
              {requestId && (
                <Text size="xs" c="dimmed" mt={4}>
                  {t('problem.request', { id: requestId })}
                </Text>
              )}
            </>
          ),
          color: 'red',
          icon: <IconX size={18} />,
          autoClose: 10_000,
          role: 'alert',
          closeButtonProps: closing(t),
        })
      },
    }),
    [t, describe],
  )
}

function closing(t: (key: 'actions.close') => string) {
  return { 'aria-label': t('actions.close') }
}
