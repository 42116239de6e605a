import { useMediaQuery } from '@mantine/hooks'

/** Narrower than the navigation at the side: tables become cards. */
export function useIsPhone(): boolean {
  return useMediaQuery('(max-width: 47.99em)', undefined, { getInitialValueInEffect: false }) ?? false
}
