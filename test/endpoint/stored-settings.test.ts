import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { EndpointOptions, EndpointSettings } from '../../src/endpoint/endpoint-options.ts'
import { resolveEndpointOptions } from '../../src/endpoint/endpoint-options.ts'
import { readStoredSettings, writeStoredSettings } from '../../src/endpoint/stored-settings.ts'
import { StorageError } from '../../src/errors/errors.ts'
import { defaultRetryPolicy } from '../../src/retry/retry-policy.ts'

const context = { retry: defaultRetryPolicy }
const resolve = (options: unknown): EndpointSettings => resolveEndpointOptions(options, context)
const read = (value: unknown, retry = defaultRetryPolicy) => readStoredSettings(value, 'ep_1', { retry })

function failureOf(value: unknown): StorageError {
  try {
    read(value)
  } catch (error) {
    if (error instanceof StorageError) return error
    throw error
  }
  throw new Error('it was read')
}

const whole = (min: number, max: number) => fc.integer({ min, max })
const printable = (minLength: number, maxLength: number) =>
  fc.string({
    unit: fc.constantFrom('a', 'Z', '0', ' ', 'ß', '漢', '😀', '"', '\\', '\u2028'),
    minLength,
    maxLength: Math.floor(maxLength / 2),
  })
const segment = fc.stringMatching(/^[A-Za-z0-9_-]{1,20}$/)
const eventType = fc.array(segment, { minLength: 1, maxLength: 4 }).map((segments) => segments.join('.'))
const pattern = fc.oneof(
  eventType,
  eventType.map((type) => `${type}.*`),
  fc.constant('*'),
)

const retry = fc
  .record(
    {
      maxAttempts: whole(1, 1000),
      initialDelayMs: whole(0, 86_400_000),
      multiplier: fc.double({ min: 1, max: 100, noNaN: true }),
      maxDelayMs: whole(0, 2_592_000_000),
      jitter: fc.double({ min: 0, max: 1, noNaN: true }),
      retryableStatuses: fc.array(
        whole(400, 499).filter((status) => status !== 410),
        { maxLength: 99 },
      ),
    },
    { requiredKeys: [] },
  )
  .filter(({ initialDelayMs = 0, maxDelayMs = Infinity }) => initialDelayMs <= maxDelayMs)

/** Names that an object orders or treats in its own way are header names, too. */
const headerName = fc.oneof(
  segment.map((text) => `X-Own-${text}`),
  fc.constantFrom('__proto__', 'constructor', 'toString', '7', '12', 'Authorization'),
)
const headers = fc
  .uniqueArray(fc.tuple(headerName, fc.stringMatching(/^[!-~]([\t -~]{0,40}[!-~])?$/)), {
    maxLength: 32,
    selector: ([name]) => name.toLowerCase().replaceAll('_', '-'),
  })
  .map((pairs) => Object.fromEntries(pairs))

const signing = fc.record(
  {
    header: segment.map((text) => `X-Signed-${text}`),
    prefix: fc.stringMatching(/^[!-~]{0,32}$/),
    encoding: fc.constantFrom('hex' as const, 'base64' as const),
    sequence: fc.boolean(),
  },
  { requiredKeys: [] },
)

