import { expect, test } from 'vitest'
import { fuzz } from './fuzz.ts'

test('answers every call as the document says, and never with an internal error', { timeout: 60_000 }, async () => {
  const { answers } = await fuzz({ runs: 60, seed: 1 })
  console.log([...answers].sort())
  expect(answers.get('createWebhook 201')).toBeGreaterThan(10)
})
