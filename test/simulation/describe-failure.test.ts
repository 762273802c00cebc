import { expect, test } from 'vitest'
import { simulate } from '../../src/testing/index.ts'
import { describeFailure } from './describe-failure.ts'

test('a failure tells its seed, the promise, and the records that lead to it', async () => {
  const report = await simulate({ seed: 5, faults: 'none', service: {}, endpoints: [{}], events: 3, operations: false })
  const record = report.log.find(({ event }) => event.type === 'attempt.started')!
  const { eventId, seq } = record
  const violation = { rule: 'a promise', message: 'was broken', eventId, seq }
  const text = describeFailure({ ...report, ok: false, violations: [violation] })
  expect(text).toContain('seed 5 broke 1 promises')
  expect(text).toContain('  a promise: was broken')
  const shown = text.split('\n').filter((line) => line.startsWith('  {"seq"'))
  expect(shown.map((line) => (JSON.parse(line) as typeof record).event.type)).toEqual([
    'event.submitted',
    record.event.type,
  ])
  expect(text).toContain('npm run simulate -- --from 5 --seeds 1')
})
