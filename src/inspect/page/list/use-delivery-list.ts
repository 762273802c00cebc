import { useCallback, useEffect, useRef, useState } from 'preact/hooks'
import type { DeliveryStatus } from '../../../../machines/delivery.ts'
import type { EventPage } from '../../../recorded/recorded-event.ts'
import type { DeliveryRow } from '../../view/view-source.ts'
import { pathOf, useFetched } from '../data/use-fetched.ts'

export interface Filters {
  readonly text: string
  readonly status: DeliveryStatus | null
  readonly endpointId: string | null
}

export interface DeliveryList {
  readonly rows: readonly DeliveryRow[]
  readonly more: boolean
  /** False until the first answer. */
  readonly known: boolean
  /** Asks for the rows after the last one. */
  readonly loadMore: () => void
}

const pageLength = 100
/** Longer lists are not asked for anew each time that something changes; going back to the top does. */
const refreshedLength = 500

/** The deliveries that fit, the newest first, a page at a time. */
export function useDeliveryList(filters: Filters, seq: number | null, tick: number): DeliveryList {
  const [wanted, setWanted] = useState(pageLength)
  const [added, setAdded] = useState<EventPage>({ events: [], more: false })
  const query = { endpoint: filters.endpointId, status: filters.status, text: filters.text, at: seq }
  const base = pathOf('/api/deliveries', query)
  const current = useRef(base)
  useEffect(() => {
    current.current = base
    setWanted(pageLength)
  }, [base])

  const path = pathOf('/api/deliveries', { ...query, limit: Math.min(wanted, refreshedLength) })
  const { data } = useFetched<EventPage>(path, tick)
  useEffect(() => setAdded({ events: [], more: false }), [data])

  const first = data?.events ?? []
  const rows = added.events.length === 0 ? first : [...first, ...added.events]
  const more = added.events.length === 0 ? (data?.more ?? false) : added.more
  const last = rows.at(-1)?.eventId
  const loadMore = useCallback(() => {
    if (rows.length < refreshedLength) {
      setWanted(Math.max(rows.length, 1) + pageLength)
      return
    }
    const asked = base
    const next = pathOf('/api/deliveries', { ...query, after: last ?? null, limit: refreshedLength })
    void fetch(next)
      .then((response) => response.json())
      // The server and this page are built together; what one sends is what the other expects.
      .then((page: EventPage) => {
        if (current.current !== asked) return
        setAdded((before) => ({ events: [...before.events, ...page.events], more: page.more }))
      })
      .catch(() => undefined) // the next scroll asks again
  }, [base, last, rows.length])

  return { rows, more, known: data !== null, loadMore }
}
