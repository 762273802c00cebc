// What memory holds where the log's home keeps the rest, and when it comes in and goes.
import { describe, expect, onTestFinished, test } from 'vitest'
import { CapacityError, DivergenceError, IdempotencyConflictError, StorageError } from '../../src/errors/errors.ts'
import type { EndpointOptions } from '../../src/endpoint/endpoint-options.ts'
import type { WindowSizes } from '../../src/lane/window-sizes.ts'
import type { Notice } from './notice-list.ts'
import { listNotices } from './notice-list.ts'
import type { WebhookServiceOptions } from '../../src/service-options.ts'
import { createVirtualClock } from '../../src/testing/virtual-clock.ts'
import { createCountingIds } from '../support/counting-ids.ts'
import { createEngine } from '../support/start-engine.ts'
import type { Engine } from '../support/start-engine.ts'
import { createStoredLog, emptyDisk } from '../support/stored-log.ts'
import type { StoredLog } from '../support/stored-log.ts'

const sizes: WindowSizes = {
  events: 20_000,
  line: 2,
  fullLine: 1,
  roomShare: 0,
  lines: 1,
  fullLines: 1,
  page: 2,
  removedAtOnce: 2,
  removedAtATime: 1,
}

interface World extends Engine {
  readonly log: StoredLog
  readonly id: string
  readonly notices: readonly Notice[]
  /** Commits, and lets come of it what comes without time passing. */
  settle(): Promise<void>
  /** Ends the process without a word, and starts the next one. */
  restart(): World
  submit(count: number, orderingKey?: (index: number) => string): string[]
  /** The ids of the events whose requests were sent, in order. */
  readonly sent: readonly string[]
}

interface Given {
  readonly options?: WebhookServiceOptions
  readonly endpoint?: EndpointOptions
  readonly sizes?: Partial<WindowSizes>
}

function createWorld(
  given: Given = {},
  disk = emptyDisk(),
  ids = createCountingIds(),
  nowMs = Date.UTC(2025, 0, 1),
): World {
  const log = createStoredLog(disk)
  const { events, ...own } = { ...sizes, ...given.sizes }
  const clock = createVirtualClock({ startAt: nowMs })
  const engine = createEngine(
    { ids, ...given.options, log, limits: { ...given.options?.limits, eventsInMemory: events } },
    clock,
    own,
  )
  const notices = listNotices(engine.service)
  const id = engine.register({ ...given.endpoint, id: 'ep_shop' })
  const settle = async (): Promise<void> => {
    for (let turn = 0; turn < 4; turn += 1) {
      if (!log.dead) log.commit()
      await engine.quiet()
    }
  }
  onTestFinished(() => log.die())
  return {
    ...engine,
    log,
    id,
    notices,
    settle,
    restart() {
      log.die()
      return createWorld(given, disk, ids, clock.now())
    },
    submit: (count, orderingKey) =>
      Array.from({ length: count }, (_, index) =>
        engine.service.submitEvent(id, 'a.b', { index }, orderingKey && { orderingKey: orderingKey(index) }),
      ),
    get sent() {
      return engine.transport.requests.map(({ eventId }) => eventId)
    },
  }
}

