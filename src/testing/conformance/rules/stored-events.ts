import assert from 'node:assert/strict'
import type { LogHome } from '../../../log/log-home.ts'
import type { ScannedEvent, StoredEvent, StoredEvents } from '../../../log/stored-events.ts'
import { isSettled } from '../../../statechart/resting-delivery.ts'
import { SeededSource } from '../../simulation/seeded-source.ts'
import type { ConformanceRule } from '../conformance-rule.ts'
import type { Homes } from '../homes.ts'
import { LogWalk, walkedEndpoints } from '../log-walk.ts'
import type { WalkedEvent } from '../log-walk.ts'

const walks = [1, 2, 3]
const stepsBetween = 25
const looks = 8

/** Looks again and again at a log that grows, all of it durable each time. */
async function walk(homes: Homes, look: (stored: StoredEvents, walked: LogWalk) => void): Promise<void> {
  for (const seed of walks) {
    const source = new SeededSource(seed, 'conformance')
    const walked = new LogWalk(source.stream('walk'))
    let home = await homes.open()
    for (let round = 1; round <= looks; round += 1) {
      for (let step = 0; step < stepsBetween; step += 1) {
        walked.step(home)
        // Anywhere, so that an event's records are made durable in one go, or in many.
        if (source.chance(0.1)) await home.flush()
      }
      evictSome(home, walked, source)
      await home.flush()
      look(storedEventsOf(home), walked)
      if (round % 4 !== 0 || !homes.have('reopen')) continue
      home = await homes.reopen(home)
      look(storedEventsOf(home), walked)
    }
  }
}

function evictSome(home: LogHome, walked: LogWalk, source: SeededSource): void {
  for (const { folded } of walked.kept) {
    if (!isSettled(folded.state.value) || folded.state.context.holdsLine || !source.chance(0.1)) continue
    home.evict(folded.eventId)
    walked.evicted(folded.eventId)
  }
}

function storedEventsOf({ storedEvents }: LogHome): StoredEvents {
  assert.ok(storedEvents, 'the home has no storedEvents')
  return storedEvents
}

function storedRule(name: string, look: (stored: StoredEvents, walked: LogWalk) => void): ConformanceRule {
  return { name: `stored events: ${name}`, needs: ['storedEvents'], check: (homes) => walk(homes, look) }
}

const found = storedRule('an event is found, in the state that its records lead to', (stored, walked) => {
  for (const event of walked.kept) {
    const { eventId } = event.folded
    assert.equal(stored.has(eventId), true, `has ${eventId}`)
    assertIs(stored.find(eventId), event)
  }
})

const gone = storedRule('what is evicted is gone, and what never was is not there', (stored, walked) => {
  for (let number = 1; number <= walked.submitted + 1; number += 1) {
    const eventId = `evt_${number}`
    if (walked.find(eventId) !== undefined) continue
    assert.equal(stored.has(eventId), false, `has ${eventId}`)
    assert.equal(stored.find(eventId), null)
    for (const { id } of walkedEndpoints) assert.equal(stored.findByIdempotencyKey(id, `key of ${number}`), null)
  }
})

const byKey = storedRule('an idempotency key finds the one event of its endpoint', (stored, walked) => {
  for (const event of walked.kept) {
    const { idempotencyKey, folded } = event
    if (idempotencyKey === null) continue
    for (const { id } of walkedEndpoints) {
      const stands = stored.findByIdempotencyKey(id, idempotencyKey)
      if (id === folded.endpointId) assertIs(stands, event)
      else assert.equal(stands, null, `${idempotencyKey} of ${id}`)
    }
  }
})

const inOrder = storedRule('what waits comes in the order of its line, page by page', (stored, walked) => {
  for (const { id } of walkedEndpoints) {
    assertWaiting(stored, walked.waiting(id), id, undefined)
    const lanes = new Set(
      walked.kept.filter(({ folded }) => folded.endpointId === id).map(({ folded }) => folded.laneKey),
    )
    for (const laneKey of [...lanes, 'nobody’s']) assertWaiting(stored, walked.waiting(id, laneKey), id, laneKey)
  }
})

