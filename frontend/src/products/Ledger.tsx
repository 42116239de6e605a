import { Button, Group, Paper, SegmentedControl, Skeleton, Text, Title } from '@mantine/core'
import { IconHistory } from '@tabler/icons-react'
import { useQuery } from '@tanstack/react-query'
import { Suspense, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { useCursorList } from '../api/useCursorList'
import { EmptyState } from '../shared/EmptyState'
import { ErrorState } from '../shared/ErrorState'
import lists from '../shared/List.module.css'
import { ListFooter } from '../shared/ListFooter'
import { part } from '../shared/part'
import { RowSkeletons } from '../shared/RowSkeletons'
import { LedgerRows } from './LedgerRows'
import { fetchMovements, levels } from './products'

const LedgerChart = part(() => import('./LedgerChart'))
const IN_CHART = 100

/** Every change of the stock: as a line over time, and as a list. */
export function Ledger({ productId }: { productId: number }) {
  const { t } = useTranslation('products')
  const [view, setView] = useState<'line' | 'table'>('line')
  return (
    <Paper className={lists.clip} component="section">
      <Group justify="space-between" p="md" pb="xs">
        <Title order={2}>{t('one.history')}</Title>
        <SegmentedControl
          size="xs"
          data={[
            { value: 'line', label: t('one.line') },
            { value: 'table', label: t('one.table') },
          ]}
          value={view}
          onChange={(value) => setView(value)}
        />
      </Group>
      {view === 'line' && <Line productId={productId} />}
      <Rows productId={productId} onAll={view === 'line' ? () => setView('table') : undefined} />
    </Paper>
  )
}

function Line({ productId }: { productId: number }) {
  const { t } = useTranslation('products')
  const query = useQuery({
    queryKey: ['movements', productId, 'chart'],
    queryFn: () => fetchMovements(productId, '', IN_CHART),
  })
  if ((query.isError && !query.data) || query.data?.results.length === 0) return null
  const points = levels(query.data?.results ?? [])
  return (
    <div style={{ padding: '0 var(--mantine-spacing-md) var(--mantine-spacing-sm)' }}>
      <Suspense fallback={<Skeleton height={220} />}>
        {query.data ? <LedgerChart points={points} /> : <Skeleton height={220} />}
      </Suspense>
      {points.length > IN_CHART && (
        <Text size="xs" c="dimmed" ta="right">
          {t('one.chartHint', { count: IN_CHART })}
        </Text>
      )}
    </div>
  )
}

const FIRST = 5

/** The newest few below the chart, or all. */
function Rows({ productId, onAll }: { productId: number; onAll?: () => void }) {
  const { t } = useTranslation(['products', 'common'])
  const list = useCursorList('movements', { productId }, (cursor) => fetchMovements(productId, cursor))
  if (list.isPending) return <RowSkeletons rows={FIRST} />
  if (list.isError && !list.data) return <ErrorState error={list.error} onRetry={() => void list.refetch()} />
  if (list.rows.length === 0)
    return <EmptyState icon={IconHistory} title={t('one.noMoves')} hint={t('one.noMovesHint')} />
  return (
    <>
      <LedgerRows movements={onAll ? list.rows.slice(0, FIRST) : list.rows} />
      {!onAll && <ListFooter query={list} shown={list.rows.length} />}
      {onAll && list.rows.length > FIRST && (
        <Group justify="center" p="xs">
          <Button variant="subtle" size="compact-sm" onClick={onAll}>
            {t('common:actions.more')}
          </Button>
        </Group>
      )}
    </>
  )
}
