import { useEffect, useLayoutEffect } from 'react'
import { NavigationType, useLocation, useNavigationType } from 'react-router'

/** How far each address of the history had been scrolled. */
const depths = new Map<string, number>()

/** A new screen begins at its top; the way back leads to where one was. A changed filter moves nothing. */
export function useScroll(): void {
  const { key, pathname } = useLocation()
  const type = useNavigationType()
  useEffect(() => {
    const note = () => depths.set(key, window.scrollY)
    window.addEventListener('scroll', note, { passive: true })
    return () => window.removeEventListener('scroll', note)
  }, [key])
  useLayoutEffect(() => {
    if (type !== NavigationType.Pop) window.scrollTo(0, 0)
    // eslint-disable-next-line react-hooks/exhaustive-deps -- by address, not by filter
  }, [pathname])
  useLayoutEffect(() => {
    const depth = depths.get(key)
    if (type === NavigationType.Pop && depth) window.scrollTo(0, depth)
  }, [key, type])
}
