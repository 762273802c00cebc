import { describe, expect, test } from 'vitest'
import { InvalidOptionError } from '../../src/errors/errors.ts'
import { defaultRetryPolicy, resolveRetryPolicy } from '../../src/retry/retry-policy.ts'

const resolve = (value: unknown) => resolveRetryPolicy(value, 'retry', defaultRetryPolicy)

describe('a retry policy', () => {
  test('is the documented one when nothing is given', () => {
    expect(resolve(undefined)).toEqual({
      maxAttempts: 5,
      initialDelayMs: 1000,
      multiplier: 2,
      maxDelayMs: 300_000,
      jitter: 0.25,
      retryableStatuses: [],
    })
  })

  test('keeps of its base what is not given', () => {
    const base = resolve({ maxAttempts: 9, retryableStatuses: [429] })
    expect(resolveRetryPolicy({ jitter: 0 }, 'retry', base)).toEqual({ ...base, jitter: 0 })
  })

  test('replaces the statuses of its base whole', () => {
    const base = resolve({ retryableStatuses: [408, 429] })
    expect(resolveRetryPolicy({ retryableStatuses: [425] }, 'retry', base).retryableStatuses).toEqual([425])
  })

  test('cannot be changed by its owner afterwards', () => {
    const statuses = [429]
    const policy = resolve({ retryableStatuses: statuses })
    statuses.push(404)
    expect(policy.retryableStatuses).toEqual([429])
    expect(Object.isFrozen(policy)).toBe(true)
  })

  test.each([
    [{ maxAttempts: 0 }, 'retry.maxAttempts', 'a whole number from 1 to 1000, got 0 (number)'],
    [{ maxAttempts: 1001 }, 'retry.maxAttempts', 'a whole number from 1 to 1000'],
    [{ maxAttempts: '5' }, 'retry.maxAttempts', 'got "5" (string)'],
    [{ initialDelayMs: -1 }, 'retry.initialDelayMs', 'a whole number from 0 to 86400000'],
    [{ initialDelayMs: 86_400_001, maxDelayMs: 90_000_000 }, 'retry.initialDelayMs', 'from 0 to 86400000'],
    [{ multiplier: 0.99 }, 'retry.multiplier', 'a number from 1 to 100'],
    [{ multiplier: 101 }, 'retry.multiplier', 'a number from 1 to 100'],
    [{ maxDelayMs: -1 }, 'retry.maxDelayMs', 'from 0 to 2592000000'],
    [{ maxDelayMs: 2_592_000_001 }, 'retry.maxDelayMs', 'from 0 to 2592000000'],
    [{ jitter: -0.1 }, 'retry.jitter', 'a number from 0 to 1'],
    [{ jitter: 1.1 }, 'retry.jitter', 'a number from 0 to 1'],
    [{ retryableStatuses: 429 }, 'retry.retryableStatuses', 'an array'],
    [{ retryableStatuses: [399] }, 'retry.retryableStatuses[0]', 'from 400 to 499'],
    [{ retryableStatuses: [429, 500] }, 'retry.retryableStatuses[1]', 'from 400 to 499'],
    [{ retryableStatuses: [410] }, 'retry.retryableStatuses[0]', 'must not be 410'],
    [{ maxAttempt: 3 }, 'retry.maxAttempt', 'is not an option; valid are maxAttempts, initialDelayMs, multiplier'],
    [null, 'retry', 'must be a plain object, got null'],
  ])('refuses %j', (value, option, message) => {
    expect(() => resolve(value)).toThrow(InvalidOptionError)
    expect(() => resolve(value)).toThrow(expect.objectContaining({ option, message: expect.stringContaining(message) }))
  })

  test('cuts the initial delay to a maximum given alone', () => {
    expect(resolve({ maxDelayMs: 100 })).toMatchObject({ initialDelayMs: 100, maxDelayMs: 100 })
  })

  test('cuts an initial delay given alone to the maximum it inherits', () => {
    expect(resolve({ initialDelayMs: 600_000 })).toMatchObject({ initialDelayMs: 300_000, maxDelayMs: 300_000 })
  })

  test('refuses an initial delay above the maximum when both are given', () => {
    expect(() => resolve({ initialDelayMs: 200, maxDelayMs: 100 })).toThrow(
      'retry.initialDelayMs must be at most maxDelayMs (100), got 200 (number)',
    )
  })
})
