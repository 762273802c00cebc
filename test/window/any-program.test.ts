import fc from 'fast-check'
import { expect, test } from 'vitest'
import type { WindowSizes } from '../../src/lane/window-sizes.ts'
import { FoldedLog } from '../../src/replay/folded-log.ts'
import { createVirtualClock } from '../../src/testing/virtual-clock.ts'
import { anyRun, startRun } from '../replay/random-service.ts'
import type { Happening, Run, RunningService } from '../replay/random-service.ts'
import { foldOfService } from '../replay/log-tells-all.ts'
import { createCountingIds } from '../support/counting-ids.ts'
import { createStoredLog, emptyDisk } from '../support/stored-log.ts'
import type { Disk, StoredLog } from '../support/stored-log.ts'

type Sizes = WindowSizes

const anySizes: fc.Arbitrary<Sizes> = fc.record({
  events: fc.constantFrom(1, 2, 4, 20_000),
  line: fc.integer({ min: 1, max: 3 }),
  fullLine: fc.integer({ min: 1, max: 2 }),
  lines: fc.integer({ min: 1, max: 3 }),
  fullLines: fc.constantFrom(1, 2),
  page: fc.integer({ min: 1, max: 3 }),
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
  for (const line of folded.lines()) {
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

/** Only the head of a line is tried, when it is due, and nothing holds it; places follow one another. */
function expectOneHistory({ records }: Disk): void {
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

class World {
  readonly disk = emptyDisk()
  readonly #ids = createCountingIds()
  readonly #run: Run
  readonly #sizes: Sizes
  readonly #pace: number
  #endpointIds: readonly string[] = []
  #nowMs = Date.parse('2025-01-01T00:00:00.000Z')

  constructor(run: Run, sizes: Sizes, pace: number) {
    this.#run = run
    this.#sizes = sizes
    this.#pace = pace
  }

  start(): { running: RunningService; log: StoredLog } {
    const log = createStoredLog(this.disk, this.#pace === 1 ? setImmediate : undefined)
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
    return { running, log }
  }

  async live({ happenings, downMs }: Life, toCome: readonly Happening[]): Promise<readonly Happening[]> {
    const { running, log } = this.start()
    await settle(running, log)
    expectAgreement(running)
    for (const [index, happening] of toCome.slice(0, happenings).entries()) {
      await running.happen(happening)
      if (this.#pace > 1 && index % this.#pace === 0) await settle(running, log)
      else if (this.#pace === 1) await settle(running, null)
      expectAgreement(running)
    }
    log.die()
    this.#nowMs = running.clock.now() + downMs
    return toCome.slice(happenings)
  }
}

/** Lets happen whatever needs no time to pass. */
async function settle({ quiet }: RunningService, log: StoredLog | null): Promise<void> {
  for (let turn = 0; turn < 3; turn += 1) {
    log?.commit()
    await quiet()
  }
}

async function heal(running: RunningService, log: StoredLog): Promise<void> {
  const { service, transport, clock } = running
  const { open } = transport
  transport.respond(() => 200)
  for (const request of open) request.answer(200)
  await settle(running, log)
  for (const { id } of service.listEndpoints()) service.resumeEndpoint(id)
  for (let step = 0; step < 600; step += 1) {
    log.commit()
    await clock.advance(step < 500 ? 100 : 1000_000)
  }
}

test('whatever happens over windows of any size, and wherever the process dies, all is delivered in order', async () => {
  await fc.assert(
    fc.asyncProperty(
      anyRun,
      anySizes,
      anyPace,
      fc.array(anyLife, { maxLength: 4 }),
      async (run, sizes, pace, lives) => {
        const world = new World({ ...run, settings: { ...run.settings, retention: keepingAll } }, sizes, pace)
        let happenings = run.happenings
        for (const life of lives) happenings = await world.live(life, happenings)
        const { running, log } = world.start()
        for (const happening of happenings) {
          await running.happen(happening)
          if (pace === 1) await settle(running, null)
        }
        await settle(running, log)
        expectAgreement(running)
        await heal(running, log)
        expectAgreement(running)
        expect(running.service.stats()).toMatchObject({
          pendingBytes: 0,
          inFlight: 0,
          events: { pending: 0, delivering: 0, backoff: 0 },
        })
        expectOneHistory(world.disk)
        await running.stop()
      },
    ),
    { numRuns: Number(process.env['RUNS'] ?? 60), endOnFailure: process.env['RUNS'] !== undefined },
  )
}, 600_000)
