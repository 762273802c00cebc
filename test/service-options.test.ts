import { describe, expect, test } from 'vitest'
import type { InspectionEvent } from 'xstate'
import { systemClock } from '../src/clock/system-clock.ts'
import { InvalidOptionError } from '../src/errors/errors.ts'
import { systemIds } from '../src/ids/ids.ts'
import { systemRandom } from '../src/random/random.ts'
import { resolveServiceOptions } from '../src/service-options.ts'

const resolve = (value: unknown) => resolveServiceOptions(value, {})
const nothing = () => undefined
const loopback = (environment: string | undefined) =>
  resolveServiceOptions({}, { NODE_ENV: environment }).egress.permits('127.0.0.1', '127.0.0.1', 80)

describe('service options', () => {
  test('have the documented defaults', () => {
    const { egress, ...settings } = resolve(undefined)
    expect(egress.httpsOnly).toBe(false)
    expect(settings).toEqual({
      retry: {
        maxAttempts: 5,
        initialDelayMs: 1000,
        multiplier: 2,
        maxDelayMs: 300_000,
        jitter: 0.25,
        retryableStatuses: [],
      },
      retryPolicies: [],
      timeoutMs: 30_000,
      concurrency: 256,
      rateLimit: null,
      limits: {
        pendingEvents: 100_000,
        pendingBytes: 268_435_456,
        eventsInMemory: 20_000,
        payloadBytes: 1_048_576,
        endpoints: 100_000,
        liveLanes: 10_000,
        orderingKeys: 100_000,
        idleConnections: 10_000,
      },
      retention: {
        settledEvents: 10_000,
        deadLetters: 10_000,
        ageMs: 604_800_000,
        deadLetterAgeMs: 604_800_000,
        endpointRecords: 100,
      },
      log: null,
      clock: systemClock,
      random: systemRandom,
      ids: systemIds,
      transport: null,
      inspect: null,
    })
  })

  test('are taken', () => {
    const transport = { send: nothing, release: nothing, close: nothing }
    const log = {
      append: nothing,
      appendAll: nothing,
      evict: nothing,
      flush: nothing,
      entries: nothing,
      subscribe: nothing,
      onListenerError: nothing,
      appendEndpoint: nothing,
      evictEndpointRecord: nothing,
      endpointEntries: nothing,
      subscribeToEndpoints: nothing,
    }
    const settings = resolve({
      retry: { maxAttempts: 2 },
      retryPolicies: [{ eventTypes: ['a'], retry: { jitter: 0 } }],
      timeoutMs: 1,
      concurrency: 1,
      limits: { pendingEvents: 1 },
      retention: { settledEvents: 0, deadLetters: 0 },
      egress: { httpsOnly: true },
      random: nothing,
      transport,
      log,
    })
    expect(settings).toMatchObject({ timeoutMs: 1, concurrency: 1, retry: { maxAttempts: 2 }, random: nothing })
    expect(settings.retryPolicies[0]?.retry).toMatchObject({ maxAttempts: 2, jitter: 0 })
    expect(settings.limits).toMatchObject({ pendingEvents: 1, payloadBytes: 1_048_576 })
    expect(settings.retention).toMatchObject({ settledEvents: 0, deadLetters: 0, ageMs: 604_800_000 })
    expect(settings.egress.httpsOnly).toBe(true)
    expect(settings.transport).toBe(transport)
    expect(settings.log).toBe(log)
  })

  test('deny private networks in production alone, unless told otherwise', () => {
    expect(loopback('production')).toBe(false)
    expect(loopback('test')).toBe(true)
    expect(loopback(undefined)).toBe(true)
  })

  test.each([
    [null, 'options'],
    [{ retries: 3 }, 'retries'],
    [{ retry: { maxAttempts: -1 } }, 'retry.maxAttempts'],
    [{ retryPolicies: [{}] }, 'retryPolicies[0].eventTypes'],
    [{ timeoutMs: 600_001 }, 'timeoutMs'],
    [{ concurrency: 0 }, 'concurrency'],
    [{ concurrency: 100_001 }, 'concurrency'],
    [{ rateLimit: 10 }, 'rateLimit'],
    [{ rateLimit: { perSecond: 0 } }, 'rateLimit.perSecond'],
    [{ limits: { pendingEvents: 0 } }, 'limits.pendingEvents'],
    [{ retention: { endpointRecords: 0 } }, 'retention.endpointRecords'],
    [{ limits: { pendingBytes: Infinity } }, 'limits.pendingBytes'],
    [{ limits: { payloadBytes: 268_435_457 } }, 'limits.payloadBytes'],
    [{ limits: { endpoints: '5' } }, 'limits.endpoints'],
    [{ limits: { liveLanes: 0 } }, 'limits.liveLanes'],
    [{ limits: { orderingKeys: NaN } }, 'limits.orderingKeys'],
    [{ limits: { idleConnections: -1 } }, 'limits.idleConnections'],
    [{ limits: { payload: 1 } }, 'limits.payload'],
    [{ retention: { settledEvents: -1 } }, 'retention.settledEvents'],
    [{ retention: { deadLetters: 0.5 } }, 'retention.deadLetters'],
    [{ retention: { ageMs: 0 } }, 'retention.ageMs'],
    [{ egress: { httpsOnly: 'yes' } }, 'egress.httpsOnly'],
    [{ log: {} }, 'log'],
    [{ clock: { now: nothing } }, 'clock'],
    [{ random: 4 }, 'random'],
    [{ ids: { eventId: nothing } }, 'ids'],
    [{ transport: nothing }, 'transport'],
    [{ inspect: 'yes' }, 'inspect'],
    [{ inspect: {} }, 'inspect'],
    [{ inspect: null }, 'inspect'],
  ])('are refused: %j', (value, option) => {
    expect(() => resolve(value)).toThrow(InvalidOptionError)
    expect(() => resolve(value)).toThrow(expect.objectContaining({ option }))
  })

  test('take an inspector as a function or as an observer', () => {
    // An inspector is only handed on; what it gets does not matter here.
    const event = { type: '@xstate.event' } as InspectionEvent
    const seen: unknown[] = []
    const observer = {
      name: 'observer',
      next(this: { name: string }, one: InspectionEvent) {
        seen.push(this.name, one)
      },
    }
    resolve({ inspect: (one: InspectionEvent) => seen.push(one) }).inspect?.(event)
    resolve({ inspect: observer }).inspect?.(event)
    expect(seen).toEqual([event, 'observer', event])
  })
})
