import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { retryDelayMs } from '../../src/retry/retry-delay.ts'
import { defaultRetryPolicy } from '../../src/retry/retry-policy.ts'
import type { RetryPolicy } from '../../src/retry/retry-policy.ts'

const steady = { ...defaultRetryPolicy, jitter: 0 }
const middle = () => 0.5

const anyPolicy: fc.Arbitrary<RetryPolicy> = fc
  .record({
    initialDelayMs: fc.integer({ min: 0, max: 86_400_000 }),
    multiplier: fc.double({ min: 1, max: 100, noNaN: true }),
    maxDelayMs: fc.integer({ min: 0, max: 2_592_000_000 }),
    jitter: fc.double({ min: 0, max: 1, noNaN: true }),
  })
  .map((fields) => ({ ...defaultRetryPolicy, ...fields }))
const anyAttempt = fc.integer({ min: 1, max: 1000 })
const anyChance = fc.double({ min: 0, max: 1, maxExcluded: true, noNaN: true })

describe('the delay before the next attempt', () => {
  test('doubles from one second up to five minutes by default', () => {
    const delays = [1, 2, 3, 4, 5, 6, 7, 8, 9, 10].map((attempt) => retryDelayMs(steady, attempt, middle))
    expect(delays).toEqual([1000, 2000, 4000, 8000, 16_000, 32_000, 64_000, 128_000, 256_000, 300_000])
  })

  test('is spread evenly from 1 - jitter to 1 + jitter', () => {
    const delays = [0, 0.25, 0.5, 0.75, 1 - Number.EPSILON].map((chance) =>
      retryDelayMs(defaultRetryPolicy, 1, () => chance),
    )
    expect(delays).toEqual([750, 875, 1000, 1125, 1250])
  })

  test('draws no chance without jitter', () => {
    const never = (): number => {
      throw new Error('drawn')
    }
    expect(retryDelayMs(steady, 1, never)).toBe(1000)
  })

  test('is not lengthened by jitter beyond the maximum', () => {
    const capped = { ...defaultRetryPolicy, maxDelayMs: 1000 }
    expect(retryDelayMs(capped, 7, () => 0.99)).toBe(1000)
    expect(retryDelayMs(capped, 7, () => 0)).toBe(750)
  })

  test('is nothing when the initial delay is nothing, however late the attempt', () => {
    expect(retryDelayMs({ ...defaultRetryPolicy, initialDelayMs: 0, multiplier: 100 }, 1000, middle)).toBe(0)
  })

  test('is whole, and within jitter of the formula and the maximum, for any policy', () => {
    fc.assert(
      fc.property(anyPolicy, anyAttempt, anyChance, (policy, attempt, chance) => {
        const delayMs = retryDelayMs(policy, attempt, () => chance)
        const nominalMs = Math.min(
          policy.initialDelayMs === 0 ? 0 : policy.initialDelayMs * policy.multiplier ** (attempt - 1),
          policy.maxDelayMs,
        )
        expect(Number.isSafeInteger(delayMs)).toBe(true)
        expect(delayMs).toBeGreaterThanOrEqual(Math.floor(nominalMs * (1 - policy.jitter)))
        expect(delayMs).toBeLessThanOrEqual(Math.min(Math.ceil(nominalMs * (1 + policy.jitter)), policy.maxDelayMs))
      }),
    )
  })

  test('never shrinks from attempt to attempt without jitter', () => {
    fc.assert(
      fc.property(anyPolicy, fc.integer({ min: 1, max: 999 }), (policy, attempt) => {
        const plain = { ...policy, jitter: 0 }
        expect(retryDelayMs(plain, attempt + 1, middle)).toBeGreaterThanOrEqual(retryDelayMs(plain, attempt, middle))
      }),
    )
  })
})
