import { QueryClient } from '@tanstack/react-query'
import { isPassing, waitBefore } from './problem'

/** Reads are repeated while waiting may help; writes never are by themselves (see withRetries). */
export const queryClient = new QueryClient({
  defaultOptions: {
    queries: {
      retry: (failures, error) => failures < 4 && isPassing(error),
      retryDelay: (failures, error) => waitBefore(failures, error),
      staleTime: 10_000,
    },
    mutations: { retry: false, networkMode: 'always' },
  },
})

/** The answer for each item, in their order, asking for a few at a time; the first that fails ends it. */
export async function eachOf<T, R>(items: T[], ask: (item: T) => Promise<R>, atOnce = 4): Promise<R[]> {
  const answers = new Array<R>(items.length)
  const waiting = [...items.entries()]
  const worker = async () => {
    for (let next = waiting.shift(); next; next = waiting.shift()) {
      const [index, item] = next
      answers[index] = await ask(item)
    }
  }
  try {
    await Promise.all(Array.from({ length: atOnce }, worker))
  } finally {
    waiting.length = 0
  }
  return answers
}
