import { setFlagsFromString } from 'node:v8'
import { runInNewContext } from 'node:vm'
import type { AnyActorRef } from 'xstate'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { EventNotFoundError, replay, type EventStatus, type Transport, type WebhookService } from '../../src/index.ts'
import { createVirtualClock } from '../../src/testing/index.ts'
import { settled } from './await-events.ts'
import { createGate } from './gate.ts'
import { secret, startReceiver, startService } from './start.ts'

const strays: unknown[] = []
const noteStray = (error: unknown): void => void strays.push(error)

beforeAll(() => {
  process.on('unhandledRejection', noteStray)
  process.on('uncaughtExceptionMonitor', noteStray)
})

afterAll(() => {
  process.off('unhandledRejection', noteStray)
  process.off('uncaughtExceptionMonitor', noteStray)
})

/** Lets everything happen that needs no time to pass. */
function turn(): Promise<void> {
  return new Promise((resolve) => setImmediate(resolve))
}

/** What nobody caught so far. Node reports a rejection only when the microtasks after it have run. */
async function uncaught(): Promise<unknown[]> {
  await turn()
  return strays
}

/** Answers every request alike, at once, and keeps nothing. */
function createEchoTransport(status: number): Transport {
  return {
    send(_, receiver) {
      queueMicrotask(() => receiver.answered({ kind: 'answered', status, retryAfter: null, snippet: null }))
      return { abort: () => undefined }
    },
    release: () => undefined,
    close: () => Promise.resolve(),
  }
}

setFlagsFromString('--expose-gc')
const collectGarbage = runInNewContext('gc') as () => void

/** Bytes of the heap in use, without what is garbage. */
function heapBytes(): number {
  collectGarbage()
  return process.memoryUsage().heapUsed
}

/** Events in each state, as the log tells it. */
function countByStatus(log: WebhookService['log']): Record<string, number> {
  const statuses = new Map<string, EventStatus['status']>()
  for (const { eventId, to } of log.entries()) statuses.set(eventId, to)
  const counts: Record<string, number> = {}
  for (const status of statuses.values()) counts[status] = (counts[status] ?? 0) + 1
  return counts
}

describe('many endpoints', () => {
  it('are called in parallel', async () => {
    const endpoints = 50
    const receiver = await startReceiver({ default: () => gate.passed.then(() => 200) })
    const gate = createGate()
    const service = startService()
    const events = Array.from({ length: endpoints }, (_, n) =>
      service.submitEvent(service.registerEndpoint(`${receiver.url}/${n}`, secret), 'tick', { n }),
    )
    await receiver.waitFor(endpoints)
    expect(service.stats()).toMatchObject({ inFlight: endpoints, events: { delivering: endpoints } })
    gate.open()
    await settled(service, ...events)
    expect(service.stats().events.delivered).toBe(endpoints)
  })

  it('settle 2,000 events at once, though a third of the endpoints hang, and keep every order', async () => {
    const receiver = await startReceiver({
      record: false,
      default: ({ path }) => (path.startsWith('/hangs') ? 'hang' : 200),
    })
    const service = startService({ retry: { maxAttempts: 2, initialDelayMs: 20, jitter: 0 } })
    const healthy: string[] = []
    const hanging: string[] = []
    for (let n = 0; n < 1000; n += 1) {
      const hangs = n % 3 === 0
      // The others are answered, however busy the machine is: they keep the service's own timeout.
      const options = hangs ? { timeoutMs: 500 } : {}
      const endpoint = service.registerEndpoint(`${receiver.url}/${hangs ? 'hangs' : 'works'}/${n}`, secret, options)
      for (let event = 0; event < 2; event += 1) {
        ;(hangs ? hanging : healthy).push(service.submitEvent(endpoint, 'tick', { n, event }))
      }
    }
    expect(service.stats().events.pending).toBe(2000)
    await service.drain()

    expect(healthy.every((id) => service.getEventStatus(id).status === 'delivered')).toBe(true)
    expect(hanging.every((id) => service.getEventStatus(id).status === 'deadLettered')).toBe(true)
    expect(service.stats()).toMatchObject({
      events: { pending: 0, delivering: 0, backoff: 0, delivered: 1332, failed: 0, deadLettered: 668 },
      inFlight: 0,
      pendingBytes: 0,
    })
    expect(receiver.counts()).toMatchObject({ duplicates: 0, signatureFailures: 0, orderViolations: 0 })
    expect(receiver.maxInFlight).toBeLessThanOrEqual(256)
    expect(await uncaught()).toEqual([])
  }, 20_000)
})

