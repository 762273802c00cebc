// Random programs over a home that finds events by itself, in windows of any size, over processes that die anywhere.
import fc from 'fast-check'
import { expect } from 'vitest'
import type { WindowSizes } from '../../src/lane/window-sizes.ts'
import type { LogHome } from '../../src/log/log-home.ts'
import { mergedRecords } from '../../src/log/merged-records.ts'
import type { LogRecord } from '../../src/log/transition.ts'
import { FoldedLog } from '../../src/replay/folded-log.ts'
import { isSettled } from '../../src/statechart/resting-delivery.ts'
import { createVirtualClock } from '../../src/testing/virtual-clock.ts'
import { anyRun, startRun } from '../replay/random-service.ts'
import type { Happening, Run, RunningService } from '../replay/random-service.ts'
import { foldOfService } from '../replay/log-tells-all.ts'
import { createCountingIds } from '../support/counting-ids.ts'

type Sizes = WindowSizes

const anySizes: fc.Arbitrary<Sizes> = fc.record({
  events: fc.constantFrom(1, 2, 4, 20_000),
  line: fc.integer({ min: 1, max: 3 }),
  fullLine: fc.integer({ min: 1, max: 2 }),
  roomShare: fc.constantFrom(0, 0, 1 / 4),
  lines: fc.integer({ min: 1, max: 3 }),
  fullLines: fc.constantFrom(1, 2),
  page: fc.integer({ min: 1, max: 3 }),
  removedAtOnce: fc.constantFrom(1, 2, 1000),
  removedAtATime: fc.constantFrom(1, 3),
})

/** How many happenings a process lives through, and how long nobody starts the next. */
interface Life {
  readonly happenings: number
  readonly downMs: number
}

const anyLife: fc.Arbitrary<Life> = fc.record({
  happenings: fc.integer({ min: 0, max: 20 }),
  downMs: fc.constantFrom(0, 1, 700, 100_000),
})

/** After how many happenings the home commits. */
const anyPace = fc.constantFrom(1, 1, 2, 5)

/** Nothing is forgotten, so that the whole history can be checked. */
const keepingAll = { settledEvents: 1000, deadLetters: 1000, endpointRecords: 1000 }

/** What the service says of its events and lines, the records say too, those that are not committed included. */
function expectAgreement({ service }: RunningService): void {
  const folded = foldOfService(service)
  const settled = { delivered: 0, failed: 0, deadLettered: 0 }
  let open = 0
  for (const { eventId, state, lastAt } of folded.events.values()) {
    const { value, context } = state
    const { attempts, lastError, deliveredAt } = context
    expect(service.getEventStatus(eventId), lastAt).toEqual({ status: value, attempts, lastError, deliveredAt })
    if (value in settled) settled[value as keyof typeof settled] += 1
    else open += 1
  }
  const { pending, delivering, backoff, ...others } = service.stats().events
  expect({ open: pending + delivering + backoff, ...others }).toEqual({ open, ...settled })
  expectBacklogs(folded, service)
  const registered = service.listEndpoints().map(({ id }) => id)
  for (const line of folded.lines()) {
    // What is left behind by an endpoint that was removed stands in no line.
    if (!registered.includes(line.endpointId)) continue
    const first = line.haltedBy ?? line.waiting[0]
    for (const [place, event] of line.waiting.entries()) {
      const { ahead, behind } = service.explain(event.eventId)
      const told = { eventId: event.eventId, ahead, behind: behind?.eventId }
      expect(told).toEqual({
        eventId: event.eventId,
        ahead: place,
        behind: event === first ? undefined : first?.eventId,
      })
    }
  }
}

/** How much waits for whom, and since when, is what the records say. */
function expectBacklogs(folded: FoldedLog, service: RunningService['service']): void {
  const open = [...folded.events.values()].filter(({ state }) => !isSettled(state.value))
  const registered = service.listEndpoints().map(({ id }) => id)
  const since = (events: typeof open): string | null => {
    const [first] = events.map(({ joinedSeq }) => joinedSeq).sort((one, other) => one - other)
    if (first === undefined) return null
    for (const { at } of service.log.entries({ fromSeq: first })) return at
    return null
  }
  const dead = [...folded.events.values()].filter(({ state }) => state.value === 'deadLettered')
  const all = registered.map((id) => {
    const own = open.filter(({ endpointId }) => endpointId === id)
    const { events, pendingBytes, oldestPendingAt } = service.endpointStats(id)
    const told = { id, events: events.pending + events.delivering + events.backoff, oldestPendingAt }
    expect(told).toEqual({ id, events: own.length, oldestPendingAt: since(own) })
    const letters = dead.filter(({ endpointId }) => endpointId === id).length
    expect({ id, deadLettered: events.deadLettered }).toEqual({ id, deadLettered: letters })
    return pendingBytes
  })
  const { pendingBytes, oldestPendingAt } = service.stats()
  expect(oldestPendingAt).toBe(since(open.filter(({ endpointId }) => registered.includes(endpointId))))
  if (open.every(({ endpointId }) => registered.includes(endpointId))) {
    expect(all.reduce((sum, bytes) => sum + bytes, 0)).toBe(pendingBytes)
  }
}

