import { Button, Group, Text } from '@mantine/core'
import { useIntersection } from '@mantine/hooks'
import { useEffect } from 'react'
import { useTranslation } from 'react-i18next'
import { RetryNotice } from './RetryNotice'

type Query = {
  hasNextPage: boolean
  isFetching: boolean
  isFetchingNextPage: boolean
  isError: boolean
  isFetchNextPageError: boolean
  error: unknown
  fetchNextPage: () => Promise<unknown>
  refetch: () => Promise<unknown>
}

/**
 * The end of a cursor list: fetches the next rows when it comes into sight; the button is for the keyboard. What did not
 * come is said here, below the rows that did, and asked for again only by a click.
 */
export function ListFooter({ query, shown }: { query: Query; shown: number }) {
  const { t } = useTranslation()
  const { ref, entry } = useIntersection({ rootMargin: '400px' })
  const { hasNextPage, isFetchingNextPage, isError, fetchNextPage } = query
  const inSight = entry?.isIntersecting ?? false
  useEffect(() => {
    if (inSight && hasNextPage && !isFetchingNextPage && !isError) void fetchNextPage()
  }, [inSight, hasNextPage, isFetchingNextPage, isError, fetchNextPage])
  return (
    <Group ref={ref} justify="center" py="sm" mih={52}>
      {isError ? (
        <RetryNotice
          error={query.error}
          busy={query.isFetching}
          onRetry={() => void (query.isFetchNextPageError ? fetchNextPage() : query.refetch())}
        />
      ) : hasNextPage ? (
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
