import { runInNewContext } from 'node:vm'
import { beforeEach, describe, expect, it } from 'vitest'
import {
  EndpointNotFoundError,
  HooklineError,
  InvalidOptionError,
  InvalidPayloadError,
  PayloadTooLargeError,
  createWebhookService,
  type WebhookServiceOptions,
} from '../../src/index.ts'
import { serviceEventTypes } from '../../src/notices/notices.ts'
import { startEngine } from '../support/start-engine.ts'
import { expectDelivers, failWhenUnhandled, throws } from './poison.ts'

const throwsUndefined = (): never => {
  throw undefined // eslint-disable-line @typescript-eslint/only-throw-error -- anything may be thrown
}

beforeEach(failWhenUnhandled)

describe('a payload', () => {
  const deep = (wrap: (inner: unknown) => unknown): unknown => {
    let value: unknown = 1
    for (let level = 0; level < 100_000; level++) value = wrap(value)
    return value
  }
  const circular: Record<string, unknown> = {}
  circular['self'] = circular

  it.each([
    ['a getter that throws', Object.defineProperty({}, 'a', { enumerable: true, get: throws })],
    ['a getter that throws undefined', Object.defineProperty({}, 'a', { enumerable: true, get: throwsUndefined })],
    ['a toJSON that throws', { toJSON: throws }],
    ['a toJSON that gives nothing', { toJSON: () => undefined }],
    ['a proxy that refuses to be listed', new Proxy({}, { ownKeys: throws })],
    ['a proxy that refuses to be read', new Proxy({ a: 1 }, { get: throws })],
    [
      'a revoked proxy',
      (() => {
        const { proxy, revoke } = Proxy.revocable({}, {})
        revoke()
        return proxy
      })(),
    ],
    ['a circle', circular],
    ['a circle through toJSON', { toJSON: () => circular }],
    ['a BigInt', { total: 1n }],
    ['a symbol', Symbol('poison')],
    ['a function', throws],
    ['undefined', undefined],
    ['an invalid date in a toJSON', { at: { toJSON: () => new Date(NaN).toISOString() } }],
    ['100,000 arrays in each other', deep((inner) => [inner])],
    ['100,000 objects in each other', deep((inner) => ({ inner }))],
    ['100,000 toJSON in each other', deep((inner) => ({ toJSON: () => ({ inner }) }))],
    [
      'a toJSON that goes on for ever',
      {
        toJSON() {
          return { again: this }
        },
      },
    ],
  ])('that holds %s is refused, and harms nothing else', async (_, payload) => {
    const engine = startEngine()
    const endpoint = engine.register()
    expect(() => engine.service.submitEvent(endpoint, 'a.b', payload)).toThrow(InvalidPayloadError)
    expect(() => engine.service.publishEvent('a.b', payload)).toThrow(InvalidPayloadError)
    expect([...engine.service.log.entries()]).toEqual([])
    await expectDelivers(engine, endpoint)
  })

  it('that is far too long is refused', async () => {
    const engine = startEngine()
    const endpoint = engine.register()
    const manyKeys = Object.fromEntries(Array.from({ length: 1_000_000 }, (_, index) => [`key${index}`, index]))
    for (const payload of ['x'.repeat(2 ** 27), manyKeys, new Array(2 ** 20)]) {
      expect(() => engine.service.submitEvent(endpoint, 'a.b', payload)).toThrow(PayloadTooLargeError)
    }
    await expectDelivers(engine, endpoint)
  })

  it.each([
    [
      '__proto__ and constructor',
      JSON.parse('{"__proto__":{"admin":true},"constructor":{"prototype":{"admin":true}}}'),
    ],
    ['lone surrogates', { text: '\ud800 \udfff' }],
    ['holes', [1, , 3]], // eslint-disable-line no-sparse-arrays -- the very thing that is tried
    ['an invalid date', { at: new Date(NaN) }],
    ['numbers that JSON has not', [NaN, Infinity, -0]],
    ['2,000 arrays in each other', JSON.parse(`${'['.repeat(2000)}${']'.repeat(2000)}`)],
    ['a null', null],
  ])('that holds %s goes out as JSON.stringify writes it', async (_, payload: unknown) => {
    const engine = startEngine()
    const event = engine.service.submitEvent(engine.register(), 'a.b', payload)
    await engine.quiet()
    expect(engine.transport.requests[0]!.body).toBe(JSON.stringify(payload))
    expect(JSON.stringify(engine.service.getEvent(event).payload)).toBe(JSON.stringify(payload))
    expect(({} as { admin?: unknown }).admin).toBeUndefined()
    await expectDelivers(engine)
  })

  it('that calls the service as it is read finds it as it is', async () => {
    const engine = startEngine()
    const { service, transport } = engine
    const endpoint = engine.register()
    service.submitEvent(endpoint, 'a.b', { toJSON: () => service.submitEvent(endpoint, 'a.b', 'inner') })
    await engine.quiet()
    expect(transport.requests.map(({ body }) => body)).toEqual(['"inner"', '"evt_1"'])
    const removes = { toJSON: () => service.removeEndpoint(endpoint) }
    expect(() => service.submitEvent(endpoint, 'a.b', removes)).toThrow(HooklineError)
    await expectDelivers(engine)
  })
})

