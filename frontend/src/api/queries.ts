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
