import type { components } from './schema'

/** An answer of 400 or more (RFC 9457). Beyond the named members it carries the facts of its own error. */
export type Problem = components['schemas']['ProblemOutput'] & Record<string, unknown>

export type Shortage = { product_id: number; sku: string; requested: number; available: number }
export type PriceChange = { product_id: number; sku: string; sent: string; current: string }

/** The server answered, and refused. `code` never changes; the texts follow the language of the screen. */
export class ApiError extends Error {
  readonly status: number
  readonly code: string
  readonly problem: Problem
  /** Seconds that the server asks to wait, when it does. */
  readonly retryAfter: number | null

  constructor(problem: Problem, retryAfter: number | null = null) {
    super(problem.title)
    this.name = 'ApiError'
    this.status = problem.status
    this.code = problem.code
    this.problem = problem
    this.retryAfter = retryAfter
  }

  /** The fact `name` of this error, when it is a list: shortages, changes, products… */
  list<T>(name: string): T[] {
    const fact = this.problem[name]
    return Array.isArray(fact) ? (fact as T[]) : []
  }
}

/** No answer came: offline, or the connection broke. Whether a write was kept, nobody knows. */
export class NoAnswer extends Error {
  constructor(cause: unknown) {
    super('No answer from the server', { cause })
    this.name = 'NoAnswer'
  }
}

export async function readProblem(response: Response): Promise<ApiError> {
  const seconds = Number(response.headers.get('Retry-After') ?? NaN)
  const retryAfter = Number.isFinite(seconds) ? seconds : null
  let problem: Problem
  try {
    problem = (await response.json()) as Problem
    if (typeof problem.code !== 'string') throw new Error('not a problem')
  } catch {
    // A proxy on the way may answer in its own words.
    problem = {
      type: 'about:blank',
      title: `${response.status} ${response.statusText}`.trim(),
      status: response.status,
      detail: '',
      instance: '',
      code: response.status >= 502 ? 'temporarily_unavailable' : 'unknown',
      request_id: response.headers.get('X-Request-ID'),
    }
  }
  return new ApiError(problem, retryAfter)
}

/** True where waiting may help: too many requests, server not ready, no connection. */
export function isPassing(error: unknown): boolean {
  if (error instanceof NoAnswer) return true
  if (!(error instanceof ApiError) || error.code === 'account_locked') return false
  return error.status === 429 || error.status >= 502
}

/** May a write have been kept all the same? */
export function isOutcomeUnknown(error: unknown): boolean {
  return error instanceof NoAnswer || (error instanceof ApiError && error.status >= 500)
}

/** Milliseconds before attempt number `attempt` (from 0) is repeated. */
export function waitBefore(attempt: number, error: unknown): number {
  const asked = error instanceof ApiError ? error.retryAfter : null
  if (asked !== null) return Math.min(asked, 60) * 1000
  return Math.min(500 * 2 ** attempt, 8000)
}