describe('a line beyond its window', () => {
  test('is delivered in order, whatever part of it is committed', async () => {
    const world = createWorld()
    const events = world.submit(7)
    await world.settle()
    events.push(...world.submit(3))
    for (let turn = 0; turn < 20; turn += 1) await world.settle()
    expect(world.sent).toEqual(events)
  })

  test('waits for the commit of what comes next, and goes on after it', async () => {
    const world = createWorld()
    world.transport.respond(() => 'held')
    const events = world.submit(3)
    await world.settle()
    events.push(...world.submit(2))
    for (const event of events) {
      const [request] = world.transport.open
      expect(request?.eventId).toBe(event)
      request?.answer(200)
      await world.quiet()
      await world.settle()
    }
    expect(world.sent).toEqual(events)
  })

  test('costs no reading while all of it fits into the window', async () => {
    const world = createWorld()
    world.submit(2)
    await world.settle()
    expect(world.sent).toHaveLength(2)
    expect(world.log.reads).toBe(0)
  })

  test('may be longer while memory has room: a share of what is left of it', async () => {
    // Of 20 a line takes a quarter of the room: the fifth finds room for 16, and 4 are there.
    const world = createWorld({ sizes: { events: 20, roomShare: 1 / 4 } })
    const inMemory = world.submit(4)
    for (let turn = 0; turn < 4; turn += 1) await world.settle()
    expect([world.sent, world.log.reads]).toEqual([inMemory, 0])
    world.service.pauseEndpoint(world.id)
    const events = world.submit(5)
    world.service.resumeEndpoint(world.id)
    for (let turn = 0; turn < 4; turn += 1) await world.settle()
    expect(world.sent).toEqual([...inMemory, ...events])
    expect(world.log.reads).toBeGreaterThan(0)
  })

  test('is told of as if it were in memory: status, details, place, and what it waits for', async () => {
    const world = createWorld()
    world.transport.respond(() => 'held')
    const events = world.submit(5)
    await world.settle()
    const { service } = world
    expect(service.getEventStatus(events[4]!)).toMatchObject({ status: 'pending', attempts: 0 })
    expect(service.getEvent(events[4]!)).toMatchObject({ payload: { index: 4 }, sequence: 5, ahead: 4 })
    expect(service.explain(events[4]!)).toMatchObject({
      reason: 'behind',
      ahead: 4,
      behind: { eventId: events[0], status: 'delivering' },
    })
    expect(service.stats().events).toMatchObject({ pending: 4, delivering: 1 })
  })

  test('goes on when the home could not be read for a while', async () => {
    const world = createWorld()
    const events = world.submit(5)
    world.log.commit()
    world.log.unreadable = true
    await world.settle()
    expect(world.sent.length).toBeLessThan(5)
    world.log.unreadable = false
    await world.clock.advance(1000)
    for (let turn = 0; turn < 10; turn += 1) await world.settle()
    expect(world.sent).toEqual(events)
  })

  test('is settled whole when its endpoint is removed, also what is not committed', async () => {
    const world = createWorld()
    world.transport.respond(() => 'held')
    const events = world.submit(5)
    await world.settle()
    events.push(...world.submit(2))
    world.service.removeEndpoint(world.id)
    await world.settle()
    expect(world.service.stats().events).toMatchObject({ pending: 5, failed: 2 })
    await world.clock.advance(100)
    expect(events.map((id) => world.service.getEventStatus(id).status)).toEqual(events.map(() => 'failed'))
    expect(world.service.stats()).toMatchObject({ pendingBytes: 0, events: { pending: 0, failed: 7 } })
  })
})

describe('memory that is full', () => {
  test('still lets every line go on', async () => {
    const world = createWorld({ endpoint: { ordering: 'key', concurrency: 2 }, sizes: { events: 1 } })
    const events = world.submit(12, (index) => `key-${index % 4}`)
    for (let turn = 0; turn < 40; turn += 1) {
      await world.settle()
      await world.clock.advance(20)
    }
    expect([...world.sent].sort()).toEqual([...events].sort())
  })
})

