import { Button, Paper, Skeleton, Stack, Tabs, Text, Timeline } from '@mantine/core'
import { useInfiniteQuery } from '@tanstack/react-query'
import { useTranslation } from 'react-i18next'
import { type Schemas, api, body } from '../api/client'
import { formatNumber } from '../formats/money'
import { ErrorState } from '../shared/ErrorState'
import { Moment } from '../shared/Moment'
import { RetryNotice } from '../shared/RetryNotice'
import { useLanguage } from '../texts/i18n'
import type { OrderDetail } from './orders'
import { StatusBadge } from './StatusBadge'

/** Who did what to this order, and when: the history for people, the events as other systems hear them. */
export function OrderStory({ order }: { order: OrderDetail }) {
  const { t } = useTranslation('orders')
  return (
    <Paper p="md">
      <Tabs defaultValue="history" keepMounted={false}>
        <Tabs.List mb="md">
          <Tabs.Tab value="history">{t('one.history')}</Tabs.Tab>
          <Tabs.Tab value="events">{t('one.events')}</Tabs.Tab>
        </Tabs.List>
        <Tabs.Panel value="history">
          <History order={order} />
        </Tabs.Panel>
        <Tabs.Panel value="events">
          <Events order={order} />
        </Tabs.Panel>
      </Tabs>
    </Paper>
  )
}

function History({ order }: { order: OrderDetail }) {
  const { t } = useTranslation('orders')
  const changes = [...order.history].reverse()
  return (
    <Timeline bulletSize={14} lineWidth={2} active={changes.length}>
      {changes.map((change) => (
        <Timeline.Item
          key={change.created_at + change.to_status}
          title={
            change.from_status ? (
              <StatusBadge status={change.to_status} />
            ) : (
              <Text size="sm" fw={550}>
                {t('one.created')}
              </Text>
            )
          }
        >
          <Text size="xs" c="dimmed" component="div">
            <Moment time={change.created_at} /> · {t('one.by', { name: change.actor ?? t('one.system') })}
          </Text>
          {change.note && (
            <Text size="sm" mt={2} style={{ overflowWrap: 'anywhere' }}>
              “{change.note}”
            </Text>
          )}
        </Timeline.Item>
      ))}
    </Timeline>
  )
}

type Event = Schemas['OrderEventOutput']

function Events({ order }: { order: OrderDetail }) {
  const { t } = useTranslation(['orders', 'common'])
  const query = useInfiniteQuery({
    // The version belongs to the key: a move causes events.
    queryKey: ['orders', 'events', order.id, order.version],
    queryFn: ({ pageParam }) =>
      body(
        api.GET('/api/v1/orders/{id}/events', {
          params: { path: { id: order.id }, query: { page: pageParam, page_size: 20, ordering: '-id' } },
        }),
      ),
    initialPageParam: 1,
    getNextPageParam: (last, pages) => (last.next ? pages.length + 1 : undefined),
  })
  if (query.isPending) return <Skeleton height={180} />
  if (query.isError && !query.data) return <ErrorState error={query.error} onRetry={() => void query.refetch()} />
  const events = query.data.pages.flatMap((page) => page.results)
  return (
    <Stack gap="sm">
      {events.length === 0 && <Text c="dimmed">{t('one.noEvents')}</Text>}
      {events.map((event) => (
        <EventRow key={event.id} event={event} />
      ))}
      {query.isError ? (
        <RetryNotice
          error={query.error}
          busy={query.isFetching}
          onRetry={() => void (query.isFetchNextPageError ? query.fetchNextPage() : query.refetch())}
        />
      ) : (
        query.hasNextPage && (
          <Button
            variant="subtle"
            size="xs"
            loading={query.isFetchingNextPage}
            onClick={() => void query.fetchNextPage()}
          >
            {t('one.moreEvents')}
          </Button>
        )
      )}
    </Stack>
  )
}

function EventRow({ event }: { event: Event }) {
  const { t } = useTranslation('orders')
  const { language } = useLanguage()
  const known = t(`event.${event.type as 'order.created'}`, { defaultValue: event.type })
  const moved = event.type !== 'stock.low'
  const payload = event.payload as { product?: { name?: string }; quantity?: number }
  return (
    <div>
      <Text size="sm" fw={550}>
        {known}
        {payload.product?.name && (
          <Text span size="sm" fw={400}>
            {' '}
            · {moved && payload.quantity !== undefined && `${formatNumber(payload.quantity, language)} × `}
            {payload.product.name}
          </Text>
        )}
      </Text>
      <Text size="xs" c="dimmed" component="div">
        <Moment time={event.occurred_at} /> · {event.type} · {event.subject} #{event.sequence}
      </Text>
    </div>
  )
}
