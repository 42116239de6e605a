import { Button } from '@mantine/core'
import { IconTrash } from '@tabler/icons-react'
import { EmptyState } from './EmptyState'

type Props = { title: string; hint: string; restore: string; busy: boolean; onRestore: () => void }

/** Stands where a deleted row was, for those who may bring it back. */
export function Restorable({ title, hint, restore, busy, onRestore }: Props) {
  return (
    <EmptyState
      icon={IconTrash}
      title={title}
      hint={hint}
      action={
        <Button variant="light" mt="xs" loading={busy} onClick={onRestore}>
          {restore}
        </Button>
      }
    />
  )
}