describe('lines beyond memory', () => {
  const endpoint: EndpointOptions = { ordering: 'none', concurrency: 2 }

  test('come in as those before them go, in the order in which they joined', async () => {
    const world = createWorld({ endpoint: { ...endpoint, concurrency: 1 } })
    const events = world.submit(9)
    for (let turn = 0; turn < 20; turn += 1) {
      await world.settle()
      await world.clock.advance(20)
    }
    expect(world.sent).toEqual(events)
  })

  test('are looked for again once they are committed', async () => {
    const world = createWorld({ endpoint: { ...endpoint, concurrency: 1 } })
    const events = world.submit(4)
    await world.clock.advance(20)
    for (let turn = 0; turn < 20; turn += 1) {
      await world.settle()
      await world.clock.advance(20)
    }
    expect(world.sent).toEqual(events)
  })

  test('are not kept waiting by lines that back off', async () => {
    const world = createWorld({
      endpoint,
      options: { retry: { initialDelayMs: 1_000_000, maxDelayMs: 1_000_000, jitter: 0 } },
    })
    const events = world.submit(12)
    const failing = new Set(events.slice(0, 6))
    world.transport.respond(({ eventId }) => (failing.has(eventId) ? 500 : 200))
    for (let turn = 0; turn < 30; turn += 1) {
      await world.settle()
      await world.clock.advance(20)
    }
    expect(world.service.stats().events).toMatchObject({ pending: 0, backoff: 6, delivered: 6 })
  })

  test('one whose settling is not committed is not taken for one that waits', async () => {
    const world = createWorld({ endpoint })
    const events = world.submit(8)
    await world.settle()
    for (let turn = 0; turn < 60; turn += 1) {
      await world.quiet()
      await world.clock.advance(10)
      if (turn % 7 === 0) world.log.commit()
    }
    expect([...world.sent].sort()).toEqual([...events].sort())
  })
})

describe('what has settled', () => {
  test('is out of memory once that is committed, and can be asked for and redelivered', async () => {
    const world = createWorld()
    const [event] = world.submit(1)
    await world.settle()
    const { service } = world
    expect(service.getEventStatus(event!)).toMatchObject({ status: 'delivered', attempts: 1 })
    service.redeliver(event!)
    expect(service.getEventStatus(event!).status).toBe('pending')
    await world.settle()
    expect(world.sent).toEqual([event, event])
    expect(service.getEvent(event!).attempts).toHaveLength(2)
  })

  test('is listed once as a dead letter, before and after that is committed', async () => {
    const world = createWorld({ options: { retry: { maxAttempts: 1 } } })
    world.transport.respond(() => 500)
    const events = world.submit(2)
    const listed = (): string[] => world.service.getDeadLetterEvents(world.id).map(({ eventId }) => eventId)
    await world.quiet()
    world.log.commit()
    await world.quiet()
    expect(listed()).toEqual([events[0]])
    await world.settle()
    expect(listed()).toEqual(events)
    world.transport.respond(() => 200)
    expect(world.service.redeliverDeadLetters(world.id)).toBe(2)
    expect(listed()).toEqual([])
    await world.settle()
    expect(world.service.stats().events).toMatchObject({ delivered: 2, deadLettered: 0 })
  })

  test('goes by number and age in small steps, and never while a redelivery is not committed', async () => {
    const world = createWorld({ options: { retention: { settledEvents: 2 } } })
    const events = world.submit(8)
    for (let turn = 0; turn < 10; turn += 1) await world.settle()
    world.service.redeliver(events[7]!)
    world.transport.respond(() => 'held')
    await world.clock.advance(1000)
    expect(world.service.stats().events.delivered).toBe(7)
    await world.settle()
    await world.clock.advance(1000)
    expect(world.service.stats().events).toMatchObject({ delivered: 2, delivering: 1 })
    expect(world.log.storedEvents.has(events[7]!)).toBe(true)
  })

  test('keeps its idempotency key', async () => {
    const world = createWorld()
    const options = { idempotencyKey: 'k' }
    const event = world.service.submitEvent(world.id, 'a.b', { n: 1 }, options)
    await world.settle()
    const next = world.restart()
    expect(next.service.submitEvent(next.id, 'a.b', { n: 1 }, options)).toBe(event)
    expect(() => next.service.submitEvent(next.id, 'a.b', { n: 2 }, options)).toThrow(IdempotencyConflictError)
  })
})

