import { Button, Group } from '@mantine/core'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { ConflictDialog } from './ConflictDialog'
import { MoveDialog } from './MoveDialog'
import type { Status } from './orders'
import { movesOf } from './statusPath'
import { type Loaded, useMove } from './useMove'

/** The moves that this user may make from here, and no others. */
export function OrderActions({ loaded }: { loaded: Loaded }) {
  const { t } = useTranslation('orders')
  const { move, busy, moving, conflict, settle } = useMove(loaded)
  const [asking, setAsking] = useState<'ENVIADO' | 'CANCELADO' | null>(null)
  const order = loaded.row
  const { forward, mayCancel } = movesOf(order.allowed_transitions)
  // The dialog goes when its move was made, or another came before it; while neither is known, what was typed stays.
  if (asking && !order.allowed_transitions.includes(asking)) setAsking(null)

  const start = (to: Status) => {
    // What cannot be taken back is asked about.
    if (to === 'ENVIADO') setAsking(to)
    else void move(to)
  }
  return (
    <>
      {(forward.length > 0 || mayCancel) && (
        <Group justify="space-between" mt="md" gap="xs">
          <Group gap="xs">
            {forward.map((to) => (
              <Button key={to} onClick={() => start(to)} disabled={busy} loading={moving === to}>
                {t(`move.${to}`)}
              </Button>
            ))}
          </Group>
          {mayCancel && (
            <Button
              variant="subtle"
              color="red"
              c="var(--mantine-color-error)"
              onClick={() => setAsking('CANCELADO')}
              disabled={busy}
            >
              {t('move.CANCELADO')}
            </Button>
          )}
        </Group>
      )}
      {asking && (
        <MoveDialog
          to={asking}
          number={order.number}
          busy={busy}
          onClose={() => setAsking(null)}
          onMove={(note) => void move(asking, note)}
        />
      )}
      {conflict && <ConflictDialog conflict={conflict} onClose={settle} />}
    </>
  )
}
