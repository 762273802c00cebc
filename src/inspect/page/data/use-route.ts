import { useCallback, useEffect, useState } from 'preact/hooks'
import { formatRoute, parseRoute } from '../route.ts'
import type { Route } from '../route.ts'

/** `replace`: without a step that the browser's back button goes back over. */
export type Go = (change: Partial<Route>, how?: 'replace') => void

/** The page's address, and the way to another. Back and forward work as everywhere. */
export function useRoute(): [Route, Go] {
  const [route, setRoute] = useState(() => parseRoute(location.hash))
  useEffect(() => {
    const read = (): void => setRoute(parseRoute(location.hash))
    addEventListener('popstate', read)
    addEventListener('hashchange', read)
    return () => {
      removeEventListener('popstate', read)
      removeEventListener('hashchange', read)
    }
  }, [])
  const go = useCallback<Go>((change, how) => {
    const next = { ...parseRoute(location.hash), ...change }
    const hash = formatRoute(next)
    if (how === 'replace') history.replaceState(null, '', hash)
    else if (hash !== location.hash) history.pushState(null, '', hash)
    setRoute(next)
  }, [])
  return [route, go]
}
