import type { Retention } from '../../service-limits.ts'
import type { EventHistory, Finding, LoggedRecord } from './history.ts'
import type { Lines } from './lines.ts'
import type { SimulatedClock } from './simulated-clock.ts'

/** Who of `kept` should have been forgotten before `event`: one of its kind that settled before it did. */
export function keptInstead(
  event: EventHistory,
  kept: Iterable<EventHistory>,
  lines: Lines,
  byWallClock: boolean,
): Finding | null {
  const { eventId, records } = event
  const kind = kindOf(event, lines)
  const seq = records.at(-1)?.record.seq ?? 0
  for (const other of kept) {
    if (other.evictedTick !== null || kindOf(other, lines) !== kind) continue
    if ((other.records.at(-1)?.record.seq ?? Infinity) >= seq) continue
    // By the wall clock either of two that settled in one millisecond may go first.
    if (byWallClock && (settlingOf(other)?.record.at ?? '') >= (settlingOf(event)?.record.at ?? '')) continue
    return { message: `${eventId} was evicted, and ${other.eventId} settled before it`, eventId }
  }
  return null
}

/** Why `event` should not have been evicted just now; null: it had settled, and there were too many, or it was too old. */
export function wrongEviction(
  event: EventHistory,
  kept: Iterable<EventHistory>,
  retention: Retention,
  lines: Lines,
  clock: SimulatedClock,
): Finding | null {
  const { eventId } = event
  const kind = kindOf(event, lines)
  if (kind === 'open' || kind === 'holding') {
    return {
      message: `${eventId} was evicted while it was ${kind === 'open' ? event.state.value : 'holding its line'}`,
      eventId,
    }
  }
  const last = settlingOf(event)
  const ageMs = clock.elapsedMs - (last?.elapsedMs ?? 0)
  const wallAgeMs = clock.wallMs - Date.parse(last?.record.at ?? '')
  const longestMs = kind === 'deadLetter' ? retention.deadLetterAgeMs : retention.ageMs
  if (ageMs >= longestMs || wallAgeMs >= longestMs) return null
  let count = 0
  for (const other of kept) if (other.evictedTick === null && kindOf(other, lines) === kind) count += 1
  const limit = kind === 'deadLetter' ? retention.deadLetters : retention.settledEvents
  if (count > limit) return null
  return { message: `${eventId} was evicted as one of ${count} after ${ageMs} ms, and ${limit} may be kept`, eventId }
}

/** The record by which it settled last; a line may have been released since. */
function settlingOf({ records }: EventHistory): LoggedRecord | undefined {
  return records.filter(({ record }) => record.event.type !== 'line.released').at(-1)
}

function kindOf(event: EventHistory, lines: Lines): 'open' | 'holding' | 'deadLetter' | 'settled' {
  switch (event.state.value) {
    case 'delivered':
    case 'failed':
      return 'settled'
    case 'deadLettered':
      return lines.of(event).heldBy === event ? 'holding' : 'deadLetter'
    case 'pending':
    case 'delivering':
    case 'backoff':
      return 'open'
  }
}
