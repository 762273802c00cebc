import { useEffect, useRef, useState } from 'preact/hooks'

export interface Fetched<T> {
  /** The last answer that came, of this path or of the one before; null before the first. */
  readonly data: T | null
  /** The path that `data` answers. */
  readonly path: string | null
  readonly failed: boolean
}

/**
 * What the server answers for a path, asked again whenever `tick` changes. One request at a time: while one is under way
 * only the newest wish is remembered, so that a slider dragged fast asks for what it can get.
 *
 * @param path null: nothing is asked
 */
export function useFetched<T>(path: string | null, tick: number): Fetched<T> {
  const [fetched, setFetched] = useState<Fetched<T>>({ data: null, path: null, failed: false })
  const wanted = useRef<{ path: string; tick: number } | null>(null)
  const busy = useRef(false)
  const gone = useRef(false)

  useEffect(
    () => () => {
      gone.current = true
    },
    [],
  )

  useEffect(() => {
    wanted.current = path === null ? null : { path, tick }
    if (busy.current) return
    busy.current = true
    void fetchWanted().finally(() => (busy.current = false))
  }, [path, tick])

  async function fetchWanted(): Promise<void> {
    let done: typeof wanted.current = null
    while (wanted.current !== null && wanted.current !== done && !gone.current) {
      done = wanted.current
      const answer = await ask(done.path)
      if (gone.current) return
      const { path: asked } = done
      // The server and this page are built together; what one sends is what the other expects.
      const data = answer as T | null | undefined
      setFetched((before) => (data === undefined ? { ...before, failed: true } : { data, path: asked, failed: false }))
    }
  }

  return fetched
}

/** Undefined when the server did not answer. */
async function ask(path: string): Promise<unknown> {
  try {
    const response = await fetch(path)
    return response.ok ? ((await response.json()) as unknown) : undefined
  } catch {
    return undefined
  }
}

/** A path with a query, without what is null or empty. */
export function pathOf(path: string, query: Readonly<Record<string, string | number | null>>): string {
  const search = new URLSearchParams()
  for (const [name, value] of Object.entries(query)) {
    if (value !== null && value !== '') search.set(name, String(value))
  }
  return `${path}?${search}`
}
