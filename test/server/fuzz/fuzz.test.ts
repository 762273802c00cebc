import { expect, test } from 'vitest'
import { fuzz } from './fuzz.ts'

test('answers every call as the document says, and never with an internal error', { timeout: 60_000 }, async () => {
  const { answers } = await fuzz({ runs: 12, seed: 1 })
  // A fuzzing whose calls are all refused shows nothing.
  for (const name of [
    'createWebhook 201',
    'submitEvents 202',
    'getDelivery 200',
    'listDeliveries 200',
    'putTenant 200',
  ]) {
    expect([name, answers.has(name)]).toEqual([name, true])
  }
})
