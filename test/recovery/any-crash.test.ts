import fc from 'fast-check'
import { expect, test } from 'vitest'
import type { LogHome } from '../../src/log/log-home.ts'
import { memoryLog } from '../../src/log/memory-log.ts'
import { FoldedLog } from '../../src/replay/folded-log.ts'
import { createVirtualClock } from '../../src/testing/virtual-clock.ts'
import { expectLinesAsLive, expectLogTellsAll } from '../replay/log-tells-all.ts'
import { anyRun, startRun } from '../replay/random-service.ts'
import type { Happening, Run, RunningService } from '../replay/random-service.ts'
import { createCountingIds } from '../support/counting-ids.ts'
import { createMortalLog, ProcessDiedError } from './mortal-log.ts'
import type { MortalLog } from './mortal-log.ts'

interface Death {
  /** The append at which the process dies. */
  readonly at: number
  readonly stored: boolean
  /** How long nobody starts it again. */
  readonly downMs: number
}

const anyDeath: fc.Arbitrary<Death> = fc.record({
  at: fc.integer({ min: 1, max: 40 }),
  stored: fc.boolean(),
  downMs: fc.constantFrom(0, 1, 700, 100_000),
})

const endless: Death = { at: Infinity, stored: true, downMs: 0 }

/** Everything that outlives a process, and the process that runs now. */
class World {
  readonly #log = memoryLog()
  readonly #ids = createCountingIds()
  readonly #run: Run
  readonly #endpointIds: string[] = []
  #nowMs = Date.parse('2025-01-01T00:00:00.000Z')

  constructor(run: Run) {
    this.#run = run
  }

  get log(): LogHome {
    return this.#log
  }

  /** Null when it dies before it has come up. */
  start(death: Death): { running: RunningService; mortal: MortalLog } | null {
    const mortal = createMortalLog(this.#log, death.at, death.stored)
    const clock = createVirtualClock({ startAt: new Date(this.#nowMs).toISOString() })
    try {
      const more = { log: mortal, ids: this.#ids }
      const running = startRun(this.#run, more, { endpointIds: this.#endpointIds, clock })
      this.#endpointIds.splice(0, Infinity, ...running.endpointIds)
      return { running, mortal }
    } catch (error) {
      if (!(error instanceof ProcessDiedError)) throw error
      return null
    }
  }

  /** Lives through `happenings` until death comes; what is left of them. */
  async live(death: Death, happenings: readonly Happening[]): Promise<readonly Happening[]> {
    const life = this.start(death)
    if (life === null) return happenings
    const { running, mortal } = life
    await running.quiet()
    let lived = 0
    if (!mortal.dead) expectAgreement(running)
    for (const happening of happenings) {
      if (mortal.dead) break
      await running.happen(happening)
      lived += 1
    }
    this.#nowMs = running.clock.now() + death.downMs
    return happenings.slice(lived)
  }
}

/**
 * Folds the log of all lives: every attempt is started by the head of a line that nothing holds, not before it is due, and
 * places in line are given one after the other.
 */
function expectOneHistory(log: LogHome): void {
  const folded = new FoldedLog()
  const places = new Map<string, number>()
  for (const record of log.entries()) {
    const { event, endpointId, eventId } = record
    if (event.type === 'attempt.started') {
      const started = folded.events.get(eventId)!
      const { waiting, haltedBy } = folded.lineOf(started)
      expect([waiting[0]?.eventId, haltedBy]).toEqual([eventId, null])
      expect(event.at >= (started.state.context.retryAt ?? '')).toBe(true)
    }
    // Whatever hookline's own code fails on is a fault of the recovery.
    expect('failure' in event ? event.failure.reason : null).not.toBe('internal')
    if (event.type === 'event.submitted') {
      const line = event.ordering === 'key' ? `${endpointId} ${event.orderingKey}` : endpointId
      expect(event.sequence).toBe((places.get(line) ?? 0) + 1)
      places.set(line, event.sequence)
    }
    folded.fold(record)
  }
}

/** Every endpoint answers 200 from now on, and nobody pauses anything. */
async function heal({ service, transport, clock, quiet }: RunningService): Promise<void> {
  const { open } = transport
  transport.respond(() => 200)
  for (const request of open) request.answer(200)
  await quiet()
  for (const { id } of service.listEndpoints()) service.resumeEndpoint(id)
  await clock.advance(600_000)
}

async function expectRecovery(run: Run, deaths: readonly Death[]): Promise<World> {
  const world = new World(run)
  let happenings = run.happenings
  for (const death of deaths) happenings = await world.live(death, happenings)
  const last = world.start(endless)!
  const { running } = last
  expectAgreement(running)
  for (const happening of happenings) await running.happen(happening)
  expectAgreement(running)
  await heal(running)
  expectAgreement(running)
  expect(running.service.stats()).toMatchObject({
    pendingBytes: 0,
    inFlight: 0,
    events: { pending: 0, delivering: 0, backoff: 0 },
  })
  await running.stop()
  return world
}

function expectAgreement({ service }: RunningService): void {
  expectLogTellsAll(service)
  expectLinesAsLive(service)
}

/** Nothing is forgotten, so that the whole history can be checked. */
const keepingAll = { settledEvents: 1000, deadLetters: 1000, endpointRecords: 1000 }

test('whatever append a service dies at, again and again, the next one goes on from the log, and all settles in order', async () => {
  await fc.assert(
    fc.asyncProperty(anyRun, fc.array(anyDeath, { minLength: 1, maxLength: 5 }), async (run, deaths) => {
      const { log } = await expectRecovery({ ...run, settings: { ...run.settings, retention: keepingAll } }, deaths)
      expectOneHistory(log)
    }),
    { numRuns: 100 },
  )
})

test('the same where little is kept of what has settled', async () => {
  await fc.assert(
    fc.asyncProperty(anyRun, fc.array(anyDeath, { minLength: 1, maxLength: 3 }), async (run, deaths) => {
      await expectRecovery(run, deaths)
    }),
    { numRuns: 80 },
  )
})
