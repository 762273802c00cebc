import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { applyRetryAfter, retryAfterMs } from '../../src/retry/retry-after.ts'

const now = Date.UTC(2026, 0, 2, 3, 4, 5, 500)

describe('Retry-After', () => {
  test.each([
    ['0', 0],
    ['120', 120_000],
    [' 5 ', 5000],
    ['Fri, 02 Jan 2026 03:04:15 GMT', 9500],
    ['Fri, 31 Dec 9999 23:59:59 GMT', Date.UTC(9999, 11, 31, 23, 59, 59) - now],
    ['Friday, 02-Jan-26 03:04:15 GMT', 9500],
    ['Fri Jan  2 03:04:15 2026', 9500],
    ['99999999999', 99_999_999_999_000],
    ['9'.repeat(400), Number.MAX_SAFE_INTEGER],
  ])('is read: %s', (header, ms) => {
    expect(retryAfterMs(header, now)).toBe(ms)
  })

  test.each([
    null,
    '',
    '-1',
    '+1',
    '1.5',
    '1e9',
    '0x10',
    'abc',
    'later 1',
    '5, 10',
    '120 seconds',
    '2026-01-02T03:05:00Z',
    'Fri, 02 Jan 2026 03:04:05 GMT',
    'Thu, 01 Jan 1970 00:00:00 GMT',
    'Fri, 99 Jan 2026 03:04:15 GMT',
    'Fri, 02 Jan 2027 03:04:15 PST',
    '٣',
  ])('is ignored when it is absent, unreadable or past: %s', (header) => {
    expect(retryAfterMs(header, now)).toBeNull()
  })

  test('is read in a moment however long it is', () => {
    expect(retryAfterMs(`${'1'.repeat(1_000_000)}x`, now)).toBeNull()
  })

  test.each([
    ['moves a retry later', '10', 10_000],
    ['never moves it earlier', '1', 4000],
    ['moves it at most to the maximum', '1000', 60_000],
    ['leaves it alone when unreadable', 'soon', 4000],
  ])('%s', (_rule, header, ms) => {
    expect(applyRetryAfter(4000, header, now, 60_000)).toBe(ms)
  })

  test('keeps every delay between what the policy drew and the maximum', () => {
    const header = fc.oneof(
      fc.string(),
      fc.nat().map(String),
      fc.bigInt({ min: 0n }).map(String),
      fc.date({ noInvalidDate: true }).map((date) => date.toUTCString()),
    )
    fc.assert(
      fc.property(header, fc.nat(), fc.nat(), (text, a, b) => {
        const [delayMs, maxDelayMs] = [Math.min(a, b), Math.max(a, b)]
        const movedMs = applyRetryAfter(delayMs, text, now, maxDelayMs)
        expect(movedMs).toBeGreaterThanOrEqual(delayMs)
        expect(movedMs).toBeLessThanOrEqual(maxDelayMs)
      }),
    )
  })
})
