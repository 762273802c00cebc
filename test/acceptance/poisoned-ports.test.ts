import { beforeEach, describe, expect, it, vi } from 'vitest'
import { createWebhookService, type LogHome, type Transport } from '../../src/index.ts'
import { memoryLog } from '../../src/log/memory-log.ts'
import { createVirtualClock } from '../../src/testing/virtual-clock.ts'
import { createCountingIds } from '../support/counting-ids.ts'
import { createScriptedTransport } from '../support/scripted-transport.ts'
import { startEngine } from '../support/start-engine.ts'
import { expectDelivers, failWhenUnhandled, throws } from './poison.ts'

const internal = { status: 'failed', lastError: "internal: an error of hookline's own stopped this event" }

beforeEach(failWhenUnhandled)

/** A transport that misbehaves for the first event of each endpoint, and answers 200 to the rest. */
function poisonedTransport(send: Transport['send']): Transport {
  const sound = createScriptedTransport()
  return {
    send: (request, receiver) =>
      request.headers[request.headers.indexOf('X-Event-Sequence') + 1] === '1' && request.body === '"poison"'
        ? send(request, receiver)
        : sound.send(request, receiver),
    release: throws,
    close: () => Promise.resolve(),
  }
}

describe('a transport', () => {
  const nothing = { abort: () => undefined }
  const ok = { kind: 'answered', status: 200, retryAfter: null, snippet: null } as const
  const invalid = 'invalid_request: the request cannot be sent'

  it.each<[string, Transport['send'], object]>([
    ['throws', throws, { status: 'failed', lastError: invalid }],
    ['gives nothing', () => undefined as never, { status: 'deadLettered' }],
    ['never answers', () => nothing, { status: 'deadLettered', lastError: 'timeout: no answer within 50 ms' }],
    ['throws in abort', () => ({ abort: throws }), { status: 'deadLettered' }],
    [
      'answers twice, and otherwise',
      (_, receiver) => {
        queueMicrotask(() => {
          receiver.answered(ok)
          receiver.answered({ ...ok, status: 500 })
        })
        return nothing
      },
      { status: 'delivered', attempts: 1 },
    ],
    [
      'answers from inside send',
      (_, receiver) => {
        receiver.answered(ok)
        return nothing
      },
      { status: 'delivered', attempts: 1 },
    ],
    [
      'answers from inside send and then throws',
      (_, receiver) => {
        receiver.answered(ok)
        return throws()
      },
      { status: 'delivered', attempts: 1 },
    ],
    ...[undefined, null, {}, { kind: 'answered', status: 'ok' }, { kind: 'failed' }].map(
      (answer): [string, Transport['send'], object] => [
        `answers ${JSON.stringify(answer)}`,
        (_, receiver) => {
          queueMicrotask(() => receiver.answered(answer as never))
          return nothing
        },
        internal,
      ],
    ),
  ])('that %s harms that event alone', async (_, send, expected) => {
    const engine = startEngine({ transport: poisonedTransport(send), timeoutMs: 50 })
    const { service, clock } = engine
    const endpoint = engine.register()
    const poison = service.submitEvent(endpoint, 'a.b', 'poison')
    await clock.advance(60_000)
    expect(service.getEventStatus(poison)).toMatchObject(expected)
    await expectDelivers(engine, endpoint)
  })

  it('that throws as it lets go of connections stops no change', async () => {
    const engine = startEngine({ transport: poisonedTransport(throws) })
    const endpoint = engine.register()
    expect(engine.service.updateEndpoint(endpoint, { url: 'https://other.example/', timeoutMs: 7 })).toMatchObject({
      url: 'https://other.example/',
      timeoutMs: 7,
    })
    await expectDelivers(engine, endpoint)
    engine.service.removeEndpoint(endpoint)
    expect(engine.service.listEndpoints().map(({ id }) => id)).not.toContain(endpoint)
  })

  it('that throws as it is closed rejects the shutdown, and so does the log', async () => {
    const transport = { ...poisonedTransport(throws), close: throws }
    const rejecting = { ...poisonedTransport(throws), close: () => Promise.reject(new Error('poison')) }
    const log = { ...wrapped(memoryLog()), flush: throws }
    for (const options of [{ transport }, { transport: rejecting, log }]) {
      await expect(createWebhookService(options).shutdown()).rejects.toThrow('poison')
    }
    await expect(createWebhookService({ log }).flush()).rejects.toThrow('poison')
  })
})

describe('a clock', () => {
  it.each(['now', 'monotonic', 'setTimeout', 'clearTimeout'] as const)(
    'whose %s throws at times stops nothing',
    async (name) => {
      const clock = createVirtualClock()
      let broken = false
      const failing = {
        ...wrapped(clock),
        [name]: (...args: never[]) => (broken ? throws() : call(clock, name, args)) as never,
      }
      const engine = startEngine({ clock: failing, retry: { initialDelayMs: 1 } })
      const { service, transport } = engine
      const endpoint = engine.register()
      transport.respond(({ attempt }) => (attempt === 1 ? 503 : 200))
      broken = true
      const events = ['a.b', 'a.c'].map((type) => service.submitEvent(endpoint, type, {}))
      await engine.quiet()
      broken = false
      await vi.waitFor(async () => {
        await clock.advance(1000)
        expect(events.map((event) => service.getEventStatus(event).status)).toEqual(['delivered', 'delivered'])
      })
      transport.respond(() => 200)
      await expectDelivers(engine, endpoint)
    },
  )

  it.each([NaN, Infinity, 'noon', undefined])('that reads %s stands still', async (reading) => {
    const clock = createVirtualClock()
    const wrong = () => reading as number // as a clock in plain JavaScript may
    const engine = startEngine({ clock: { ...wrapped(clock), now: wrong, monotonic: wrong } })
    const event = engine.service.submitEvent(engine.register(), 'a.b', {})
    await clock.advance(0)
    expect(engine.service.getEventStatus(event)).toMatchObject({ status: 'delivered' })
    expect(engine.service.getEvent(event).attempts[0]).toMatchObject({ startedAt: '1970-01-01T00:00:00.000Z' })
  })
})