/** Only the head of a line is tried, when it is due, and nothing holds it; places follow one another. */
function expectOneHistory(records: Iterable<LogRecord>): void {
  const folded = new FoldedLog()
  const places = new Map<string, number>()
  for (const record of records) {
    const { event, endpointId, eventId } = record
    if (event.type === 'attempt.started') {
      const started = folded.events.get(eventId)!
      const { waiting, haltedBy } = folded.lineOf(started)
      expect([waiting[0]?.eventId, haltedBy]).toEqual([eventId, null])
      expect(event.at >= (started.state.context.retryAt ?? '')).toBe(true)
    }
    expect('failure' in event ? event.failure.reason : null).not.toBe('internal')
    if (event.type === 'event.submitted') {
      const line = event.ordering === 'key' ? `${endpointId} ${event.orderingKey}` : endpointId
      expect(event.sequence).toBe((places.get(line) ?? 0) + 1)
      places.set(line, event.sequence)
    }
    folded.fold(record)
  }
}

/** A home of one process. */
export interface Home {
  readonly log: LogHome
  /** Makes durable what was appended. */
  commit(): void
  /** Ends the process without a word. */
  die(): void
}

/** What outlives every process. */
export interface Disk {
  /** `commits`: by itself, in a turn of the event loop. */
  open(commits: boolean): Home
}

class World {
  readonly #disk: Disk
  readonly #ids = createCountingIds()
  readonly #run: Run
  readonly #sizes: Sizes
  readonly #pace: number
  #endpointIds: readonly string[] = []
  #nowMs = Date.parse('2025-01-01T00:00:00.000Z')

  constructor(disk: Disk, run: Run, sizes: Sizes, pace: number) {
    this.#disk = disk
    this.#run = run
    this.#sizes = sizes
    this.#pace = pace
  }

  start(): { running: RunningService; home: Home } {
    const home = this.#disk.open(this.#pace === 1)
    const { log } = home
    const clock = createVirtualClock({ startAt: new Date(this.#nowMs).toISOString() })
    const { events, ...sizes } = this.#sizes
    const { settings } = this.#run
    const limits = { ...settings.limits, eventsInMemory: events }
    const running = startRun(
      this.#run,
      { log, ids: this.#ids, limits },
      { endpointIds: this.#endpointIds, clock },
      sizes,
    )
    this.#endpointIds = running.endpointIds
    return { running, home }
  }

  async live({ happenings, downMs }: Life, toCome: readonly Happening[]): Promise<readonly Happening[]> {
    const { running, home } = this.start()
    await settle(running, home)
    expectAgreement(running)
    for (const [index, happening] of toCome.slice(0, happenings).entries()) {
      await running.happen(happening)
      if (this.#pace > 1 && index % this.#pace === 0) await settle(running, home)
      else if (this.#pace === 1) await settle(running, null)
      expectAgreement(running)
    }
    home.die()
    this.#nowMs = running.clock.now() + downMs
    return toCome.slice(happenings)
  }
}

/** Lets happen whatever needs no time to pass. */
async function settle({ quiet }: RunningService, home: Home | null): Promise<void> {
  for (let turn = 0; turn < 3; turn += 1) {
    home?.commit()
    await quiet()
  }
}

async function heal(running: RunningService, home: Home): Promise<void> {
  const { service, transport, clock } = running
  const { open } = transport
  transport.respond(() => 200)
  for (const request of open) request.answer(200)
  await settle(running, home)
  for (const { id } of service.listEndpoints()) service.resumeEndpoint(id)
  for (let step = 0; step < 600; step += 1) {
    home.commit()
    await clock.advance(step < 500 ? 100 : 1000_000)
  }
}

async function liveThrough(disk: Disk, run: Run, sizes: Sizes, pace: number, lives: readonly Life[]): Promise<void> {
  const world = new World(disk, { ...run, settings: { ...run.settings, retention: keepingAll } }, sizes, pace)
  let happenings = run.happenings
  for (const life of lives) happenings = await world.live(life, happenings)
  const { running, home } = world.start()
  for (const happening of happenings) {
    await running.happen(happening)
    if (pace === 1) await settle(running, null)
  }
  await settle(running, home)
  expectAgreement(running)
  await heal(running, home)
  expectAgreement(running)
  expect(running.service.stats()).toMatchObject({
    pendingBytes: 0,
    inFlight: 0,
    events: { pending: 0, delivering: 0, backoff: 0 },
  })
  expectOneHistory(mergedRecords(home.log))
  home.die()
}

/** Whatever happens over windows of any size, and wherever the process dies: all is delivered, each line in its order. */
export async function expectAnyProgramToDeliver(newDisk: () => Disk, numRuns: number): Promise<void> {
  await fc.assert(
    fc.asyncProperty(anyRun, anySizes, anyPace, fc.array(anyLife, { maxLength: 4 }), (run, sizes, pace, lives) =>
      liveThrough(newDisk(), run, sizes, pace, lives),
    ),
    { numRuns: Number(process.env['RUNS'] ?? numRuns), endOnFailure: process.env['RUNS'] !== undefined },
  )
}
