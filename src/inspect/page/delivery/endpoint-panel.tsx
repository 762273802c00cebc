import type { EndpointView } from '../../view/view-source.ts'
import { Statechart } from '../chart/statechart.tsx'
import { pathOf, useFetched } from '../data/use-fetched.ts'
import { formatMoment } from '../text/format-time.ts'
import { ShownText } from '../text/shown-text.tsx'
import { RecordList } from './record-list.tsx'

export interface EndpointPanelProps {
  readonly endpointId: string
  readonly seq: number | null
  readonly tick: number
}

/** The event's endpoint: whether it is in use, what its breaker does, and what happened to it. */
export function EndpointPanel({ endpointId, seq, tick }: EndpointPanelProps) {
  const { data } = useFetched<EndpointView>(pathOf('/api/endpoint', { id: endpointId, at: seq }), tick)
  if (data === null) return <p class="note">The endpoint is not known any more.</p>
  const { row, records } = data
  const of = (machine: string) => records.filter((record) => record.machine === machine)
  return (
    <div class="endpoint-panel">
      <p>
        <ShownText text={row.url ?? row.endpointId} /> is <b>{row.state}</b>
        {row.failingSince !== null && `, and has only failed since ${formatMoment(row.failingSince)}`}
        {row.disableAt !== null && `; a failure after ${formatMoment(row.disableAt)} disables it`}
        {row.breaker !== null && (
          <>
            . Its breaker is <b>{row.breaker}</b>
            {row.reopensAt !== null && ` until ${formatMoment(row.reopensAt)}`}
          </>
        )}
        .
      </p>
      <div class="charts">
        <figure>
          <figcaption>The endpoint</figcaption>
          <Statechart machine="endpoint" current={row.state} records={of('endpoint')} />
        </figure>
        {row.breaker !== null && (
          <figure>
            <figcaption>Its breaker</figcaption>
            <Statechart machine="breaker" current={row.breaker} records={of('breaker')} />
          </figure>
        )}
      </div>
      <RecordList records={records} omitted={0} momentsOf={null} />
    </div>
  )
}
