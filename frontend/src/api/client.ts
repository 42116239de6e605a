import createClient, { type Middleware } from 'openapi-fetch'
import i18next from 'i18next'
import { NoAnswer, isPassing, readProblem, waitBefore } from './problem'
import type { components, paths } from './schema'

export type Schemas = components['schemas']

/** A row together with the version it had when it was read; writes send it back as If-Match. */
export type Versioned<T> = { row: T; etag: string | null }

const SAFE = new Set(['GET', 'HEAD', 'OPTIONS'])

export function cookie(name: string): string {
  const found = document.cookie.split('; ').find((pair) => pair.startsWith(`${name}=`))
  return found ? decodeURIComponent(found.slice(name.length + 1)) : ''
}

let whenSignedOut: () => void = () => undefined

/** Who to tell when the server no longer knows who we are. */
export function onSignedOut(listener: () => void): void {
  whenSignedOut = listener
}

const conventions: Middleware = {
  onRequest({ request }) {
    request.headers.set('Accept-Language', i18next.language)
    if (!SAFE.has(request.method)) request.headers.set('X-CSRFToken', cookie('csrftoken'))
    return request
  },
  async onResponse({ response, schemaPath }) {
    if (response.ok) return undefined
    const error = await readProblem(response)
    if (error.status === 401 && schemaPath !== '/api/v1/auth/session/login') whenSignedOut()
    throw error
  },
  onError({ error }) {
    return new NoAnswer(error)
  },
}

/** Every call of the API, typed by its schema. A refusal is thrown as ApiError, a lost connection as NoAnswer. */
export const api = createClient<paths>({
  baseUrl: window.location.origin,
  credentials: 'same-origin',
  // Looked up at each call, so that a test may put its own in place.
  fetch: (request) => globalThis.fetch(request),
})
api.use(conventions)

type Answer<T> = { data?: T; response: Response }

/** The body of an answer. */
export async function body<T>(call: Promise<Answer<T>>): Promise<T> {
  const { data } = await call
  return data as T
}

/** The body of an answer, with its ETag. */
export async function versioned<T>(call: Promise<Answer<T>>): Promise<Versioned<T>> {
  const { data, response } = await call
  return { row: data as T, etag: response.headers.get('ETag') }
}

/** The header that lets a write through only if nobody changed the row meanwhile. */
export function ifMatch(etag: string | null): { 'If-Match'?: string } {
  return etag ? { 'If-Match': etag } : {}
}

/** Repeats a write that is safe to repeat: one that carries its own idempotency key. `onWait` hears of each pause. */
export async function withRetries<T>(
  write: () => Promise<T>,
  onWait?: (error: unknown, milliseconds: number) => void,
  attempts = 4,
): Promise<T> {
  for (let attempt = 0; ; attempt++) {
    try {
      return await write()
    } catch (error) {
      if (!isPassing(error) || attempt + 1 >= attempts) throw error
      const milliseconds = waitBefore(attempt, error)
      onWait?.(error, milliseconds)
      await new Promise((resolve) => setTimeout(resolve, milliseconds))
    }
  }
}
