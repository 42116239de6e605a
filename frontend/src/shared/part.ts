import { type ComponentType, lazy } from 'react'

const online = () => new Promise((resolve) => window.addEventListener('online', resolve, { once: true }))

/**
 * A part of the interface that is fetched when it is first shown (as React's `lazy`, which keeps a failure for ever):
 * without a connection it waits for one, instead of failing.
 */
export function part<T extends object>(load: () => Promise<{ default: ComponentType<T> }>) {
  return lazy(async () => {
    for (;;) {
      try {
        return await load()
      } catch (error) {
        if (navigator.onLine) throw error
        await online()
      }
    }
  })
}
