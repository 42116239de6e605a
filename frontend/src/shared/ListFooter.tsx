import { Button, Group, Text } from '@mantine/core'
import { useIntersection } from '@mantine/hooks'
import { useEffect } from 'react'
import { useTranslation } from 'react-i18next'

type Query = { hasNextPage: boolean; isFetchingNextPage: boolean; fetchNextPage: () => Promise<unknown> }

/** The end of a cursor list: fetches the next rows when it comes into sight; the button is for the keyboard. */
export function ListFooter({ query, shown }: { query: Query; shown: number }) {
  const { t } = useTranslation()
  const { ref, entry } = useIntersection({ rootMargin: '400px' })
  const { hasNextPage, isFetchingNextPage, fetchNextPage } = query
  const inSight = entry?.isIntersecting ?? false
  useEffect(() => {
    if (inSight && hasNextPage && !isFetchingNextPage) void fetchNextPage()
  }, [inSight, hasNextPage, isFetchingNextPage, fetchNextPage])
  return (
    <Group ref={ref} justify="center" py="sm" mih={52}>
      {hasNextPage ? (
        <Button variant="subtle" loading={isFetchingNextPage} onClick={() => void fetchNextPage()}>
          {t('actions.more')}
        </Button>
      ) : (
        <Text size="xs" c="dimmed">
          {t('list.rows', { count: shown })}
        </Text>
      )}
    </Group>
  )
}