describe('a restart', () => {
  test('interrupts what was in flight, under the same id and with the next number, and places go on', async () => {
    const world = createWorld()
    world.transport.respond(() => 'held')
    const events = world.submit(5)
    await world.settle()
    const next = world.restart()
    const { service } = next
    expect(service.stats().events).toMatchObject({ pending: 5, delivering: 0 })
    await next.settle()
    const [first] = service.getEvent(events[0]!).attempts
    expect(first).toMatchObject({ attempt: 1, outcome: 'interrupted' })
    expect(next.transport.requests[0]).toMatchObject({ eventId: events[0], attempt: 2 })
    const last = service.submitEvent(next.id, 'a.b', {})
    expect(service.getEvent(last).sequence).toBe(6)
    for (let turn = 0; turn < 10; turn += 1) await next.settle()
    expect(next.sent).toEqual([...events, last])
  })

  test('goes on at the due time, and a halted line stays halted until a person decides', async () => {
    const world = createWorld({
      endpoint: { whenExhausted: 'halt' },
      options: { retry: { maxAttempts: 2, initialDelayMs: 5000, jitter: 0 } },
    })
    world.transport.respond(() => 500)
    const events = world.submit(3)
    await world.settle()
    const second = world.restart()
    second.transport.respond(() => 500)
    await second.clock.advance(4999)
    expect(second.sent).toEqual([])
    await second.clock.advance(1)
    await second.settle()
    const third = second.restart()
    await third.settle()
    expect(third.sent).toEqual([])
    expect(third.service.explain(events[2]!)).toMatchObject({
      reason: 'lineHalted',
      ahead: 1,
      behind: { eventId: events[0] },
    })
    third.service.redeliver(events[0]!)
    for (let turn = 0; turn < 10; turn += 1) await third.settle()
    expect(third.sent).toEqual(events)
  })

  test('leaves out what is damaged, says so, and the line goes on without it', async () => {
    const world = createWorld()
    world.service.pauseEndpoint(world.id)
    const events = world.submit(3)
    await world.settle()
    world.log.disk.damaged.add(events[1]!)
    const next = world.restart()
    expect(() => next.service.getEvent(events[1]!)).toThrow(DivergenceError)
    next.service.resumeEndpoint(next.id)
    for (let turn = 0; turn < 10; turn += 1) await next.settle()
    expect(next.sent).toEqual([events[0], events[2]])
    expect(next.notices).toContainEqual(expect.objectContaining({ type: 'quarantined', eventId: events[1] }))
    expect(next.service.stats()).toMatchObject({ pendingBytes: 0, events: { pending: 0 } })
    await next.service.drain()
  })

  test('counts what waits against the limits', async () => {
    const world = createWorld({ options: { limits: { pendingEvents: 3 } } })
    world.service.pauseEndpoint(world.id)
    world.submit(3)
    await world.settle()
    const next = world.restart()
    expect(() => next.submit(1)).toThrow(CapacityError)
  })
})

describe('a home that holds', () => {
  test('sends nothing, refuses submissions, says why, and goes on by itself', async () => {
    const world = createWorld()
    const [event] = world.submit(1)
    world.log.fail()
    await world.settle()
    expect(() => world.submit(1)).toThrow(StorageError)
    expect(world.sent).toEqual([])
    world.log.mend()
    await world.settle()
    expect(world.sent).toEqual([event])
  })

  test('holds what waits behind it too', async () => {
    const world = createWorld({ endpoint: { ordering: 'none', concurrency: 1 } })
    const events = world.submit(2)
    world.log.fail()
    await world.settle()
    expect(world.service.explain(events[1]!).reason).toBe('logHeld')
    world.log.stop()
    expect(world.service.explain(events[1]!).reason).toBe('logStopped')
  })

  test('lets a shutdown end, and no request leaves after it has begun', async () => {
    const world = createWorld()
    world.submit(3)
    await world.quiet()
    const report = world.service.shutdown()
    await world.settle()
    expect(await report).toMatchObject({ undeliveredTotal: 3, interrupted: 0 })
    expect(world.sent).toEqual([])
  })

  test('one that has stopped ends a shutdown that drains with its error', async () => {
    const world = createWorld()
    world.submit(3)
    await world.quiet()
    world.log.stop()
    await world.quiet()
    const report = world.service.shutdown({ drain: true })
    report.catch(() => undefined)
    await world.clock.advance(5000)
    await expect(report).rejects.toThrow(StorageError)
  })
})