describe('a source of chance', () => {
  it.each([throws, () => NaN, () => undefined as never])(
    'that gives nothing fails the one event that needs it: %s',
    async (random) => {
      const engine = startEngine({ random, retry: { jitter: 0.5 } })
      const { service, transport } = engine
      const endpoint = engine.register()
      transport.respond(({ sequence }) => (sequence === 1 ? 503 : 200))
      const poison = service.submitEvent(endpoint, 'a.b', {})
      await engine.quiet()
      expect(service.getEventStatus(poison)).toMatchObject(internal)
      transport.respond(() => 200)
      await expectDelivers(engine, endpoint)
    },
  )
})

describe('a source of ids', () => {
  it.each([
    ['throws', throws, /poison/],
    ['gives one twice', () => 'evt_1', /ids\.eventId must give texts/],
    ['gives a dot', () => 'evt.2', /ids\.eventId must give texts/],
    ['gives a line end', () => 'evt_2\r\nX-Evil: 1', /ids\.eventId must give texts/],
    ['gives nothing', () => undefined as never, /ids\.eventId must give texts.*got undefined/],
    ['gives the empty text', () => '', /ids\.eventId must give texts/],
  ])('that %s refuses the submission, and stores nothing', async (_, poison: () => string, message) => {
    const ids = createCountingIds()
    let broken = false
    const engine = startEngine({
      ids: { ...ids, eventId: () => (broken ? poison() : ids.eventId()) },
    })
    const { service } = engine
    const endpoint = engine.register()
    const first = service.submitEvent(endpoint, 'a.b', 'first')
    broken = true
    const records = [...service.log.entries()].length
    expect(() => service.submitEvent(endpoint, 'a.b', {})).toThrow(message)
    expect(() => service.publishEvent('a.b', {})).toThrow(message)
    expect([...service.log.entries()]).toHaveLength(records)
    expect(service.getEvent(first).payload).toBe('first')
    broken = false
    await expectDelivers(engine, endpoint)
  })

  it('that gives one id to two events of a publication, or to two endpoints, is refused', async () => {
    const engine = startEngine({ ids: { endpointId: () => 'ep_1', eventId: () => 'evt_1' } })
    engine.register()
    expect(() => engine.register()).toThrow(/ids\.endpointId must give texts/)
    expect(engine.service.listEndpoints()).toHaveLength(1)

    let endpoints = 0
    const two = startEngine({ ids: { endpointId: () => `ep_${(endpoints += 1)}`, eventId: () => 'evt_1' } })
    two.register()
    two.register()
    expect(() => two.service.publishEvent('a.b', {})).toThrow(/ids\.eventId must give texts/)
    expect([...two.service.log.entries()]).toEqual([])
    await engine.quiet()
  })
})

/** All of a port's methods as properties of their own, so that some can be replaced. */
function wrapped<T extends object>(port: T): T {
  const methods: Record<string, unknown> = {}
  for (let level: object = port; level !== Object.prototype; level = Object.getPrototypeOf(level) as object) {
    for (const name of Object.getOwnPropertyNames(level)) {
      const value: unknown = Reflect.get(port, name)
      if (name !== 'constructor') methods[name] ??= typeof value === 'function' ? value.bind(port) : value
    }
  }
  return methods as T // the same methods under the same names
}

function call(port: object, name: string, args: readonly unknown[]): unknown {
  return Reflect.apply(Reflect.get(port, name) as () => unknown, port, args)
}

describe('a log', () => {
  it.each(['append', 'appendAll', 'evict', 'flush', 'entries'] as const)(
    'whose %s throws for a while leaves all as it was, and all goes on',
    async (name) => {
      const log = memoryLog()
      let broken = false
      const failing: LogHome = {
        ...wrapped(log),
        [name]: (...args: never[]): unknown => (broken ? throws() : call(log, name, args)),
      }
      const engine = startEngine({
        log: failing,
        retention: { settledEvents: 5 },
        random: () => NaN,
        retry: { jitter: 0.5 },
      })
      const { service, transport, clock } = engine
      transport.respond(({ body }) => (body === '"poison"' ? 503 : 200))
      const endpoint = engine.register()
      const other = engine.register()
      for (const payload of [1, 'poison', 2]) {
        service.submitEvent(endpoint, 'a.b', payload)
        service.submitEvent(other, 'a.b', payload)
      }
      broken = true
      await clock.advance(500)
      await Promise.resolve(service.flush()).catch(() => undefined)
      try {
        service.publishEvent('a.b', {})
      } catch (error) {
        expect(error).toHaveProperty('message', 'poison')
      }
      broken = false
      await clock.advance(60_000)
      expect(service.stats().events).toMatchObject({ pending: 0, delivering: 0, backoff: 0 })
      expect(service.stats().inFlight).toBe(0)
      await expectDelivers(engine, endpoint, other)
    },
  )
})
