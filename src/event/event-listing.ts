import { matchesPattern } from '../endpoint/event-type-pattern.ts'
import type { LogHome } from '../log/log-home.ts'
import { isSettled } from '../statechart/resting-delivery.ts'
import { summarize } from './event-page.ts'
import type { EventPage, EventSummary } from './event-page.ts'
import { cursorOf } from './event-query.ts'
import type { EventConditions } from './event-query.ts'
import type { EventRecord } from './event-record.ts'
import type { EventStore } from './event-store.ts'

export function listEvents(conditions: EventConditions, store: EventStore, log: LogHome): EventPage {
  const { order, limit, afterSeq } = conditions
  const sign = order === 'newest' ? -1 : 1
  const records = Array.from(store.allInMemory())
    .filter(({ submitted }) => afterSeq === null || (submitted.seq - afterSeq) * sign > 0)
    .sort((one, other) => (one.submitted.seq - other.submitted.seq) * sign)
    .filter((record) => holdsFor(conditions, record))
  const last = records[limit - 1]
  return {
    events: records.slice(0, limit).map((record) => summaryOf(record, log)),
    nextCursor: records.length > limit && last !== undefined ? cursorOf(order, last.submitted.seq) : null,
  }
}

function holdsFor(conditions: EventConditions, { submitted, endpointId, state }: EventRecord): boolean {
  const { ofEndpoint, statuses, eventTypes, submittedFromMs, submittedUntilMs } = conditions
  const atMs = Date.parse(submitted.at)
  return (
    ofEndpoint?.(endpointId) !== false &&
    statuses?.has(state.value) !== false &&
    eventTypes?.some((pattern) => matchesPattern(pattern, submitted.event.eventType)) !== false &&
    atMs >= submittedFromMs &&
    atMs < submittedUntilMs
  )
}

function summaryOf(record: EventRecord, log: LogHome): EventSummary {
  const { submitted, state } = record
  let settledAt = null
  if (isSettled(state.value)) {
    for (const { from, to, at } of log.entries({ eventId: record.id })) {
      if (isSettled(to) && (from === null || !isSettled(from))) settledAt = at
    }
  }
  return summarize(submitted, state, settledAt)
}
