import { Skeleton, Stack } from '@mantine/core'
import { useTranslation } from 'react-i18next'

/** Stands where rows will be, so that nothing jumps when they come. */
export function RowSkeletons({ rows = 8, height = 44 }: { rows?: number; height?: number }) {
  const { t } = useTranslation()
  return (
    <Stack gap={1} role="status" aria-label={t('state.loading')}>
      {Array.from({ length: rows }, (_, index) => (
        <Skeleton key={index} height={height} radius={0} opacity={1 - index / (rows + 2)} />
      ))}
    </Stack>
  )
}
