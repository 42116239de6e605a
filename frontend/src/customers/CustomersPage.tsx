import { Button, Flex, Group, Paper, Select } from '@mantine/core'
import { IconPlus } from '@tabler/icons-react'
import { useTranslation } from 'react-i18next'
import { Link } from 'react-router'
import { useCursorList } from '../api/useCursorList'
import { STATES } from '../formats/contact'
import { useMay } from '../session/session'
import { EmptyState } from '../shared/EmptyState'
import { ErrorState } from '../shared/ErrorState'
import { oneOf, useFilters } from '../shared/filters'
import lists from '../shared/List.module.css'
import { ListFooter } from '../shared/ListFooter'
import { PageHeader } from '../shared/PageHeader'
import { RowSkeletons } from '../shared/RowSkeletons'
import { SearchField } from '../shared/SearchField'
import { CustomerRows } from './CustomerRows'
import { type CustomerFilters, fetchCustomers } from './customers'
import './texts'

const ACTIVITY = { all: undefined, active: true, inactive: false } as const
const ORDERINGS = { newest: '-created_at', byName: 'name' } as const

export function Component() {
  const { t } = useTranslation('customers')
  const may = useMay()
  const url = useFilters()
  const activity = oneOf(ACTIVITY, url.get('activity'), 'all')
  const sort = oneOf(ORDERINGS, url.get('sort'), 'newest')
  const filters: CustomerFilters = {
    search: url.get('search') || undefined,
    state: STATES.find((each) => each === url.get('state')),
    is_active: ACTIVITY[activity],
    ordering: ORDERINGS[sort],
  }
  const list = useCursorList('customers', filters, (cursor) => fetchCustomers(filters, cursor))
  const choices = (names: ('all' | 'active' | 'inactive' | 'newest' | 'byName')[]) =>
    names.map((value) => ({ value, label: t(`list.${value}`) }))

  return (
    <>
      <PageHeader title={t('title')} actions={may('customers.add_customer') && <NewButton />} />
      <Flex gap="xs" mb="sm" direction={{ base: 'column', md: 'row' }}>
        <div style={{ flex: 1 }}>
          <SearchField
            label={t(may('customers.view_personal_data') ? 'list.search' : 'list.searchMasked')}
            value={url.get('search')}
            onChange={(search) => url.set({ search })}
          />
        </div>
        <Group gap="xs">
          <Select
            aria-label={t('list.state')}
            placeholder={t('list.anyState')}
            data={STATES}
            value={filters.state ?? null}
            onChange={(state) => url.set({ state })}
            searchable
            clearable
            w={160}
          />
          <Select
            aria-label={t('list.activity')}
            data={choices(['all', 'active', 'inactive'])}
            value={activity}
            allowDeselect={false}
            onChange={(value) => url.set({ activity: value === 'all' ? null : value })}
            w={120}
          />
          <Select
            aria-label={t('list.sort')}
            data={choices(['newest', 'byName'])}
            value={sort}
            allowDeselect={false}
            onChange={(value) => url.set({ sort: value === 'newest' ? null : value })}
            w={140}
          />
        </Group>
      </Flex>
      <Paper className={lists.clip} aria-busy={list.isFetching}>
        {list.isPending ? (
          <RowSkeletons />
        ) : list.isError && !list.data ? (
          <ErrorState error={list.error} onRetry={() => void list.refetch()} />
        ) : list.rows.length === 0 ? (
          <NoCustomers filtered={url.any} onClear={url.clear} />
        ) : (
          <>
            <CustomerRows customers={list.rows} fading={list.isPlaceholderData} />
            <ListFooter query={list} shown={list.rows.length} />
          </>
        )}
      </Paper>
    </>
  )
}

function NewButton() {
  const { t } = useTranslation('customers')
  return (
    <Button component={Link} to="/customers/new" leftSection={<IconPlus size={17} />}>
      {t('new')}
    </Button>
  )
}

function NoCustomers({ filtered, onClear }: { filtered: boolean; onClear: () => void }) {
  const { t } = useTranslation(['customers', 'common'])
  const may = useMay()
  if (filtered) {
    return (
      <EmptyState
        title={t('common:state.nothing')}
        hint={t('common:state.nothingHint')}
        action={
          <Button variant="light" mt="xs" onClick={onClear}>
            {t('common:actions.clear')}
          </Button>
        }
      />
    )
  }
  if (!may('customers.add_customer')) return <EmptyState title={t('list.none')} hint={t('list.noneReadOnly')} />
  return <EmptyState title={t('list.none')} hint={t('list.noneHint')} action={<NewButton />} />
}