function assertWaiting(
  stored: StoredEvents,
  expected: readonly WalkedEvent[],
  endpointId: string,
  laneKey: string | undefined,
): void {
  for (const limit of [1, 3, 1000]) {
    const read: StoredEvent[] = []
    let afterSeq = 0
    for (;;) {
      const { events, damaged } = stored.waiting({ endpointId, laneKey, afterSeq, limit })
      assert.deepEqual(damaged, [])
      assert.ok(events.length <= limit, `${events.length} events came, and ${limit} were asked for`)
      for (const event of events) {
        assert.ok(
          event.joinedSeq > afterSeq,
          `${event.submitted.eventId} joined by ${event.joinedSeq}, after ${afterSeq}`,
        )
        afterSeq = event.joinedSeq
      }
      read.push(...events)
      if (events.length < limit) break
    }
    assert.deepEqual(read.map(idOf), expected.map(idOf), `${endpointId} ${String(laneKey)}, by ${limit}`)
    read.forEach((event, index) => assertIs(event, expected[index]))
  }
}

const ahead = storedRule('countAhead counts those before an event in its line', (stored, walked) => {
  for (const { id } of walkedEndpoints) {
    for (const event of walked.waiting(id)) {
      const { eventId, laneKey } = event.folded
      const line = walked.waiting(id, laneKey)
      const joinedSeq = stored.find(eventId)?.joinedSeq ?? 0
      assert.equal(stored.countAhead(id, laneKey, joinedSeq), line.indexOf(event), eventId)
      // Nobody asks who would be behind the one event of a line that is its own.
      const ofAll = laneKey === eventId ? 1 : stored.countAhead(id, laneKey, Number.MAX_SAFE_INTEGER)
      assert.equal(ofAll, line.length, `the line of ${eventId}`)
    }
  }
})

const backlogs = storedRule('backlogs counts what waits, its bytes, and the lines that are held', (stored, walked) => {
  const expected = walkedEndpoints.flatMap(({ id: endpointId }) => {
    const all = walked.waiting(endpointId)
    const open = all.filter(({ folded }) => !isSettled(folded.state.value))
    const bytes = open.reduce((sum, { bodyBytes }) => sum + bodyBytes, 0)
    return all.length === 0 ? [] : [{ endpointId, events: open.length, bytes, heldLines: all.length - open.length }]
  })
  const byEndpoint = [...stored.backlogs()].sort((one, other) => (one.endpointId < other.endpointId ? -1 : 1))
  assert.deepEqual(byEndpoint, expected)
})

const letters = storedRule('deadLetters gives an endpoint’s, those that settled first first', (stored, walked) => {
  for (const { id } of walkedEndpoints) {
    const ofEndpoint = walked.kept.filter(({ folded }) => folded.endpointId === id)
    const expected = new Map(
      ofEndpoint.filter(({ folded }) => folded.state.value === 'deadLettered').map((event) => [idOf(event), event]),
    )
    const given = stored.deadLetters(id)
    assert.deepEqual(given.map(idOf).sort(), [...expected.keys()].sort(), id)
    let settledAt = ''
    for (const event of given) {
      const known = expected.get(idOf(event))
      assertIs(event, known)
      // Of two that settled in one millisecond either may come first.
      assert.ok((known?.settledAt ?? '') >= settledAt, `${idOf(event)} settled before the one ahead of it`)
      settledAt = known?.settledAt ?? ''
    }
    assert.equal(stored.countDeadLetters(id), expected.size, `how many ${id} has`)
  }
})

