import type { OrderDetail, Status } from './orders'

const WAY: Status[] = ['PENDENTE', 'CONFIRMADO', 'SEPARADO', 'ENVIADO', 'ENTREGUE']

export type Step = { status: Status; place: 'done' | 'here' | 'ahead' }

/** The steps behind and before an order; of a cancelled one, those it went until it ended. */
export function pathOf({ status, history }: Pick<OrderDetail, 'status' | 'history'>): Step[] {
  if (status === 'CANCELADO') {
    const gone = WAY.filter((step) => history.some((change) => change.to_status === step))
    return [...gone.map((step): Step => ({ status: step, place: 'done' })), { status, place: 'here' }]
  }
  const here = WAY.indexOf(status)
  return WAY.map((step, index) => ({
    status: step,
    place: index < here ? 'done' : index === here ? 'here' : 'ahead',
  }))
}

/** The next step forward, among those that this user may make; the way out stands apart. */
export function movesOf(allowed: Status[]): { forward: Status[]; mayCancel: boolean } {
  const forward = allowed.filter((status) => status !== 'CANCELADO')
  return { forward, mayCancel: allowed.includes('CANCELADO') }
}
