import { IconBox, IconChartBar, IconReceipt, IconUsers, IconUserShield, type Icon } from '@tabler/icons-react'
import { useMay } from '../session/session'

export type Place = { to: string; text: 'dashboard' | 'orders' | 'customers' | 'products' | 'users'; icon: Icon }

const PLACES: Place[] = [
  { to: '/', text: 'dashboard', icon: IconChartBar },
  { to: '/orders', text: 'orders', icon: IconReceipt },
  { to: '/customers', text: 'customers', icon: IconUsers },
  { to: '/products', text: 'products', icon: IconBox },
]

/** Where this user may go. */
export function usePlaces(): Place[] {
  const may = useMay()
  const users: Place = { to: '/users', text: 'users', icon: IconUserShield }
  return may('authentication.manage_users') ? [...PLACES, users] : PLACES
}

export function isAt(place: string, path: string): boolean {
  return place === '/' ? path === '/' : path === place || path.startsWith(`${place}/`)
}
