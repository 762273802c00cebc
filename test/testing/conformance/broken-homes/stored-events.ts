import type { StoredEvent, StoredEvents, StoredTotals } from '../../../../src/log/stored-events.ts'
import { brokenEvents, reversed } from '../broken-home.ts'
import type { BrokenHome } from '../broken-home.ts'

const forgotten = (event: StoredEvent | null): StoredEvent | null =>
  event === null ? null : { ...event, state: { ...event.state, value: 'pending' } }

function withTotals(events: StoredEvents, change: (totals: StoredTotals) => StoredTotals): Partial<StoredEvents> {
  return { totals: () => change(events.totals()) }
}

export const storedEvents: readonly BrokenHome[] = [
  [
    'an event is found, in the state that its records lead to',
    'in the state that it was submitted in',
    brokenEvents((events) => ({ find: (eventId) => forgotten(events.find(eventId)) })),
  ],
  [
    'an event is found, in the state that its records lead to',
    'a redelivery does not count as joining',
    brokenEvents((events) => ({
      find: (eventId) => {
        const found = events.find(eventId)
        return found === null ? null : { ...found, joinedSeq: found.submitted.seq }
      },
    })),
  ],
  [
    'what is evicted is gone, and what never was is not there',
    'evicted events are still had',
    brokenEvents((_, home) => {
      const had = new Set<string>()
      home.subscribe(({ eventId }) => had.add(eventId))
      return { has: (eventId) => had.has(eventId) }
    }),
  ],
  [
    'an idempotency key finds the one event of its endpoint',
    'of any endpoint',
    brokenEvents((events, home) => ({
      findByIdempotencyKey: (_, key) => {
        for (const { event, eventId } of home.entries()) {
          if (event.type === 'event.submitted' && event.idempotencyKey === key) return events.find(eventId)
        }
        return null
      },
    })),
  ],
  [
    'what waits comes in the order of its line, page by page',
    'the last first',
    brokenEvents((events) => ({
      waiting: (query) => ({ events: reversed(events.waiting(query).events), damaged: [] }),
    })),
  ],
  [
    'what waits comes in the order of its line, page by page',
    'a page begins with the last of the page before',
    brokenEvents((events) => ({ waiting: (query) => events.waiting({ ...query, afterSeq: query.afterSeq - 1 }) })),
  ],
  [
    'what waits comes in the order of its line, page by page',
    'what holds a line is left out',
    brokenEvents((events) => ({
      waiting: (query) => {
        const page = events.waiting({ ...query, limit: 1000 }).events
        return { events: page.filter(({ state }) => !state.context.holdsLine).slice(0, query.limit), damaged: [] }
      },
    })),
  ],
  [
    'what waits comes in the order of its line, page by page',
    'the line does not count',
    brokenEvents((events) => ({ waiting: (query) => events.waiting({ ...query, laneKey: undefined }) })),
  ],
  [
    'what waits comes in the order of its line, page by page',
    'one that held its line goes to the end when it is redelivered',
    brokenEvents((events, home) => ({
      waiting: (query) => {
        const read = events.waiting({ ...query, afterSeq: 0, limit: 1000 }).events.map((event) => {
          const records = [...home.entries({ eventId: event.submitted.eventId })]
          const last = records.filter((record) => record.event.type === 'redelivery.requested').at(-1)
          return last?.from === 'deadLettered' ? { ...event, joinedSeq: last.seq } : event
        })
        const sorted = read.sort((one, other) => one.joinedSeq - other.joinedSeq)
        return { events: sorted.filter((event) => event.joinedSeq > query.afterSeq).slice(0, query.limit), damaged: [] }
      },
    })),
  ],
  [
    'countAhead counts those before an event in its line',
    'with the event itself',
    brokenEvents((events) => ({ countAhead: (id, lane, seq) => events.countAhead(id, lane, seq + 1) })),
  ],
  [
    'countAhead counts those before an event in its line',
    'in all lines of the endpoint',
    brokenEvents((events) => ({
      countAhead: (endpointId, _, seq) =>
        events.waiting({ endpointId, afterSeq: 0, limit: 1000 }).events.filter(({ joinedSeq }) => joinedSeq < seq)
          .length,
    })),
  ],
  [
    'backlogs counts what waits, its bytes, and the lines that are held',
    'no bytes',
    brokenEvents((events) => ({ backlogs: () => events.backlogs().map((backlog) => ({ ...backlog, bytes: 0 })) })),
  ],
  [
    'backlogs counts what waits, its bytes, and the lines that are held',
    'one endpoint is left out',
    brokenEvents((events) => ({ backlogs: () => events.backlogs().slice(1) })),
  ],
  [
    'backlogs counts what waits, its bytes, and the lines that are held',
    'lines that are held count as waiting',
    brokenEvents((events) => ({
      backlogs: () => events.backlogs().map((backlog) => ({ ...backlog, events: backlog.events + backlog.heldLines })),
    })),
  ],
  [
    'deadLetters gives an endpoint’s, those that settled first first',
    'the last first',
    brokenEvents((events) => ({ deadLetters: (endpointId) => reversed(events.deadLetters(endpointId)) })),
  ],
  [
    'deadLetters gives an endpoint’s, those that settled first first',
    'those that hold a line are left out',
    brokenEvents((events) => ({
      deadLetters: (id) => events.deadLetters(id).filter(({ state }) => !state.context.holdsLine),
    })),
  ],
  [
    'deadLetters gives an endpoint’s, those that settled first first',
    'one that holds a line is not counted',
    brokenEvents((events) => ({
      countDeadLetters: (id) => events.deadLetters(id).filter(({ state }) => !state.context.holdsLine).length,
    })),
  ],
  [
    'unsettled gives what is not settled, in the order of submission',
    'more than were asked for',
    brokenEvents((events) => ({ unsettled: (limit) => events.unsettled(limit + 1) })),
  ],
  [
    'scan gives all events by submission, page by page, from either end',
    'from one end only',
    brokenEvents((events) => ({ scan: (query) => events.scan({ ...query, order: 'oldest' }) })),
  ],
  [
    'scan gives all events by submission, page by page, from either end',
    'a page begins with the last event of the one before',
    brokenEvents((events) => ({
      scan: (query) => {
        const page = events.scan(query)
        const step = query.order === 'newest' ? 1 : -1
        return { ...page, lastSeq: page.lastSeq === null ? null : page.lastSeq + step * (query.limit > 1 ? 1 : 0) }
      },
    })),
  ],
  [
    'scan gives all events by submission, page by page, from either end',
    'one that was redelivered is still in the state in which it had settled',
    brokenEvents((events) => ({
      scan: (query) => {
        const { events: scanned, lastSeq } = events.scan(query)
        const isRedelivered = (id: string): boolean =>
          (events.find(id)?.joinedSeq ?? 0) > events.find(id)!.submitted.seq
        return {
          events: scanned.map((event) => (isRedelivered(event.eventId) ? { ...event, status: 'delivered' } : event)),
          lastSeq,
        }
      },
    })),
  ],
  [
    'lastSequence is the last place given, evicted or not',
    'the last that is left',
    brokenEvents((_, home) => ({
      lastSequence: (endpointId, laneKey) => {
        let last = 0
        for (const { event } of home.entries({ endpointId })) {
          if (event.type !== 'event.submitted') continue
          const key = event.ordering === 'key' ? (event.orderingKey ?? '') : ''
          if (key === laneKey) last = event.sequence
        }
        return last
      },
    })),
  ],
  [
    'totals counts what was submitted and attempted ever, and what is settled and kept',
    'what was evicted does not count',
    brokenEvents((events, home) =>
      withTotals(events, (totals) => ({
        ...totals,
        submitted: [...home.entries()].filter(({ from }) => from === null).length,
      })),
    ),
  ],
  [
    'totals counts what was submitted and attempted ever, and what is settled and kept',
    'dead letters are failures',
    brokenEvents((events) =>
      withTotals(events, ({ settled: { delivered, failed, deadLettered }, ...totals }) => ({
        ...totals,
        settled: { delivered, failed: failed + deadLettered, deadLettered: 0 },
      })),
    ),
  ],
].map(([rule, what, factory]) => [`stored events: ${rule as string}`, what, factory] as BrokenHome)
