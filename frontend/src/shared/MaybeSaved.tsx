import { Alert, Anchor, Button, Group, List, Stack } from '@mantine/core'
import { IconCloudQuestion } from '@tabler/icons-react'
import { useQuery } from '@tanstack/react-query'
import { useTranslation } from 'react-i18next'
import { Link } from 'react-router'
import './formTexts'
import { RetryNotice } from './RetryNotice'

/** A row that may be the one that was sent: where it is, and what tells it apart. */
export type Found = { to: string; text: string }

type Props = {
  /** The name of the resource, as in other query keys. */
  resource: string
  /** What the row is looked for by. */
  name: string
  /** Each attempt is looked for anew. */
  attempt: number
  look: (name: string) => Promise<Found[]>
  busy: boolean
  onAgain: () => void
  onFollow?: () => void
}

/** The answer to a new row was lost: shows what there is of that name, before it may be sent a second time. */
export function MaybeSaved({ resource, name, attempt, look, busy, onAgain, onFollow }: Props) {
  const { t } = useTranslation('forms')
  const found = useQuery({
    queryKey: [resource, 'maybe', name, attempt],
    queryFn: () => look(name),
    staleTime: 0,
    gcTime: 0,
  })
  return (
    <Alert color="orange" role="alert" icon={<IconCloudQuestion />} title={t('maybe.title')}>
      <Stack gap="xs" align="flex-start">
        <span>{t('maybe.hint')}</span>
        {found.isPending && <span>{t('maybe.looking', { name })}</span>}
        {found.isError && (
          <RetryNotice error={found.error} busy={found.isFetching} onRetry={() => void found.refetch()} />
        )}
        {found.data?.length === 0 && <span>{t('maybe.none', { name })}</span>}
        {found.data && found.data.length > 0 && (
          <>
            <span>{t('maybe.found')}</span>
            <List size="sm">
              {found.data.map(({ to, text }) => (
                <List.Item key={to}>
                  <Anchor component={Link} to={to} onClick={onFollow} inherit>
                    {text}
                  </Anchor>
                </List.Item>
              ))}
            </List>
          </>
        )}
        {found.data && (
          <Group gap="xs">
            <Button size="xs" variant="default" loading={found.isFetching} onClick={() => void found.refetch()}>
              {t('maybe.lookAgain')}
            </Button>
            <Button size="xs" variant="light" color="orange" loading={busy} onClick={onAgain}>
              {t('maybe.again')}
            </Button>
          </Group>
        )}
      </Stack>
    </Alert>
  )
}
