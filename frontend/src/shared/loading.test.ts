// @vitest-environment jsdom
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { NotLoaded, loading, loadingAgain } from './loading'

const failed = () => new TypeError('Failed to fetch dynamically imported module: /static/web/a.js')

beforeEach(() => vi.useFakeTimers())
afterEach(() => vi.useRealTimers())

async function outcome<T>(work: Promise<T>): Promise<unknown> {
  const settled = work.catch((error: unknown) => error)
  await vi.runAllTimersAsync()
  return settled
}

describe('the code of a screen', () => {
  it('is asked for again while the server is away', async () => {
    const load = vi.fn().mockRejectedValueOnce(failed()).mockRejectedValueOnce(failed()).mockResolvedValue('screen')
    expect(await outcome(loading(load))).toBe('screen')
    expect(load).toHaveBeenCalledTimes(3)
  })

  it('is given up after a few tries, by an error of its own', async () => {
    const load = vi.fn().mockRejectedValue(failed())
    expect(await outcome(loading(load))).toBeInstanceOf(NotLoaded)
    expect(load).toHaveBeenCalledTimes(4)
  })

  it('is waited for without a connection, however long that takes', async () => {
    const onLine = vi.spyOn(navigator, 'onLine', 'get').mockReturnValue(false)
    const load = vi.fn().mockRejectedValueOnce(failed()).mockRejectedValueOnce(failed()).mockResolvedValue('screen')
    const work = loading(load, 2)
    await vi.runAllTimersAsync()
    expect(load).toHaveBeenCalledTimes(1)
    onLine.mockReturnValue(true)
    window.dispatchEvent(new Event('online'))
    expect(await outcome(work)).toBe('screen')
  })

  it('that has a bug is no lost connection', async () => {
    const bug = new ReferenceError('x is not defined')
    const load = vi.fn().mockRejectedValue(bug)
    expect(await outcome(loading(load))).toBe(bug)
    expect(load).toHaveBeenCalledOnce()
  })

  it('stays away when asked for by hand, while the server does', async () => {
    const fetching = vi.fn().mockRejectedValue(new TypeError('Failed to fetch'))
    vi.stubGlobal('fetch', fetching)
    const load = vi.fn().mockRejectedValue(failed())
    expect(await outcome(loadingAgain(load))).toBeInstanceOf(NotLoaded)
    expect([load, fetching].map((each) => each.mock.calls.length)).toEqual([1, 1])
  })
})
