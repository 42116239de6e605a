import { MantineProvider, localStorageColorSchemeManager } from '@mantine/core'
import { QueryClientProvider } from '@tanstack/react-query'
import { Suspense } from 'react'
import { BrowserRouter } from 'react-router'
import { queryClient } from '../api/queries'
import { part } from '../shared/part'
import { useIsPhone } from '../shared/useIsPhone'
import { CrashBoundary } from './CrashBoundary'
import { Waiting } from './Guard'
import { Screens } from './routes'
import { cssVariables, styleNonce, theme } from './theme'

// Nobody is told anything in the first moment.
const Toasts = part(() => import('./Toasts'), { patient: true })
const colorScheme = localStorageColorSchemeManager({ key: 'order-desk.theme' })

export function App() {
  return (
    <MantineProvider
      theme={theme}
      cssVariablesResolver={cssVariables}
      colorSchemeManager={colorScheme}
      defaultColorScheme="auto"
      getStyleNonce={styleNonce}
    >
      <QueryClientProvider client={queryClient}>
        <BrowserRouter>
          <CrashBoundary>
            <Suspense fallback={<Waiting />}>
              <Screens />
            </Suspense>
          </CrashBoundary>
        </BrowserRouter>
        <Suspense>
          <Toasts position={useIsPhone() ? 'top-center' : 'bottom-right'} />
        </Suspense>
      </QueryClientProvider>
    </MantineProvider>
  )
}
