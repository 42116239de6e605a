import { Button, Chip, Flex, Group, Paper, Select } from '@mantine/core'
import { IconAlertTriangle, IconBox, IconPlus } from '@tabler/icons-react'
import { useTranslation } from 'react-i18next'
import { Link } from 'react-router'
import { useCursorList } from '../api/useCursorList'
import { useMay } from '../session/session'
import { EmptyState } from '../shared/EmptyState'
import { ErrorState } from '../shared/ErrorState'
import { oneOf, useFilters } from '../shared/filters'
import lists from '../shared/List.module.css'
import { ListFooter } from '../shared/ListFooter'
import { PageHeader } from '../shared/PageHeader'
import { RowSkeletons } from '../shared/RowSkeletons'
import { SearchField } from '../shared/SearchField'
import { ProductRows } from './ProductRows'
import { type ProductFilters, fetchProducts } from './products'
import './texts'

const ACTIVITY = { all: undefined, active: true, inactive: false } as const
const ORDERINGS = {
  newest: '-created_at',
  byName: 'name',
  scarcest: 'available',
  cheapest: 'price',
  dearest: '-price',
} as const
type Sort = keyof typeof ORDERINGS

export function Component() {
  const { t } = useTranslation('products')
  const may = useMay()
  const url = useFilters()
  const activity = oneOf(ACTIVITY, url.get('activity'), 'all')
  const sort = oneOf(ORDERINGS, url.get('sort'), 'newest')
  const low = url.get('low') === 'yes'
  const filters: ProductFilters = {
    search: url.get('search') || undefined,
    is_active: ACTIVITY[activity],
    low_stock: low || undefined,
    ordering: ORDERINGS[sort],
  }
  const list = useCursorList('products', filters, (cursor) => fetchProducts(filters, cursor))

  return (
    <>
      <PageHeader title={t('title')} actions={may('products.add_product') && <NewButton />} />
      <Flex gap="xs" mb="sm" direction={{ base: 'column', md: 'row' }} align={{ md: 'center' }}>
        <div style={{ flex: 1 }}>
          <SearchField
            label={t('list.search')}
            value={url.get('search')}
            onChange={(search) => url.set({ search })}
          />
        </div>
        <Group gap="xs">
          <Chip
            checked={low}
            variant="outline"
            color="orange"
            onChange={(checked) => url.set({ low: checked ? 'yes' : null })}
          >
            {t('list.low')}
          </Chip>
          <Select
            aria-label={t('list.activity')}
            data={(['all', 'active', 'inactive'] as const).map((value) => ({ value, label: t(`list.${value}`) }))}
            value={activity}
            allowDeselect={false}
            onChange={(value) => url.set({ activity: value === 'all' ? null : value })}
            w={140}
          />
          <Select
            aria-label={t('list.sort')}
            data={(Object.keys(ORDERINGS) as Sort[]).map((value) => ({ value, label: t(`list.${value}`) }))}
            value={sort}
            allowDeselect={false}
            onChange={(value) => url.set({ sort: value === 'newest' ? null : value })}
            w={165}
          />
        </Group>
      </Flex>
      <Paper className={lists.clip} aria-busy={list.isFetching}>
        {list.isPending ? (
          <RowSkeletons height={56} />
        ) : list.isError && !list.data ? (
          <ErrorState error={list.error} onRetry={() => void list.refetch()} />
        ) : list.rows.length === 0 ? (
          <NoProducts filtered={url.any} onlyLow={low && !filters.search} onClear={url.clear} />
        ) : (
          <>
            <ProductRows products={list.rows} fading={list.isPlaceholderData} />
            <ListFooter query={list} shown={list.rows.length} />
          </>
        )}
      </Paper>
    </>
  )
}

function NewButton() {
  const { t } = useTranslation('products')
  return (
    <Button component={Link} to="/products/new" leftSection={<IconPlus size={17} />}>
      {t('new')}
    </Button>
  )
}

type NoProductsProps = { filtered: boolean; onlyLow: boolean; onClear: () => void }

function NoProducts({ filtered, onlyLow, onClear }: NoProductsProps) {
  const { t } = useTranslation(['products', 'common'])
  const may = useMay()
  if (filtered) {
    return (
      <EmptyState
        icon={onlyLow ? IconAlertTriangle : undefined}
        title={onlyLow ? t('list.noneLow') : t('common:state.nothing')}
        hint={onlyLow ? t('list.noneLowHint') : t('common:state.nothingHint')}
        action={
          <Button variant="light" mt="xs" onClick={onClear}>
            {t('common:actions.clear')}
          </Button>
        }
      />
    )
  }
  if (!may('products.add_product'))
    return <EmptyState icon={IconBox} title={t('list.none')} hint={t('list.noneReadOnly')} />
  return <EmptyState icon={IconBox} title={t('list.none')} hint={t('list.noneHint')} action={<NewButton />} />
}
