// The page: a list on the left, the chosen delivery on the right, and for a recorded log its moments below.
import { useEffect, useRef, useState } from 'preact/hooks'
import type { DeliveryView, Overview } from '../view/view-source.ts'
import { useChanges } from './data/use-changes.ts'
import { pathOf, useFetched } from './data/use-fetched.ts'
import { useRoute } from './data/use-route.ts'
import { DeliveryPane } from './delivery/delivery-pane.tsx'
import { DeliveryListBox } from './list/delivery-list.tsx'
import { EndpointList } from './list/endpoint-list.tsx'
import { FilterBar } from './list/filter-bar.tsx'
import { useDeliveryList } from './list/use-delivery-list.ts'
import type { Filters } from './list/use-delivery-list.ts'
import { TimeSlider } from './moment/time-slider.tsx'
import { TopBar } from './top-bar.tsx'

const noFilters: Filters = { text: '', status: null, endpointId: null }

export function App() {
  const [route, go] = useRoute()
  const [paused, setPaused] = useState(false)
  const [live, setLive] = useState(false)
  const { tick, connection } = useChanges(live && !paused)
  const overview = useFetched<Overview>(pathOf('/api/overview', { at: route.seq }), tick)
  useEffect(() => setLive(overview.data?.kind === 'live'), [overview.data?.kind])
  if (overview.data === null) return <Waiting failed={overview.failed} />
  return (
    <Viewer
      overview={overview.data}
      tick={tick}
      lost={overview.failed || (live && !paused && connection === 'lost')}
      paused={paused}
      onPause={setPaused}
      route={route}
      go={go}
    />
  )
}

interface ViewerProps {
  readonly overview: Overview
  readonly tick: number
  readonly lost: boolean
  readonly paused: boolean
  readonly onPause: (paused: boolean) => void
  readonly route: ReturnType<typeof useRoute>[0]
  readonly go: ReturnType<typeof useRoute>[1]
}

function Viewer({ overview, tick, lost, paused, onPause, route, go }: ViewerProps) {
  const [filters, setFilters] = useState(noFilters)
  const searchBox = useRef<HTMLInputElement>(null)
  const { eventId, seq } = route
  const list = useDeliveryList(filters, seq, tick)
  const path = eventId === null ? null : pathOf('/api/delivery', { id: eventId, at: seq })
  const { data, path: answered } = useFetched<DeliveryView>(path, tick)
  const delivery = data?.row.eventId === eventId ? data : null
  const change = (changed: Partial<Filters>): void => setFilters((before) => ({ ...before, ...changed }))
  useSearchKey(searchBox)
  const recorded = overview.kind === 'recorded'
  return (
    <div class={`viewer ${eventId === null ? 'no-delivery' : 'has-delivery'}`}>
      <TopBar overview={overview} lost={lost} paused={paused} onPause={onPause} />
      <nav class="sidebar" aria-label="Endpoints and deliveries">
        <FilterBar filters={filters} counts={overview.counts} searchBox={searchBox} onChange={change} />
        <EndpointList
          overview={overview}
          selected={filters.endpointId}
          onSelect={(endpointId) => change({ endpointId })}
        />
        <DeliveryListBox list={list} selected={eventId} onSelect={(id, how) => go({ eventId: id }, how)} />
      </nav>
      <main>
        {eventId !== null && (
          <button type="button" class="back" onClick={() => go({ eventId: null })}>
            All deliveries
          </button>
        )}
        {delivery !== null ? (
          <DeliveryPane delivery={delivery} seq={seq} tick={tick} recorded={recorded} />
        ) : (
          <NoDelivery chosen={eventId !== null && answered === path} recorded={recorded} />
        )}
      </main>
      {recorded && (
        <TimeSlider
          overview={overview}
          seq={seq}
          marks={delivery?.seqs ?? []}
          onChange={(to) => go({ seq: to }, 'replace')}
        />
      )}
    </div>
  )
}

function Waiting({ failed }: { readonly failed: boolean }) {
  return <p class="waiting">{failed ? 'hookline does not answer. Is it still running?' : 'Loading …'}</p>
}

function NoDelivery({ chosen, recorded }: { readonly chosen: boolean; readonly recorded: boolean }) {
  if (!chosen) return <p class="empty">Choose a delivery to see what happened to it, and why it is where it is.</p>
  return (
    <p class="empty">
      {recorded
        ? 'There is no such delivery at this moment. It may have been submitted later.'
        : 'This delivery is not known. It may have settled so long ago that it is no longer kept.'}
    </p>
  )
}

/** `/` goes to the search box, wherever one does not type. */
function useSearchKey(searchBox: { readonly current: HTMLInputElement | null }): void {
  useEffect(() => {
    const search = (event: KeyboardEvent): void => {
      if (event.key !== '/' || event.ctrlKey || event.metaKey || event.altKey) return
      if (event.target instanceof HTMLInputElement && event.target.type !== 'range') return
      event.preventDefault()
      searchBox.current?.focus()
    }
    addEventListener('keydown', search)
    return () => removeEventListener('keydown', search)
  }, [])
}
