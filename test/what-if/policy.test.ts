import { describe, expect, test } from 'vitest'
import { InvalidOptionError } from '../../src/errors/errors.ts'
import { Policy } from '../../src/what-if/policy.ts'

const recorded = { endpointId: 'ep_1', ordering: 'fifo', halts: false } as const

test.each<[string, unknown, string]>([
  ['a list', [], 'options must be a plain object, got an array'],
  ['a misspelt option', { retries: {} }, 'retries is not an option; valid are retry, retryPolicies, rateLimit'],
  ['a value out of range', { retry: { maxAttempts: 0 } }, 'retry.maxAttempts must be a whole number from 1 to 1000'],
  ['a rule without event types', { retryPolicies: [{ retry: {} }] }, 'retryPolicies[0].eventTypes must be an array'],
  [
    'an option of endpoints that is no policy',
    { endpoint: { headers: {} } },
    'endpoint.headers is not an option; valid',
  ],
  ['a value out of range for all', { endpoint: { breaker: { failures: 0 } } }, 'endpoint.breaker.failures must be a'],
  ['the same for one', { endpoints: { ep_1: { rateLimit: { perSecond: -1 } } } }, 'endpoints.ep_1.rateLimit.perSecond'],
  ['something else than endpoints', { endpoints: 3 }, 'endpoints must be a plain object, got 3 (number)'],
])('refuses %s, and names it', (_, value, message) => {
  const make = () => new Policy(value)
  expect(make).toThrow(InvalidOptionError)
  expect(make).toThrow(message)
})

describe('the options of an endpoint', () => {
  test('are as recorded where the log tells, else the defaults', () => {
    const policy = new Policy({})
    expect(policy.endpointOptions(recorded)).toEqual({ ordering: 'fifo', whenExhausted: 'park' })
    expect(policy.endpointOptions({ ...recorded, ordering: 'key', halts: true })).toEqual({
      ordering: 'key',
      whenExhausted: 'halt',
    })
  })

  test('are those for all, and over them its own', () => {
    const policy = new Policy({
      endpoint: { rateLimit: { perSecond: 1 }, whenExhausted: 'park' },
      endpoints: { ep_1: { rateLimit: null } },
    })
    expect(policy.endpointOptions({ ...recorded, halts: true })).toMatchObject({
      rateLimit: null,
      whenExhausted: 'park',
    })
    expect(policy.endpointOptions({ ...recorded, endpointId: 'ep_2' })).toMatchObject({ rateLimit: { perSecond: 1 } })
  })

  test('leave one line its one request at a time', () => {
    const policy = new Policy({ endpoint: { concurrency: 8 } })
    expect(policy.endpointOptions(recorded)).not.toHaveProperty('concurrency')
    expect(policy.endpointOptions({ ...recorded, ordering: 'none' })).toHaveProperty('concurrency', 8)
  })
})

test('the retry policy of an event is its endpoint’s, else that of its type, else the service’s', () => {
  const policy = new Policy({
    retry: { initialDelayMs: 1 },
    retryPolicies: [{ eventTypes: ['order.*'], retry: { initialDelayMs: 2 } }],
    endpoints: { ep_2: { retry: { initialDelayMs: 3 } } },
  })
  expect(policy.retryFor(recorded, 'user.created').initialDelayMs).toBe(1)
  expect(policy.retryFor(recorded, 'order.paid').initialDelayMs).toBe(2)
  expect(policy.retryFor({ ...recorded, endpointId: 'ep_2' }, 'order.paid').initialDelayMs).toBe(3)
})

test('knows whether it disables endpoints itself', () => {
  const policy = new Policy({ endpoints: { ep_1: { autoDisable: { afterMs: 1000 } } } })
  expect(policy.autoDisables(recorded)).toBe(true)
  expect(policy.autoDisables({ ...recorded, endpointId: 'ep_2' })).toBe(false)
})