describe('options that are code', () => {
  const trap = new Proxy({}, { get: throws, ownKeys: throws, getPrototypeOf: throws, has: throws })
  const getter = (name: string): object => Object.defineProperty({}, name, { enumerable: true, get: throws })

  it('are refused where they throw, and change nothing', async () => {
    const engine = startEngine()
    const endpoint = engine.register()
    const { service } = engine
    const before = service.listEndpoints()
    const url = 'https://merchant.example'
    for (const call of [
      () => service.registerEndpoint(url, 'secret', trap),
      () => service.registerEndpoint(url, 'secret', getter('headers')),
      () => service.registerEndpoint(url, 'secret', { headers: trap as Record<string, string> }),
      () => service.registerEndpoint(url, 'secret', { eventTypes: new Proxy(['*'], { get: throws }) }),
      () => service.registerEndpoint(url, 'secret', { retry: getter('jitter') }),
      () => service.updateEndpoint(endpoint, getter('url')),
      () => service.rotateSecret(endpoint, 'secret', getter('overlapMs')),
      () => service.submitEvent(endpoint, 'a.b', {}, getter('idempotencyKey')),
      () => createWebhookService({ clock: trap as never }),
      () => createWebhookService(getter('retry')),
    ]) {
      expect(call).toThrow(InvalidOptionError)
    }
    for (const call of [
      () => service.registerEndpoint(trap as never, 'secret'),
      () => service.registerEndpoint(url, trap as never),
      () => service.submitEvent(trap as never, 'a.b', {}),
      () => service.submitEvent(endpoint, trap as never, {}),
    ]) {
      expect(call).toThrow(HooklineError)
    }
    expect(service.listEndpoints()).toEqual(before)
    await expectDelivers(engine, endpoint)
  })

  it('and remove the endpoint they are for find it removed', () => {
    const { service, transport, register } = startEngine()
    const endpoint = register()
    const patch = {
      url: 'https://moved.example',
      get description(): string {
        if (service.stats().endpoints > 0) service.removeEndpoint(endpoint)
        return 'moved'
      },
    }
    expect(() => service.updateEndpoint(endpoint, patch)).toThrow(EndpointNotFoundError)
    expect([service.listEndpoints(), transport.released]).toEqual([[], [endpoint]])
  })
})

describe('a listener', () => {
  const foreignRejection: unknown = runInNewContext('() => Promise.reject(new Error("poison"))')
  const poisons = {
    throws,
    rejects: () => Promise.reject(new Error('poison')),
    'rejects with a promise of another realm': foreignRejection as () => unknown,
    'rejects with a promise that hides its catch': () =>
      Object.assign(Promise.reject(new Error('poison')), { catch: () => undefined, then: () => undefined }),
    'gives a thenable whose then cannot be read': () => Object.defineProperty({}, 'then', { get: throws }),
    'throws undefined': throwsUndefined,
  }

  it.each(Object.entries(poisons))('that %s harms nothing, wherever it listens', async (_, poison: () => unknown) => {
    const engine = startEngine({ inspect: { next: poison } as NonNullable<WebhookServiceOptions['inspect']> })
    const { service, transport, clock } = engine
    for (const type of serviceEventTypes) service.on(type, poison)
    service.log.subscribe(poison)
    transport.respond(({ sequence }) => [200, 404, 503, 410][sequence - 1] ?? 200)
    const endpoint = engine.register({ breaker: { failures: 1, cooldownMs: 1 } })
    const events = [1, 2, 3, 4].map(() => service.submitEvent(endpoint, 'a.b', {}))
    await clock.advance(60_000)
    expect(events.map((event) => service.getEventStatus(event).status)).toEqual([
      'delivered',
      'failed',
      'deadLettered',
      'failed',
    ])
    service.resumeEndpoint(endpoint)
    await clock.advance(60_000)
    await expectDelivers(engine, endpoint)
  })
})