const anyOptions: fc.Arbitrary<EndpointOptions> = fc
  .record(
    {
      eventTypes: fc.array(pattern, { minLength: 1, maxLength: 100 }),
      retry: fc.option(retry),
      timeoutMs: fc.option(whole(1, 600_000)),
      headers,
      signing,
      rateLimit: fc.option(
        fc.record(
          { perSecond: fc.double({ min: 0.00001, max: 1_000_000, noNaN: true }), burst: whole(1, 1_000_000) },
          { requiredKeys: ['perSecond'] },
        ),
      ),
      breaker: fc.option(fc.record({ failures: whole(1, 1000), cooldownMs: whole(1, 86_400_000) })),
      autoDisable: fc.option(
        whole(1, 31_536_000_000).chain((afterMs) =>
          fc.record({ afterMs: fc.constant(afterMs), warningMs: whole(0, afterMs) }, { requiredKeys: ['afterMs'] }),
        ),
      ),
      ordering: fc.constantFrom('fifo' as const, 'key' as const, 'none' as const),
      whenExhausted: fc.constantFrom('park' as const, 'halt' as const),
      body: fc.constantFrom('payload' as const, 'envelope' as const),
      concurrency: whole(1, 10_000),
      description: fc.option(fc.string({ maxLength: 500 })),
      tenantId: fc.option(printable(1, 128)),
    },
    { requiredKeys: [] },
  )
  .map(({ concurrency, ...options }) => ({
    ...options,
    ...((options.ordering ?? 'fifo') !== 'fifo' && concurrency !== undefined && { concurrency }),
  }))

describe('stored settings', () => {
  it('come back as they were, whatever was set and whatever the service that reads them has for a default', () => {
    const otherDefaults = { ...defaultRetryPolicy, maxAttempts: 77, jitter: 0.5, retryableStatuses: [429] }
    fc.assert(
      fc.property(anyOptions, (options) => {
        const settings = resolve(options)
        const text = JSON.stringify(writeStoredSettings(settings))
        const again = read(JSON.parse(text), otherDefaults)
        // As JSON: it knows no negative zero.
        expect(JSON.stringify(again)).toBe(JSON.stringify(settings))
        expect(Object.keys(again)).toEqual(Object.keys(settings))
        expect(JSON.stringify(writeStoredSettings(again))).toBe(text)
      }),
      { numRuns: 1000 },
    )
  })

  it('have the form that later versions must read', () => {
    const options = { ordering: 'key', headers: { Authorization: 'Bearer x' }, retry: { maxAttempts: 2 } }
    const stored = {
      version: 1,
      eventTypes: ['*'],
      retry: {
        maxAttempts: 2,
        initialDelayMs: 1000,
        multiplier: 2,
        maxDelayMs: 300_000,
        jitter: 0.25,
        retryableStatuses: [],
      },
      timeoutMs: null,
      headers: { Authorization: 'Bearer x' },
      signing: { header: 'X-Signature', prefix: '', encoding: 'hex', sequence: false },
      rateLimit: null,
      breaker: null,
      autoDisable: null,
      ordering: 'key',
      whenExhausted: 'park',
      body: 'payload',
      concurrency: 64,
      description: null,
      tenantId: null,
    }
    expect(writeStoredSettings(resolve(options))).toEqual(stored)
    expect(read(stored)).toEqual(resolve(options))
  })

  it('of a later version are called so', () => {
    const failure = failureOf({ version: 2, ordering: 'fifo' })
    expect(failure).toMatchObject({ reason: 'unknownFormat', recoverable: false })
    expect(failure.message).toBe('the stored settings of ep_1 were written by a later version of hookline')
  })

  it.each([[null], ['text'], [[]], [{}], [{ version: 0 }], [{ version: '1' }]])(
    'are damaged when they are %o',
    (value) => {
      expect(failureOf(value)).toMatchObject({
        reason: 'damaged',
        message: 'the stored settings of ep_1 are no settings',
      })
    },
  )

  it.each([
    [{ version: 1, timeoutMs: 0 }, 'are not taken: timeoutMs must be a whole number from 1 to 600000, got 0 (number)'],
    [{ version: 1, headers: { Host: 's3cret' } }, 'are not taken: headers["Host"] must not be set'],
    [{ version: 1, unheardOf: 's3cret' }, 'are not taken: unheardOf is not an option'],
  ])('are damaged when the checks of registerEndpoint refuse them: %o', (value, message) => {
    const failure = failureOf(value)
    expect(failure.reason).toBe('damaged')
    expect(failure.message).toContain(message)
    expect(failure.message).not.toContain('s3cret')
    expect(failure.cause).toBe(undefined)
  })
})
