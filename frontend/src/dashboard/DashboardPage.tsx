import { Alert, Button, Grid, Group, Paper, SimpleGrid, Skeleton, Stack, Text, Title } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import { Suspense } from 'react'
import { useTranslation } from 'react-i18next'
import { Link } from 'react-router'
import { dayInSaoPaulo } from '../formats/moments'
import { useMay } from '../session/session'
import { EmptyState } from '../shared/EmptyState'
import { ErrorState } from '../shared/ErrorState'
import { useFilters } from '../shared/filters'
import { PageHeader } from '../shared/PageHeader'
import { part } from '../shared/part'
import { RetryNotice } from '../shared/RetryNotice'
import { ByStatus } from './ByStatus'
import classes from './Dashboard.module.css'
import { type Dashboard, MOST_DAYS, dashboardQuery, flawOf } from './dashboard'
import { Figures } from './Figures'
import { LowStock } from './LowStock'
import { PeriodChoice } from './PeriodChoice'
import { TopProducts } from './TopProducts'
import './texts'

const DayCharts = part(() => import('./DayCharts'))

export function Component() {
  const { t } = useTranslation('dashboard')
  const url = useFilters()
  const from = url.get('from') || dayInSaoPaulo(29)
  const to = url.get('to') || dayInSaoPaulo()
  const flaw = flawOf(from, to)
  const query = useQuery({ ...dashboardQuery(from, to), enabled: flaw === null })
  return (
    <>
      <PageHeader
        title={t('title')}
        actions={<PeriodChoice from={from} to={to} onChange={(first, last) => url.set({ from: first, to: last })} />}
      />
      {flaw ? (
        <Alert color="orange">{t(`period.${flaw}`, { days: MOST_DAYS })}</Alert>
      ) : query.isError && !query.data ? (
        <Paper>
          <ErrorState error={query.error} onRetry={() => void query.refetch()} />
        </Paper>
      ) : query.data ? (
        <>
          {query.isError && (
            <RetryNotice error={query.error} busy={query.isFetching} onRetry={() => void query.refetch()} />
          )}
          <Shown dashboard={query.data} from={from} to={to} fading={query.isPlaceholderData} />
        </>
      ) : (
        <Waiting />
      )}
    </>
  )
}

type ShownProps = { dashboard: Dashboard; from: string; to: string; fading: boolean }

function Shown({ dashboard, from, to, fading }: ShownProps) {
  const { t } = useTranslation('dashboard')
  const empty = dashboard.orders.total === 0
  return (
    <Stack gap="md" className={classes.page} data-fading={fading || undefined}>
      <Figures dashboard={dashboard} />
      {empty ? (
        <NoOrders />
      ) : (
        <>
          {dashboard.per_day.length > 1 && (
            <Paper p="md" component="section" aria-label={t('perDay')}>
              <Title order={2} mb="sm">
                {t('perDay')}
              </Title>
              <Suspense fallback={<Skeleton height={330} />}>
                <DayCharts days={dashboard.per_day} />
              </Suspense>
            </Paper>
          )}
          <Grid gap="md">
            <Grid.Col span={{ base: 12, md: 5 }}>
              <Section title={t('byStatus')}>
                <ByStatus dashboard={dashboard} from={from} to={to} />
              </Section>
            </Grid.Col>
            <Grid.Col span={{ base: 12, md: 7 }}>
              <Section title={t('top')} hint={t('topHint')}>
                <TopProducts products={dashboard.top_products} />
              </Section>
            </Grid.Col>
          </Grid>
        </>
      )}
      <LowStock products={dashboard.low_stock} />
    </Stack>
  )
}

function Section({ title, hint, children }: { title: string; hint?: string; children: React.ReactNode }) {
  return (
    <Paper p="md" h="100%" component="section" aria-label={title}>
      <Group justify="space-between" mb="sm" gap="xs" align="baseline">
        <Title order={2}>{title}</Title>
        {hint && (
          <Text size="xs" c="dimmed">
            {hint}
          </Text>
        )}
      </Group>
      {children}
    </Paper>
  )
}

function NoOrders() {
  const { t } = useTranslation('dashboard')
  const may = useMay()
  return (
    <Paper>
      <EmptyState
        title={t('none')}
        hint={t('noneHint')}
        action={
          may('orders.add_order') && (
            <Button component={Link} to="/orders/new" mt="xs">
              {t('newOrder')}
            </Button>
          )
        }
      />
    </Paper>
  )
}

function Waiting() {
  return (
    <Stack gap="md">
      <SimpleGrid cols={{ base: 2, md: 4 }} spacing="md">
        {[1, 2, 3, 4].map((each) => (
          <Skeleton key={each} height={104} />
        ))}
      </SimpleGrid>
      <Skeleton height={390} />
      <Grid gap="md">
        <Grid.Col span={{ base: 12, md: 5 }}>
          <Skeleton height={280} />
        </Grid.Col>
        <Grid.Col span={{ base: 12, md: 7 }}>
          <Skeleton height={280} />
        </Grid.Col>
      </Grid>
    </Stack>
  )
}
