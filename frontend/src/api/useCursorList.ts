import { keepPreviousData, useInfiniteQuery } from '@tanstack/react-query'

type Page<T> = { next: string | null; results: T[] }

function cursorOf(address: string | null): string | undefined {
  return address === null ? undefined : (new URL(address).searchParams.get('cursor') ?? undefined)
}

/**
 * A list that is walked by cursor: page 10,000 costs what page 1 does, and each row comes once, whatever is inserted
 * meanwhile. `filters` stands in the key, so a changed filter is another list.
 */
export function useCursorList<T>(
  name: string,
  filters: object,
  fetchPage: (cursor: string) => Promise<Page<T>>,
  options: { enabled?: boolean } = {},
) {
  const query = useInfiniteQuery({
    queryKey: [name, 'list', filters],
    queryFn: ({ pageParam }) => fetchPage(pageParam),
    initialPageParam: '',
    getNextPageParam: (last) => cursorOf(last.next),
    // While a changed filter is asked for, the old rows stay, faded: nothing jumps.
    placeholderData: keepPreviousData,
    ...options,
  })
  return { ...query, rows: query.data?.pages.flatMap((page) => page.results) ?? [] }
}
