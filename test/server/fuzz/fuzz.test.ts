import { expect, test } from 'vitest'
import { fuzz } from './fuzz.ts'
import { isNeverReached } from './never-reached.ts'

test('answers every call as the document says, and never with an internal error', { timeout: 120_000 }, async () => {
  const { answers, errors, steps, promised } = await fuzz({ runs: 30, seed: 1 })
  // A fuzzing whose calls are all refused shows nothing. That all that is promised is seen, the long one holds.
  const good = promised.filter((name) => / 20\d$/.test(name))
  expect(good.filter((name) => !answers.has(name))).toEqual([])
  expect(answers.has('submitEvents 207')).toBe(true)
  const codes = [
    '404 EVENT_NOT_FOUND',
    '409 ENDPOINT_DISABLED',
    '413 BODY_TOO_LARGE',
    '413 PAYLOAD_TOO_LARGE',
    '429 CAPACITY_REACHED',
    '429 TOO_MANY_FAILURES',
    '503 SERVICE_CLOSED',
  ]
  expect(codes.filter((code) => !errors.has(code))).toEqual([])
  expect(steps).toBeGreaterThan(10)
  // What is excused may not come about: the excuse would hide that it is looked at.
  expect([...answers.keys()].filter(isNeverReached)).toEqual([])
})