const unsettled = storedRule('unsettled gives what is not settled, in the order of submission', (stored, walked) => {
  const expected = walked.kept
    .filter(({ folded }) => !isSettled(folded.state.value))
    .map(({ folded: { eventId, endpointId } }) => ({ eventId, endpointId }))
  for (const limit of [1, 4, 1000]) {
    const given = stored.unsettled(limit).map(({ eventId, endpointId }) => ({ eventId, endpointId }))
    assert.deepEqual(given, expected.slice(0, limit))
  }
})

const scanned = storedRule('scan gives all events by submission, page by page, from either end', (stored, walked) => {
  for (const order of ['newest', 'oldest'] as const) {
    const expected = order === 'oldest' ? walked.kept : [...walked.kept].reverse()
    for (const limit of [1, 3, 1000]) {
      const given = scanAll(stored, order, limit)
      const ids = given.map(({ eventId }) => eventId)
      assert.deepEqual(ids, expected.map(idOf), `${order}, by ${limit}`)
      given.forEach((event, index) => assertScanned(event, expected[index]))
    }
  }
})

function scanAll(stored: StoredEvents, order: 'newest' | 'oldest', limit: number): readonly ScannedEvent[] {
  const given: ScannedEvent[] = []
  for (let afterSeq: number | null = order === 'newest' ? Infinity : 0; afterSeq !== null;) {
    const { events, lastSeq } = stored.scan({ order, afterSeq, limit })
    assert.ok(events.length <= limit, `${events.length} events came, and ${limit} were asked for`)
    given.push(...events)
    afterSeq = lastSeq
  }
  return given
}

/** What it says without their records is right. */
function assertScanned(event: ScannedEvent, walked: WalkedEvent | undefined): void {
  assert.ok(walked)
  const { submitted, folded, settledAt } = walked
  const { value } = folded.state
  const { eventId, endpointId, eventType, seq } = event
  assert.deepEqual({ eventId, endpointId, seq }, { eventId, endpointId: folded.endpointId, seq: submitted.seq })
  if (eventType !== null) assert.equal(eventType, folded.eventType, eventId)
  if (event.submittedAtMs !== null) assert.equal(event.submittedAtMs, Date.parse(submitted.at), eventId)
  if (event.status !== null || isSettled(value)) assert.equal(event.status, value, eventId)
  assert.equal(event.settledAt, isSettled(value) ? settledAt : null, eventId)
}

const places = storedRule('lastSequence is the last place given, evicted or not', (stored, walked) => {
  for (const [endpointId, laneKey, sequence] of walked.lastPlaces) {
    assert.equal(stored.lastSequence(endpointId, laneKey), sequence, `${endpointId} ${laneKey}`)
  }
  assert.equal(stored.lastSequence('ep_fifo', 'nobody’s'), 0)
  assert.equal(stored.lastSequence('ep_unknown', ''), 0)
})

const totals = storedRule(
  'totals counts what was submitted and attempted ever, and what is settled and kept',
  (stored, walked) => {
    const count = (status: string): number => walked.kept.filter(({ folded }) => folded.state.value === status).length
    assert.deepEqual(stored.totals(), {
      submitted: walked.submitted,
      attempts: walked.attempts,
      settled: { delivered: count('delivered'), failed: count('failed'), deadLettered: count('deadLettered') },
    })
  },
)

export const storedEvents: readonly ConformanceRule[] = [
  found,
  gone,
  byKey,
  inOrder,
  ahead,
  backlogs,
  letters,
  unsettled,
  scanned,
  places,
  totals,
]

function assertIs(stored: StoredEvent | null, event: WalkedEvent | undefined): void {
  assert.ok(event)
  const { submitted, folded, place } = event
  assert.ok(stored, `${folded.eventId} is not found`)
  assert.equal(JSON.stringify(stored.submitted), JSON.stringify(submitted))
  assert.deepEqual(stored.state, folded.state, folded.eventId)
  assert.equal(stored.lastAt, folded.lastAt, folded.eventId)
  assert.equal(stored.joinedSeq, place, folded.eventId)
}

function idOf(event: StoredEvent | WalkedEvent): string {
  return event.submitted.eventId
}
