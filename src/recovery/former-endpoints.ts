import type { EventRecord } from '../event/event-record.ts'
import type { FoldedEndpoint } from '../replay/fold-endpoint.ts'
import type { FoldedLine } from '../replay/folded-log.ts'
import type { FormerEndpoint, FormerLine } from './former-endpoint.ts'
import type { ReadLog } from './read-log.ts'

/** A {@link FormerEndpoint} in the making. */
interface Gathered {
  health: FoldedEndpoint
  readonly lines: FormerLine[]
  lastSequence: number
  readonly keySequences: Map<string, number>
}

/** Every endpoint that a log tells of, by its id. `records` are the events that were taken up, by theirs. */
export function formerEndpoints(
  { folded, submissions }: ReadLog,
  records: ReadonlyMap<string, EventRecord>,
): ReadonlyMap<string, FormerEndpoint> {
  const gathered = new Map<string, Gathered>()
  for (const { eventId, endpointId, sequence, laneKey } of folded.events.values()) {
    const endpoint = gatheredFor(gathered, endpointId)
    if (submissions.get(eventId)?.event.ordering === 'key') {
      const last = endpoint.keySequences.get(laneKey) ?? 0
      endpoint.keySequences.set(laneKey, Math.max(last, sequence))
    } else {
      endpoint.lastSequence = Math.max(endpoint.lastSequence, sequence)
    }
  }
  for (const line of folded.lines()) {
    const endpoint = gatheredFor(gathered, line.endpointId)
    const former = formerLine(line, records, endpoint.keySequences.get(line.laneKey) ?? 0)
    if (former !== null) endpoint.lines.push(former)
  }
  for (const [endpointId, health] of folded.endpoints) gatheredFor(gathered, endpointId).health = health
  return gathered
}

/** Null when no event of the line was taken up. */
function formerLine(
  { laneKey, waiting, haltedBy }: FoldedLine,
  records: ReadonlyMap<string, EventRecord>,
  lastSequence: number,
): FormerLine | null {
  const taken = waiting.filter(({ eventId }) => records.has(eventId))
  const holding = haltedBy === null ? undefined : records.get(haltedBy.eventId)
  if (taken.length === 0 && holding === undefined) return null
  return {
    laneKey,
    waiting: taken.flatMap(({ eventId }) => records.get(eventId) ?? []),
    haltedBy: holding ?? null,
    headMovedAt: taken[0]?.lastAt ?? '',
    lastSequence,
  }
}

function gatheredFor(gathered: Map<string, Gathered>, endpointId: string): Gathered {
  let endpoint = gathered.get(endpointId)
  if (endpoint === undefined) {
    const health = { endpoint: null, breaker: null }
    gathered.set(endpointId, (endpoint = { health, lines: [], lastSequence: 0, keySequences: new Map() }))
  }
  return endpoint
}
