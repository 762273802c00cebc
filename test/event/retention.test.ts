import { describe, expect, test } from 'vitest'
import { EventNotFoundError } from '../../src/errors/errors.ts'
import type { LogHome } from '../../src/log/log-home.ts'
import { memoryLog } from '../../src/log/memory-log.ts'
import type { Engine } from '../support/start-engine.ts'
import { startEngine } from '../support/start-engine.ts'

const dayMs = 86_400_000

/** Submits `count` events that are answered so, and settles them. */
async function settle({ service, transport, clock }: Engine, endpoint: string, count: number, status = 200) {
  transport.respond(() => status)
  const events = Array.from({ length: count }, (_, n) => service.submitEvent(endpoint, 'a.b', { n }))
  await clock.advance(count * 60_000)
  return events
}

/** Which of these events the service still knows, and the log with it. */
function kept({ service }: Engine, events: readonly string[]): string[] {
  return events.filter((event) => {
    const inLog = [...service.log.entries({ eventId: event })].length > 0
    try {
      service.getEventStatus(event)
    } catch (error) {
      expect(error).toBeInstanceOf(EventNotFoundError)
      expect(inLog).toBe(false)
      return false
    }
    expect(inLog).toBe(true)
    return true
  })
}

describe('of settled events', () => {
  test('so many are kept, whole, and the one settled first is forgotten first', async () => {
    const engine = startEngine({ retention: { settledEvents: 2 } })
    const events = await settle(engine, engine.register(), 5)
    expect(kept(engine, events)).toEqual(events.slice(3))
    expect(engine.service.stats().events.delivered).toBe(2)
  })

  test('none need be kept', async () => {
    const engine = startEngine({ retention: { settledEvents: 0 } })
    const events = await settle(engine, engine.register(), 3)
    expect(kept(engine, events)).toEqual([])
    expect([...engine.service.log.entries()]).toEqual([])
    expect(engine.transport.requests).toHaveLength(3)
  })

  test('dead letters have a bound of their own, and others do not push them out', async () => {
    const engine = startEngine({ retention: { settledEvents: 1, deadLetters: 2 } })
    const endpoint = engine.register()
    const dead = await settle(engine, endpoint, 3, 500)
    const delivered = await settle(engine, endpoint, 3)
    expect(kept(engine, dead)).toEqual(dead.slice(1))
    expect(kept(engine, delivered)).toEqual(delivered.slice(2))
    expect(engine.service.getDeadLetterEvents(endpoint).map(({ eventId }) => eventId)).toEqual(dead.slice(1))
  })

  test('each is kept for its time, and no longer', async () => {
    const engine = startEngine({ retention: { ageMs: dayMs } })
    const endpoint = engine.register()
    const [first] = await settle(engine, endpoint, 1)
    const firstSettledAt = Date.parse(engine.service.getEventStatus(first!).deliveredAt!)
    await engine.clock.advance(3_600_000)
    const [second] = await settle(engine, endpoint, 1)
    await engine.clock.advance(firstSettledAt + dayMs - engine.clock.now() - 1)
    expect(kept(engine, [first!, second!])).toEqual([first, second])
    await engine.clock.advance(1)
    expect(kept(engine, [first!, second!])).toEqual([second])
    await engine.clock.advance(dayMs)
    expect(kept(engine, [first!, second!])).toEqual([])
  })
})

describe('retention never touches', () => {
  test('an event that is not settled, however old', async () => {
    const engine = startEngine({ retention: { settledEvents: 0, deadLetters: 0, ageMs: 1 } })
    const { service, transport, clock, register } = engine
    const endpoint = register()
    transport.respond(() => 'held')
    const events = [1, 2].map((n) => service.submitEvent(endpoint, 'a.b', { n }))
    service.pauseEndpoint(endpoint)
    await clock.advance(30 * dayMs)
    expect(kept(engine, events)).toEqual(events)
  })

  test('an event that was put back in line', async () => {
    const engine = startEngine({ retention: { ageMs: dayMs } })
    const { service, transport, clock, register } = engine
    const endpoint = register()
    const [event] = await settle(engine, endpoint, 1, 500)
    transport.respond(() => 'held')
    service.pauseEndpoint(endpoint)
    service.redeliver(event!)
    await clock.advance(10 * dayMs)
    expect(kept(engine, [event!])).toEqual([event])
    expect(service.getEventStatus(event!)).toMatchObject({ status: 'pending', attempts: 3 })
  })
})

test('an idempotency key is free again once its event is forgotten', async () => {
  const { service, register, quiet } = startEngine({ retention: { settledEvents: 0 } })
  const endpoint = register()
  const first = service.submitEvent(endpoint, 'a.b', {}, { idempotencyKey: 'k' })
  expect(service.submitEvent(endpoint, 'a.b', {}, { idempotencyKey: 'k' })).toBe(first)
  await quiet()
  expect(service.submitEvent(endpoint, 'a.b', { other: true }, { idempotencyKey: 'k' })).not.toBe(first)
})

describe('a log that cannot evict', () => {
  function startStuck(retention: { settledEvents?: number; ageMs?: number }) {
    const log = memoryLog()
    let stuck = true
    const evict = (eventId: string) => {
      if (stuck) throw new Error('locked')
      log.evict(eventId)
    }
    const home: LogHome = {
      durable: false,
      append: (draft) => log.append(draft),
      appendAll: (drafts) => log.appendAll(drafts),
      evict,
      appendEndpoint: (draft) => log.appendEndpoint(draft),
      evictEndpointRecord: (seq) => log.evictEndpointRecord(seq),
      endpointEntries: (filter) => log.endpointEntries(filter),
      subscribeToEndpoints: (listener) => log.subscribeToEndpoints(listener),
      flush: () => log.flush(),
      entries: (filter) => log.entries(filter),
      get lastEvictedSeq() {
        return log.lastEvictedSeq
      },
      subscribe: (listener) => log.subscribe(listener),
      onListenerError: (report) => log.onListenerError(report),
    }
    return { ...startEngine({ log: home, retention }), free: () => (stuck = false) }
  }

  test('holds up no line, and what it keeps is forgotten when it can', async () => {
    const engine = startStuck({ settledEvents: 0 })
    const { service, transport, register } = engine
    const endpoint = register()
    const told: string[] = []
    service.on('settled', ({ eventId }) => told.push(eventId))
    const events = await settle(engine, endpoint, 3)
    expect(transport.requests.map(({ eventId }) => eventId)).toEqual(events)
    expect(told).toEqual(events)
    await expect(service.drain()).resolves.toBeUndefined()
    expect(kept(engine, events)).toEqual(events)
    engine.free()
    await settle(engine, endpoint, 1)
    expect(kept(engine, events)).toEqual([])
  })

  test('is asked again every second for what has grown old', async () => {
    const engine = startStuck({ ageMs: 10_000 })
    const events = await settle(engine, engine.register(), 2)
    expect(kept(engine, events)).toEqual(events)
    engine.free()
    await engine.clock.advance(1000)
    expect(kept(engine, events)).toEqual([])
  })
})
