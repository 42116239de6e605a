import { Center, Loader } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import { Navigate, Outlet, useLocation } from 'react-router'
import { howItEnded, meQuery } from '../session/session'
import { ErrorState } from '../shared/ErrorState'

/** Lets only signed-in people through; the others sign in and come back to where they were. */
export function Guard() {
  const me = useQuery(meQuery)
  const location = useLocation()
  if (me.isPending) {
    return <Waiting />
  }
  if (me.isError) return <ErrorState error={me.error} onRetry={() => void me.refetch()} />
  if (!me.data) {
    const ended = howItEnded()
    const next = ended === 'left' ? '/' : location.pathname + location.search
    return <Navigate to="/sign-in" replace state={{ next, expired: ended === 'lost' }} />
  }
  return <Outlet />
}

/** Before anything is known. */
export function Waiting() {
  return (
    <Center h="100vh">
      <Loader type="dots" />
    </Center>
  )
}
