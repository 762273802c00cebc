import { describe, expect, test } from 'vitest'
import { InvalidOptionError } from '../../src/errors/errors.ts'
import { policyFor, resolveRetryPolicies } from '../../src/retry/retry-policies.ts'
import { defaultRetryPolicy, resolveRetryPolicy } from '../../src/retry/retry-policy.ts'

const base = resolveRetryPolicy({ maxAttempts: 7 }, 'retry', defaultRetryPolicy)
const resolve = (value: unknown) => resolveRetryPolicies(value, 'retryPolicies', base)

describe('the policy of an event', () => {
  const rules = resolve([
    { eventTypes: ['payment.*', 'refund'], retry: { maxAttempts: 1 } },
    { eventTypes: ['payment.captured', '*'], retry: { maxAttempts: 2, jitter: 0 } },
  ])

  test.each([
    ['payment.captured', 1],
    ['refund', 1],
    ['refund.made', 2],
    ['payment', 2],
  ])('is that of the first rule that matches: %s', (eventType, maxAttempts) => {
    expect(policyFor(eventType, null, rules, base).maxAttempts).toBe(maxAttempts)
  })

  test("is its endpoint's own before any rule", () => {
    expect(policyFor('refund', defaultRetryPolicy, rules, base)).toBe(defaultRetryPolicy)
  })

  test("is the service's when no rule matches", () => {
    expect(policyFor('order', null, rules.slice(0, 1), base)).toBe(base)
    expect(policyFor('order', null, resolve(undefined), base)).toBe(base)
  })

  test("takes from the service's what its rule leaves out", () => {
    expect(policyFor('order', null, rules, base)).toEqual({ ...base, maxAttempts: 2, jitter: 0 })
    expect(policyFor('x', null, resolve([{ eventTypes: ['x'], retry: { jitter: 0 } }]), base).maxAttempts).toBe(7)
  })
})

test.each([
  [{}, 'retryPolicies'],
  [[null], 'retryPolicies[0]'],
  [[{ retry: {} }], 'retryPolicies[0].eventTypes'],
  [[{ eventTypes: [], retry: {} }], 'retryPolicies[0].eventTypes'],
  [[{ eventTypes: ['pay*'], retry: {} }], 'retryPolicies[0].eventTypes[0]'],
  [[{ eventTypes: ['a'] }], 'retryPolicies[0].retry'],
  [[{ eventTypes: ['a'], retry: { jitter: 2 } }], 'retryPolicies[0].retry.jitter'],
  [[{ eventTypes: ['a'], retry: {}, extra: 1 }], 'retryPolicies[0].extra'],
  [Array(101).fill({ eventTypes: ['a'], retry: {} }), 'retryPolicies'],
])('refuses the rules %j', (value, option) => {
  expect(() => resolve(value)).toThrow(InvalidOptionError)
  expect(() => resolve(value)).toThrow(expect.objectContaining({ option }))
})
