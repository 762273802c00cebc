// An endpoint with a long backlog is removed: it is gone at once, and its events are settled some at a time.
import { describe, expect, onTestFinished, test } from 'vitest'
import { EndpointNotFoundError, InvalidOptionError } from '../../src/errors/errors.ts'
import type { EndpointOptions } from '../../src/endpoint/endpoint-options.ts'
import { windowSizes } from '../../src/lane/window-sizes.ts'
import type { LogHome } from '../../src/log/log-home.ts'
import { memoryLog } from '../../src/log/memory-log.ts'
import { createCountingIds } from '../support/counting-ids.ts'
import { createFailingLog } from '../support/failing-log.ts'
import { createMortalLog } from '../recovery/mortal-log.ts'
import { createEngine, startEngine } from '../support/start-engine.ts'
import type { Engine } from '../support/start-engine.ts'
import { createStoredLog, emptyDisk } from '../support/stored-log.ts'

const sizes = { ...windowSizes, line: 2, fullLine: 1, roomShare: 0, removedAtOnce: 3, removedAtATime: 2 }
const id = 'ep_gone'
/** So long the event loop is left to others between one go and the next. */
const restMs = 5

/** One that nobody shuts down. */
function createOn(log: LogHome, ids = createCountingIds()): Engine {
  const engine = createEngine({ log, ids }, undefined, sizes)
  engine.transport.respond(() => 'held')
  return engine
}

function startOn(log: LogHome): Engine {
  const engine = createOn(log)
  onTestFinished(async () => {
    await engine.stop()
  })
  return engine
}

/** Ten events wait for the endpoint, the first of each line in flight. */
async function withBacklog(engine: Engine, options: EndpointOptions = {}): Promise<string[]> {
  engine.register({ ...options, id })
  const eventIds = Array.from({ length: 10 }, (_, n) =>
    engine.service.submitEvent(id, 'a.b', {}, { orderingKey: `key-${n % 3}` }),
  )
  await engine.quiet()
  return eventIds
}

const left = ({ service }: Engine): number => {
  const { pending, delivering, backoff } = service.stats().events
  return pending + delivering + backoff
}

function storedLog(): LogHome {
  const log = createStoredLog(undefined, setImmediate)
  onTestFinished(() => log.die())
  return log
}

describe.each([
  ['memory', memoryLog],
  ['a home that finds events by itself', storedLog],
] as const)('an endpoint that is removed, over %s', (_, newLog) => {
  test.each(['fifo', 'key', 'none'] as const)(
    'is gone at once, its events soon after (ordering %s)',
    async (ordering) => {
      const engine = startOn(newLog())
      const { service, transport, clock, quiet } = engine
      const eventIds = await withBacklog(engine, { ordering })
      const sent = transport.requests.length
      service.removeEndpoint(id)
      expect(left(engine)).toBe(7)
      expect(() => service.getEndpoint(id)).toThrow(EndpointNotFoundError)
      expect(() => service.submitEvent(id, 'a.b', {})).toThrow(EndpointNotFoundError)
      expect(transport.open).toEqual([])
      await quiet()
      for (const expected of [5, 3, 1, 0]) {
        await clock.advance(restMs)
        expect(left(engine)).toBe(expected)
      }
      expect(eventIds.map((eventId) => service.getEvent(eventId))).toMatchObject(
        eventIds.map(() => ({ status: 'failed', lastError: expect.stringContaining('removed') as string })),
      )
      expect(service.stats()).toMatchObject({ pendingBytes: 0, oldestPendingAt: null })
      expect(transport.requests).toHaveLength(sent)
    },
  )

  test('keeps its id until the last is settled, and then its line goes on counting', async () => {
    const engine = startOn(newLog())
    const { service, clock, register } = engine
    await withBacklog(engine)
    service.removeEndpoint(id)
    expect(() => register({ id })).toThrow(InvalidOptionError)
    await clock.advance(100)
    register({ id })
    const next = service.submitEvent(id, 'a.b', {})
    expect(service.getEvent(next)).toMatchObject({ sequence: 11, ahead: 0 })
  })

  test('leaves the deliveries of others alone', async () => {
    const engine = startOn(newLog())
    const { service, transport, register, clock } = engine
    await withBacklog(engine)
    const other = register()
    service.removeEndpoint(id)
    transport.respond(() => 200)
    const event = service.submitEvent(other, 'a.b', {})
    await clock.advance(1)
    expect(left(engine)).toBe(7)
    expect(service.getEventStatus(event).status).toBe('delivered')
  })

  test('lets go of the lines that its dead letters hold', async () => {
    const engine = startOn(newLog())
    const { service, transport, clock } = engine
    transport.respond(() => 500)
    const options = { ordering: 'key', whenExhausted: 'halt', retry: { maxAttempts: 1 }, concurrency: 3 } as const
    await withBacklog(engine, options)
    expect(service.stats().events.deadLettered).toBe(3)
    service.removeEndpoint(id)
    await clock.advance(100)
    expect(service.stats().events).toMatchObject({ pending: 0, failed: 7, deadLettered: 3 })
    const held = [...service.listEvents({ status: ['deadLettered'] }).events].map(({ id: eventId }) => eventId)
    for (const eventId of held) {
      expect([...service.log.entries({ eventId })].at(-1)?.event.type).toBe('line.released')
    }
  })

  test('is drained by a shutdown that drains, and left by one that does not', async () => {
    const engine = startOn(newLog())
    await withBacklog(engine)
    engine.service.removeEndpoint(id)
    const drained = engine.service.shutdown({ drain: true })
    await engine.clock.advance(100)
    expect(await drained).toMatchObject({ undeliveredTotal: 0 })

    const other = startOn(newLog())
    await withBacklog(other)
    other.service.removeEndpoint(id)
    expect((await other.stop()).undeliveredTotal).toBe(7)
  })
})

