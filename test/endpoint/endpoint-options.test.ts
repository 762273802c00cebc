import { describe, expect, test } from 'vitest'
import { mergeEndpointOptions, resolveEndpointOptions } from '../../src/endpoint/endpoint-options.ts'
import { InvalidOptionError } from '../../src/errors/errors.ts'
import { defaultRetryPolicy } from '../../src/retry/retry-policy.ts'

const context = { retry: { ...defaultRetryPolicy, maxAttempts: 7 } }
const resolve = (value: unknown) => resolveEndpointOptions(value, context)
const defaults = resolve(undefined)

describe('endpoint options', () => {
  test('have the documented defaults', () => {
    expect(defaults).toEqual({
      eventTypes: ['*'],
      retry: null,
      timeoutMs: null,
      headers: [],
      signing: { header: 'X-Signature', prefix: '', encoding: 'hex', sequence: false },
      rateLimit: null,
      breaker: null,
      autoDisable: null,
      ordering: 'fifo',
      whenExhausted: 'park',
      body: 'payload',
      concurrency: 1,
      description: null,
      tenantId: null,
    })
  })

  test('are all taken', () => {
    const settings = resolve({
      eventTypes: ['payment.*', 'refund'],
      retry: { jitter: 0 },
      timeoutMs: 5000,
      headers: { 'X-Shop': '1' },
      signing: { prefix: 'sha256=' },
      rateLimit: { perSecond: 2.5 },
      breaker: { failures: 5, cooldownMs: 30_000 },
      autoDisable: { afterMs: 1000 },
      ordering: 'key',
      whenExhausted: 'halt',
      body: 'envelope',
      concurrency: 8,
      description: 'the shop',
      tenantId: 'tenant 1',
    })
    expect(settings).toEqual({
      eventTypes: ['payment.*', 'refund'],
      retry: { ...context.retry, jitter: 0 },
      timeoutMs: 5000,
      headers: ['X-Shop', '1'],
      signing: { ...defaults.signing, prefix: 'sha256=' },
      rateLimit: { perSecond: 2.5, burst: 3 },
      breaker: { failures: 5, cooldownMs: 30_000 },
      autoDisable: { afterMs: 1000, warningMs: 200 },
      ordering: 'key',
      whenExhausted: 'halt',
      body: 'envelope',
      concurrency: 8,
      description: 'the shop',
      tenantId: 'tenant 1',
    })
    expect(Object.isFrozen(settings)).toBe(true)
  })

  test.each([
    [{ url: 'http://a.example' }, 'url'],
    [{ retries: {} }, 'retries'],
    [{ eventTypes: [] }, 'eventTypes'],
    [{ eventTypes: 'payment' }, 'eventTypes'],
    [{ eventTypes: ['a', 'b*'] }, 'eventTypes[1]'],
    [{ eventTypes: Array(101).fill('a') }, 'eventTypes'],
    [{ retry: { maxAttempts: 0 } }, 'retry.maxAttempts'],
    [{ timeoutMs: 0 }, 'timeoutMs'],
    [{ timeoutMs: 600_001 }, 'timeoutMs'],
    [{ timeoutMs: '5s' }, 'timeoutMs'],
    [{ headers: { Host: 'x' } }, 'headers["Host"]'],
    [{ signing: { encoding: 'rot13' } }, 'signing.encoding'],
    [{ rateLimit: {} }, 'rateLimit.perSecond'],
    [{ rateLimit: { perSecond: 0 } }, 'rateLimit.perSecond'],
    [{ rateLimit: { perSecond: 1_000_001 } }, 'rateLimit.perSecond'],
    [{ rateLimit: { perSecond: 5, burst: 0 } }, 'rateLimit.burst'],
    [{ rateLimit: { perSecond: 5, burst: 1.5 } }, 'rateLimit.burst'],
    [{ rateLimit: { perMinute: 5 } }, 'rateLimit.perMinute'],
    [{ rateLimit: 5 }, 'rateLimit'],
    [{ breaker: { cooldownMs: 1 } }, 'breaker.failures'],
    [{ breaker: { failures: 1001, cooldownMs: 1 } }, 'breaker.failures'],
    [{ breaker: { failures: 1 } }, 'breaker.cooldownMs'],
    [{ breaker: { failures: 1, cooldownMs: 86_400_001 } }, 'breaker.cooldownMs'],
    [{ breaker: true }, 'breaker'],
    [{ ordering: 'lifo' }, 'ordering'],
    [{ whenExhausted: 'drop' }, 'whenExhausted'],
    [{ body: 'xml' }, 'body'],
    [{ ordering: 'none', concurrency: 0 }, 'concurrency'],
    [{ ordering: 'none', concurrency: 10_001 }, 'concurrency'],
    [{ concurrency: 2 }, 'concurrency'],
    [{ description: 'x'.repeat(501) }, 'description'],
    [{ tenantId: '' }, 'tenantId'],
    [{ tenantId: 'x'.repeat(129) }, 'tenantId'],
    [{ autoDisable: {} }, 'autoDisable.afterMs'],
    [{ autoDisable: { afterMs: 31_536_000_001 } }, 'autoDisable.afterMs'],
    [{ autoDisable: { afterMs: 5, warningMs: 6 } }, 'autoDisable.warningMs'],
    [{ tenantId: 'a\nb' }, 'tenantId'],
    [{ eventTypes: null }, 'eventTypes'],
    [{ ordering: null }, 'ordering'],
    [null, 'options'],
  ])('are refused: %j', (value, option) => {
    expect(() => resolve(value)).toThrow(InvalidOptionError)
    expect(() => resolve(value)).toThrow(expect.objectContaining({ option }))
  })

  test('take null for what may be unset', () => {
    const unset = { retry: null, timeoutMs: null, rateLimit: null, breaker: null, autoDisable: null, description: null }
    expect(resolve(unset)).toEqual(defaults)
  })

  test.each([
    [0.2, 1],
    [1, 1],
    [10.1, 11],
  ])('give %s requests a second a burst of %s', (perSecond, burst) => {
    expect(resolve({ rateLimit: { perSecond } }).rateLimit).toEqual({ perSecond, burst })
  })

  test('refuse the header of the signature as a custom header, in any spelling', () => {
    const signing = { header: 'X-Webhook-Signature' }
    expect(() => resolve({ signing, headers: { x_webhook_signature: 'a' } })).toThrow(
      expect.objectContaining({ option: 'headers' }),
    )
    const settings = resolve({ headers: { 'x-webhook-signature': 'a' } })
    expect(() => mergeEndpointOptions(settings, { signing }, context)).toThrow(
      expect.objectContaining({ option: 'signing.header' }),
    )
  })
})

