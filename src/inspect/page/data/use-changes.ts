import { useEffect, useState } from 'preact/hooks'

export type Connection = 'live' | 'lost'

/** How long after a lost connection another is tried. */
const tryAgainMs = 2000

export interface Changes {
  /** Another number whenever the service has moved on. */
  readonly tick: number
  readonly connection: Connection
}

/** Hears that a running service has moved on. A page that nobody looks at does not listen. */
export function useChanges(listening: boolean): Changes {
  const [tick, setTick] = useState(0)
  const [connection, setConnection] = useState<Connection>('live')
  const visible = useVisible()
  useEffect(() => {
    if (!listening || !visible) return
    let source: EventSource | null = null
    let timer: ReturnType<typeof setTimeout> | undefined
    const more = (): void => setTick((before) => before + 1)
    const open = (): void => {
      source = new EventSource('/api/changes')
      source.onopen = () => {
        setConnection('live')
        more() // what happened before it was open
      }
      source.addEventListener('changed', more)
      source.onerror = () => {
        setConnection('lost')
        source?.close()
        timer = setTimeout(open, tryAgainMs)
      }
    }
    open()
    return () => {
      source?.close()
      clearTimeout(timer)
    }
  }, [listening, visible])
  return { tick, connection }
}

function useVisible(): boolean {
  const [visible, setVisible] = useState(!document.hidden)
  useEffect(() => {
    const look = (): void => setVisible(!document.hidden)
    document.addEventListener('visibilitychange', look)
    return () => document.removeEventListener('visibilitychange', look)
  }, [])
  return visible
}
