import { expect, it, test } from 'vitest'
import type { DemoResult } from '../../../examples/demo/start-demo.ts'
import { verdictOn } from '../../../examples/demo/verdict.ts'

const merchant = {
  received: 9,
  accepted: 5,
  failed: 3,
  hung: 1,
  duplicates: 1,
  signatureFailures: 0,
  orderViolations: 0,
  maxInFlight: 1,
}
const good: DemoResult = {
  submitted: 4,
  delivered: 4,
  retries: 5,
  deadLetters: 0,
  merchant,
  records: 22,
  replayProblem: null,
  elapsedMs: 1,
}

function broken(result: DemoResult): string[] {
  return verdictOn(result).flatMap(({ what, kept }) => (kept ? [] : [what]))
}

it('finds nothing broken when all was delivered, an event taken twice included', () => {
  expect(broken(good)).toEqual([])
})

test.each<[string, Partial<DemoResult>]>([
  ['events delivered', { delivered: 3 }],
  ['events the shops have', { merchant: { ...merchant, duplicates: 2 } }],
  ['dead letters', { deadLetters: 1 }],
  ['order violations', { merchant: { ...merchant, orderViolations: 1 } }],
  ['signature failures', { merchant: { ...merchant, signatureFailures: 1 } }],
  ['state rebuilt from the log', { replayProblem: 'record 3 does not follow' }],
])('finds broken: %s', (what, change) => {
  expect(broken({ ...good, ...change })).toEqual([what])
})
