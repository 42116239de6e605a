import { Center, Loader } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import { Fragment, Suspense } from 'react'
import { Navigate, Outlet, useLocation } from 'react-router'
import { hasLeft, meQuery, useIsLost } from '../session/session'
import { ErrorState } from '../shared/ErrorState'
import { part } from '../shared/part'

const SignInDialog = part(() => import('./SignInDialog'), { patient: true })

/**
 * Lets only signed-in people through; the others sign in and come back to where they were. Who loses the session signs
 * in above the screen, which keeps what was typed there; for another user, every screen begins anew.
 */
export function Guard() {
  const me = useQuery(meQuery)
  const location = useLocation()
  const isLost = useIsLost()
  if (me.isPending) {
    return <Waiting />
  }
  if (me.isError && me.data === undefined) return <ErrorState error={me.error} onRetry={() => void me.refetch()} />
  if (!me.data) {
    const next = hasLeft() ? '/' : location.pathname + location.search
    return <Navigate to="/sign-in" replace state={{ next }} />
  }
  return (
    <Fragment key={me.data.id}>
      <Outlet />
      {isLost && (
        <Suspense>
          <SignInDialog username={me.data.username} />
        </Suspense>
      )}
    </Fragment>
  )
}

/** Before anything is known. */
export function Waiting() {
  return (
    <Center h="100vh">
      <Loader type="dots" />
    </Center>
  )
}
