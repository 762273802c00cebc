import type { Retention } from '../../service-limits.ts'
import type { EventHistory, Finding } from './history.ts'
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
    if (byWallClock && other.records.at(-1)?.record.at === records.at(-1)?.record.at) continue
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
  const { eventId, records } = event
  const kind = kindOf(event, lines)
  if (kind === 'open' || kind === 'holding') {
    return {
      message: `${eventId} was evicted while it was ${kind === 'open' ? event.state.value : 'holding its line'}`,
      eventId,
    }
  }
  const last = records.at(-1)
  const ageMs = clock.elapsedMs - (last?.elapsedMs ?? 0)
  const wallAgeMs = clock.wallMs - Date.parse(last?.record.at ?? '')
  if (ageMs >= retention.ageMs || wallAgeMs >= retention.ageMs) return null
  let count = 0
  for (const other of kept) if (other.evictedTick === null && kindOf(other, lines) === kind) count += 1
  const limit = kind === 'deadLetter' ? retention.deadLetters : retention.settledEvents
  if (count > limit) return null
  return { message: `${eventId} was evicted as one of ${count} after ${ageMs} ms, and ${limit} may be kept`, eventId }
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
