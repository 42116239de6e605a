// @vitest-environment jsdom
import { beforeEach, describe, expect, it, vi } from 'vitest'
import '../texts/i18n'
import { api, body, onSignedOut, versioned, withRetries } from './client'
import { ApiError, NoAnswer, isOutcomeUnknown, isPassing, waitBefore } from './problem'

const fetching = vi.fn<(request: Request) => Promise<Response>>()

function answer(status: number, content: unknown, headers: Record<string, string> = {}): Response {
  const type = status >= 400 ? 'application/problem+json' : 'application/json'
  return new Response(JSON.stringify(content), { status, headers: { 'Content-Type': type, ...headers } })
}

const problem = (status: number, code: string) => ({ status, code, title: code, detail: '', request_id: 'r1' })

beforeEach(() => {
  fetching.mockReset()
  vi.stubGlobal('fetch', fetching)
})

describe('a call', () => {
  it('carries the language, and on a write the CSRF token of the cookie', async () => {
    document.cookie = 'csrftoken=abc'
    fetching.mockImplementation(() => Promise.resolve(answer(200, {})))
    await api.GET('/api/v1/auth/me')
    await api.POST('/api/v1/auth/session/logout')
    const [read, write] = fetching.mock.calls.map(([request]) => request)
    expect(read?.headers.get('Accept-Language')).toMatch(/^(pt-BR|en)$/)
    expect(read?.headers.has('X-CSRFToken')).toBe(false)
    expect(write?.headers.get('X-CSRFToken')).toBe('abc')
  })

  it('gives the body, and the version where it matters', async () => {
    fetching.mockImplementation(() => Promise.resolve(answer(200, { id: 7 }, { ETag: '"3-ab"' })))
    const call = () => api.GET('/api/v1/orders/{id}', { params: { path: { id: 7 } } })
    expect(await body(call())).toEqual({ id: 7 })
    expect(await versioned(call())).toEqual({ row: { id: 7 }, etag: '"3-ab"' })
  })

  it('throws a refusal with its code and its facts', async () => {
    const shortages = [{ product_id: 1, sku: 'A', requested: 5, available: 2 }]
    fetching.mockResolvedValue(answer(409, { ...problem(409, 'insufficient_stock'), shortages }))
    const error = await api.GET('/api/v1/auth/me').catch((refusal: unknown) => refusal)
    expect(error).toBeInstanceOf(ApiError)
    expect((error as ApiError).code).toBe('insufficient_stock')
    expect((error as ApiError).list('shortages')).toEqual(shortages)
  })

  it('makes do with an answer that is no problem document', async () => {
    fetching.mockResolvedValue(new Response('<html>Bad gateway</html>', { status: 502 }))
    const error = (await api.GET('/api/v1/auth/me').catch((refusal: unknown) => refusal)) as ApiError
    expect([error.status, error.code]).toEqual([502, 'temporarily_unavailable'])
  })

  it('tells that the session is over, but not when a sign-in fails', async () => {
    const told = vi.fn()
    onSignedOut(told)
    fetching.mockImplementation(() => Promise.resolve(answer(401, problem(401, 'not_authenticated'))))
    await api.POST('/api/v1/auth/session/login', { body: { username: 'a', password: 'b' } }).catch(() => undefined)
    expect(told).not.toHaveBeenCalled()
    await api.GET('/api/v1/auth/me').catch(() => undefined)
    expect(told).toHaveBeenCalledOnce()
  })

  it('tells a lost connection from a refusal', async () => {
    fetching.mockRejectedValue(new TypeError('Failed to fetch'))
    await expect(api.GET('/api/v1/auth/me')).rejects.toBeInstanceOf(NoAnswer)
  })
})

describe('repeating', () => {
  const busy = (retryAfter: number | null) =>
    new ApiError(problem(503, 'temporarily_unavailable') as never, retryAfter)

  it('is for what passes: no answer, 429, 503; not for a refusal or a locked account', () => {
    expect(isPassing(new NoAnswer(null))).toBe(true)
    expect(isPassing(busy(null))).toBe(true)
    expect(isPassing(new ApiError(problem(429, 'rate_limited') as never))).toBe(true)
    expect(isPassing(new ApiError(problem(429, 'account_locked') as never))).toBe(false)
    expect(isPassing(new ApiError(problem(409, 'insufficient_stock') as never))).toBe(false)
    expect(isPassing(new Error('a bug'))).toBe(false)
  })

  it('knows when a write may have been kept all the same', () => {
    expect(isOutcomeUnknown(new NoAnswer(null))).toBe(true)
    expect(isOutcomeUnknown(busy(null))).toBe(true)
    expect(isOutcomeUnknown(new ApiError(problem(500, 'internal_error') as never))).toBe(true)
    expect(isOutcomeUnknown(new ApiError(problem(429, 'rate_limited') as never))).toBe(false)
    expect(isOutcomeUnknown(new ApiError(problem(401, 'not_authenticated') as never))).toBe(false)
  })

  it('waits as long as the server asks, else longer each time', () => {
    expect(waitBefore(0, busy(3))).toBe(3000)
    expect(waitBefore(0, busy(3600))).toBe(60_000)
    expect([0, 1, 2].map((attempt) => waitBefore(attempt, busy(null)))).toEqual([500, 1000, 2000])
  })

  it('sends a keyed write again until an answer comes, and no more often than it may', async () => {
    vi.useFakeTimers()
    const write = vi
      .fn()
      .mockRejectedValueOnce(new NoAnswer(null))
      .mockRejectedValueOnce(busy(1))
      .mockResolvedValue('ok')
    const waits: number[] = []
    const sent = withRetries(write, (_, milliseconds) => waits.push(milliseconds))
    await vi.runAllTimersAsync()
    expect(await sent).toBe('ok')
    expect(waits).toEqual([500, 1000])
    expect(write).toHaveBeenCalledTimes(3)

    write.mockReset().mockRejectedValue(new NoAnswer(null))
    const lost = withRetries(write).catch((error: unknown) => error)
    await vi.runAllTimersAsync()
    expect(await lost).toBeInstanceOf(NoAnswer)
    expect(write).toHaveBeenCalledTimes(4)
    vi.useRealTimers()
  })

  it('never repeats what was refused', async () => {
    const write = vi.fn().mockRejectedValue(new ApiError(problem(409, 'price_changed') as never))
    await expect(withRetries(write)).rejects.toBeInstanceOf(ApiError)
    expect(write).toHaveBeenCalledOnce()
  })
})
