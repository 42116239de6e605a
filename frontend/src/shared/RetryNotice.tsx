import { Button, Group, Text } from '@mantine/core'
import { useTranslation } from 'react-i18next'
import { useDescribe } from './describe'

type Props = { error: unknown; busy: boolean; onRetry: () => void }

/** A line beside what is on the screen already, when more of it, or a newer one, did not come. */
export function RetryNotice({ error, busy, onRetry }: Props) {
  const { t } = useTranslation()
  const { title, detail } = useDescribe()(error)
  return (
    <Group role="alert" justify="center" gap="xs" p="xs">
      <Text size="sm" c="var(--mantine-color-error)">
        {[title, detail].filter(Boolean).join(': ')}
      </Text>
      <Button variant="light" size="compact-sm" loading={busy} onClick={onRetry}>
        {t('actions.retry')}
      </Button>
    </Group>
  )
}
