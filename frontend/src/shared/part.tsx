import { type ComponentType, type LazyExoticComponent, lazy, useEffect, useReducer } from 'react'
import { NoAnswer } from '../api/problem'
import { ErrorState } from './ErrorState'
import { NotLoaded, loading, loadingAgain } from './loading'

type Options = {
  /** What nobody waits for in front of the screen: it never gives up, and says nothing meanwhile. */
  patient?: boolean
}

type Slot<T> = ComponentType<{ props: T; onRetry: () => void }>

/**
 * A part of the interface that is fetched when it is first shown. As React's `lazy`, which keeps a failure for ever: here
 * it is said in the part's place, “try again” tries again, and so does who comes back later.
 */
export function part<T extends object>(
  load: () => Promise<{ default: ComponentType<T> }>,
  { patient = false }: Options = {},
) {
  const first = () => loading(load, patient ? Infinity : undefined)

  function attempt(fetching: typeof load): LazyExoticComponent<Slot<T>> {
    const Attempt = lazy(async (): Promise<{ default: Slot<T> }> => {
      try {
        const { default: Screen } = await fetching()
        return { default: ({ props }) => <Screen {...props} /> }
      } catch (error) {
        if (!(error instanceof NotLoaded)) throw error
        const forget = () => {
          if (Loaded === Attempt) Loaded = attempt(first)
        }
        return { default: ({ onRetry }) => <Failed error={error} onRetry={onRetry} onGone={forget} /> }
      }
    })
    return Attempt
  }

  let Loaded = attempt(first)
  return function Part(props: T) {
    const [, render] = useReducer((count: number) => count + 1, 0)
    const retry = () => {
      Loaded = attempt(() => loadingAgain(load))
      render()
    }
    return <Loaded props={props} onRetry={retry} />
  }
}

type FailedProps = { error: NotLoaded; onRetry: () => void; onGone: () => void }

function Failed({ error, onRetry, onGone }: FailedProps) {
  useEffect(() => onGone, [onGone])
  return <ErrorState error={new NoAnswer(error)} onRetry={onRetry} />
}
