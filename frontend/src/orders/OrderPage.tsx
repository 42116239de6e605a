import { Button, Grid, Paper, Skeleton, Stack, Text, Title } from '@mantine/core'
import { IconCopyPlus, IconPrinter } from '@tabler/icons-react'
import { useQuery } from '@tanstack/react-query'
import { useTranslation } from 'react-i18next'
import { Link, useParams } from 'react-router'
import { useMay } from '../session/session'
import { ErrorState } from '../shared/ErrorState'
import { Moment } from '../shared/Moment'
import { PageHeader } from '../shared/PageHeader'
import { OrderActions } from './OrderActions'
import { OrderLines } from './OrderLines'
import { OrderStory } from './OrderStory'
import { StatusPath } from './StatusPath'
import { StatusBadge } from './StatusBadge'
import { orderQuery } from './orders'
import './texts'

export function Component() {
  const { t } = useTranslation('orders')
  const may = useMay()
  const id = Number(useParams().id)
  const query = useQuery(orderQuery(id))

  if (query.isError && !query.data) return <ErrorState error={query.error} onRetry={() => void query.refetch()} />
  if (!query.data) return <Waiting />
  const { row: order } = query.data
  return (
    <>
      <PageHeader
        title={order.number}
        beside={<StatusBadge status={order.status} size="lg" />}
        subtitle={
          <>
            <Link to={`/customers/${order.customer.id}`}>{order.customer.name}</Link> ·{' '}
            <Moment time={order.placed_at} />
          </>
        }
        actions={
          <>
            <Button
              component={Link}
              to={`/orders/${order.id}/picking`}
              variant="default"
              leftSection={<IconPrinter size={16} stroke={1.6} />}
            >
              {t('one.print')}
            </Button>
            {may('orders.add_order') && (
              <Button
                component={Link}
                to={`/orders/new?repeat=${order.id}`}
                variant="default"
                leftSection={<IconCopyPlus size={16} stroke={1.6} />}
              >
                {t('one.repeat')}
              </Button>
            )}
          </>
        }
      />
      <Grid gap="md" align="flex-start">
        <Grid.Col span={{ base: 12, md: 8 }}>
          <Stack gap="md">
            <Paper p="md">
              <StatusPath order={order} />
              <OrderActions loaded={query.data} />
            </Paper>
            <OrderLines order={order} />
            {order.notes && (
              <Paper p="md">
                <Title order={2} mb={4}>
                  {t('one.notes')}
                </Title>
                <Text size="sm" className="breaks" style={{ whiteSpace: 'pre-wrap' }}>
                  {order.notes}
                </Text>
              </Paper>
            )}
          </Stack>
        </Grid.Col>
        <Grid.Col span={{ base: 12, md: 4 }}>
          <OrderStory order={order} />
        </Grid.Col>
      </Grid>
    </>
  )
}

function Waiting() {
  return (
    <Stack gap="md">
      <Skeleton height={48} width={320} />
      <Grid gap="md">
        <Grid.Col span={{ base: 12, md: 8 }}>
          <Skeleton height={110} mb="md" />
          <Skeleton height={240} />
        </Grid.Col>
        <Grid.Col span={{ base: 12, md: 4 }}>
          <Skeleton height={300} />
        </Grid.Col>
      </Grid>
    </Stack>
  )
}