test('settles less than 500 events within the call, and of more no more than that', () => {
  for (const [waiting, after] of [
    [499, 0],
    [500, 0],
    [501, 1],
  ] as const) {
    const { service, register } = startEngine()
    register({ id })
    service.pauseEndpoint(id)
    service.submitEvents(Array.from({ length: waiting }, () => ({ endpointId: id, eventType: 'a.b', payload: {} })))
    service.removeEndpoint(id)
    expect(service.stats().events.pending).toBe(after)
  }
})

test('what the log does not take of a removal is told, and offered again', async () => {
  const log = createFailingLog()
  const engine = startOn(log)
  const { service, clock } = engine
  await withBacklog(engine)
  const refused: string[] = []
  service.on('endpointAppendFailed', ({ endpointId }) => refused.push(endpointId))
  service.removeEndpoint(id)
  log.refuse(() => true)
  await clock.advance(restMs)
  expect({ left: left(engine), refused }).toEqual({ left: 7, refused: [id] })
  log.refuse(() => false)
  await clock.advance(1000 + 5 * restMs)
  expect(left(engine)).toBe(0)
})

describe.each([
  ['memory', memoryWorld],
  ['a home that finds events by itself', storedWorld],
] as const)('a removal that a restart cuts off, over %s', (_, newWorld) => {
  test('goes on, some at a time, and its id is taken until then', async () => {
    const { open, die } = newWorld()
    const ids = createCountingIds()
    const first = createOn(open(), ids)
    const eventIds = await withBacklog(first)
    first.service.removeEndpoint(id)
    await first.clock.advance(1)
    die()
    const next = createOn(open(), ids)
    expect(left(next)).toBe(4)
    expect(() => next.register({ id })).toThrow(InvalidOptionError)
    await next.clock.advance(100)
    expect(eventIds.map((eventId) => next.service.getEventStatus(eventId).status)).toEqual(eventIds.map(() => 'failed'))
    next.register({ id })
    expect(next.service.getEvent(next.service.submitEvent(id, 'a.b', {}))).toMatchObject({ sequence: 11 })
  })
})

/** What outlives a process, and its end without a word. */
interface Outliving {
  readonly open: () => LogHome
  readonly die: () => void
}

function memoryWorld(): Outliving {
  const log = memoryLog()
  let mortal = createMortalLog(log)
  return { open: () => (mortal = createMortalLog(log)), die: () => mortal.die() }
}

function storedWorld(): Outliving {
  const disk = emptyDisk()
  let log = createStoredLog(disk, setImmediate)
  return { open: () => (log = createStoredLog(disk, setImmediate)), die: () => log.die() }
}
