import { waitBefore } from '../api/problem'

/** The code of a part of the interface did not come: the server is away, or has other files now. */
export class NotLoaded extends Error {
  constructor(cause: unknown) {
    super('A part of the interface did not load', { cause })
    this.name = 'NotLoaded'
  }
}

/** What each browser says of an import that did not come. Any other error is one in the module itself. */
const FAILED = /dynamically imported module|importing a module script failed|style sheet/i

const online = () => new Promise((resolve) => window.addEventListener('online', resolve, { once: true }))
const pause = (milliseconds: number) => new Promise((resolve) => setTimeout(resolve, milliseconds))

/** Style sheets that did not come. Vite asks for each once only, so that the next try would be shown without it. */
const unstyled = new Set<string>()

window.addEventListener('vite:preloadError', (event) => {
  const address = /preload CSS for (\S+)/.exec(event.payload.message)?.[1]
  if (!address) return
  unstyled.add(address)
  event.preventDefault() // Vite goes on to the module; the sheet is waited for below.
})

function addSheet(address: string): Promise<unknown> {
  return new Promise((resolve, reject) => {
    const link = document.createElement('link')
    link.rel = 'stylesheet'
    link.href = address
    link.onload = () => resolve(unstyled.delete(address))
    link.onerror = () => {
      link.remove()
      reject(new Error(`no style sheet: ${address}`))
    }
    document.head.append(link)
  })
}

/** Fetches a module: tries again while that may help, and without a connection waits for one. */
export async function loading<T>(load: () => Promise<T>, attempts = 4): Promise<T> {
  for (let attempt = 0; ; attempt++) {
    try {
      const module = await load()
      await Promise.all([...unstyled].map(addSheet))
      return module
    } catch (error) {
      if (!FAILED.test(String(error))) throw error
      if (!navigator.onLine) {
        await online()
        attempt = -1
      } else if (attempt + 1 >= attempts) throw new NotLoaded(error)
      else await pause(waitBefore(attempt, error))
    }
  }
}

/**
 * Once more, for somebody who asks. If it still does not come while the server answers, then it never will here: a
 * browser may keep a failed import, and a deploy takes old files away. A new page has neither.
 */
export async function loadingAgain<T>(load: () => Promise<T>): Promise<T> {
  try {
    return await loading(load, 1)
  } catch (error) {
    if (error instanceof NotLoaded) {
      const page = await fetch(window.location.href, { cache: 'no-store' }).catch(() => null)
      if (page?.ok) window.location.reload()
    }
    throw error
  }
}