describe('100,000 events that wait for one dead endpoint', () => {
  const waiting = 100_000

  function startDeadEndpoint(options: Parameters<typeof startService>[0] = {}) {
    const service = startService({
      transport: createEchoTransport(500),
      clock: createVirtualClock(),
      retry: { maxAttempts: 5 },
      ...options,
    })
    return { service, endpoint: service.registerEndpoint('http://dead.example', secret) }
  }

  it('cost two live actors: the line and its head', async () => {
    const actors = new Set<string>()
    const { service, endpoint } = startDeadEndpoint({
      inspect(event) {
        // Typed as anything like an actor; every actor has an id.
        if (event.type === '@xstate.actor') actors.add((event.actorRef as AnyActorRef).id)
      },
    })
    const head = service.submitEvent(endpoint, 'tick', 0)
    for (let n = 1; n < waiting; n += 1) service.submitEvent(endpoint, 'tick', n)
    await turn()
    expect(service.stats()).toMatchObject({ liveLanes: 1, events: { pending: waiting - 1, backoff: 1 } })
    expect([...actors]).toEqual([endpoint, head])
  })

  it('take less than 1 KB of heap each beyond their payload', async () => {
    const { service, endpoint } = startDeadEndpoint()
    const payload = 'x'.repeat(200)
    service.submitEvent(endpoint, 'tick', payload)
    const before = heapBytes()
    // A number in front makes every payload a text of its own.
    for (let n = 1; n < waiting; n += 1) service.submitEvent(endpoint, 'tick', `${n}${payload}`)
    await turn()
    const perEvent = (heapBytes() - before - service.stats().pendingBytes) / (waiting - 1)
    expect(service.stats()).toMatchObject({ liveLanes: 1, events: { pending: waiting - 1, backoff: 1 } })
    expect(perEvent).toBeLessThan(1024)
    expect(await uncaught()).toEqual([])
  })
})

describe('events that have settled', () => {
  it('are forgotten beyond the retention, in the status, the stats and the log alike', async () => {
    const kept = 500
    const deliveries = 20_000
    const service = startService({ transport: createEchoTransport(200), retention: { settledEvents: kept } })
    const endpoint = service.registerEndpoint('http://merchant.example', secret)
    const deliver = async (): Promise<string[]> => {
      const events = Array.from({ length: deliveries }, (_, n) => service.submitEvent(endpoint, 'tick', { n }))
      await service.drain()
      return events
    }
    const events = await deliver()

    expect(service.stats()).toMatchObject({
      submitted: deliveries,
      attempts: deliveries,
      events: { pending: 0, delivering: 0, backoff: 0, delivered: kept, failed: 0, deadLettered: 0 },
    })
    expect(countByStatus(service.log)).toEqual({ delivered: kept })
    expect(Array.from(service.log.entries())).toHaveLength(3 * kept)
    expect(() => service.getEventStatus(events.at(-kept - 1)!)).toThrow(EventNotFoundError)
    for (const event of events.slice(-kept)) expect(service.getEventStatus(event).status).toBe('delivered')
    expect(() => replay(service.log.entries())).not.toThrow()

    events.length = 0
    const before = heapBytes()
    await deliver()
    // Kept, each would take some hundred bytes: 20 MB or so.
    expect(heapBytes() - before).toBeLessThan(4 * 1024 * 1024)
    expect(await uncaught()).toEqual([])
  })

  it('are kept apart: dead letters do not push out what was delivered', async () => {
    const transport = createEchoTransport(500)
    const service = startService({
      transport,
      retry: { maxAttempts: 1 },
      retention: { settledEvents: 10, deadLetters: 3 },
    })
    const endpoint = service.registerEndpoint('http://merchant.example', secret)
    const events = Array.from({ length: 8 }, (_, n) => service.submitEvent(endpoint, 'tick', { n }))
    await service.drain()
    expect(service.getDeadLetterEvents(endpoint).map(({ eventId }) => eventId)).toEqual(events.slice(-3))
    expect(service.stats().events.deadLettered).toBe(3)
    expect(countByStatus(service.log)).toEqual({ deadLettered: 3 })
  })
})