describe('concurrency', () => {
  test.each(['key', 'none'])("is 64 with ordering '%s'", (ordering) => {
    expect(resolve({ ordering }).concurrency).toBe(64)
  })

  test("is 1 with ordering 'fifo', and becomes 64 when the endpoint leaves it", () => {
    const fifo = mergeEndpointOptions(resolve({ ordering: 'none', concurrency: 8 }), { ordering: 'fifo' }, context)
    expect(fifo.concurrency).toBe(1)
    expect(mergeEndpointOptions(fifo, { ordering: 'key' }, context).concurrency).toBe(64)
  })

  test('is kept when the ordering changes to another parallel one', () => {
    const settings = resolve({ ordering: 'none', concurrency: 8 })
    expect(mergeEndpointOptions(settings, { ordering: 'key' }, context).concurrency).toBe(8)
  })
})

describe('a patch', () => {
  const settings = resolve({ retry: { jitter: 0 }, timeoutMs: 5000, tenantId: 'a', headers: { 'X-Shop': '1' } })

  test('changes what it names and keeps the rest', () => {
    expect(mergeEndpointOptions(settings, { timeoutMs: 6000, body: undefined }, context)).toEqual({
      ...settings,
      timeoutMs: 6000,
    })
  })

  test("completes a retry policy from the service's, not from the old one", () => {
    const patched = mergeEndpointOptions(settings, { retry: { maxAttempts: 2 } }, context)
    expect(patched.retry).toEqual({ ...context.retry, maxAttempts: 2 })
  })

  test('puts defaults back with null', () => {
    const patched = mergeEndpointOptions(
      settings,
      { retry: null, timeoutMs: null, tenantId: null, headers: {} },
      context,
    )
    expect(patched).toEqual(defaults)
  })

  test('may hold a url, which is not its business', () => {
    expect(mergeEndpointOptions(settings, { url: 5 }, context)).toEqual(settings)
  })

  test('is refused whole, and leaves the settings as they were', () => {
    const before = structuredClone(settings)
    expect(() => mergeEndpointOptions(settings, { tenantId: 'b', timeoutMs: -1 }, context)).toThrow(InvalidOptionError)
    expect(() => mergeEndpointOptions(settings, { secret: 'canary' }, context)).toThrow(
      /^secret is not an option; valid are url, /,
    )
    expect(settings).toEqual(before)
  })
})
