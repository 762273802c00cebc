import { afterEach, expect, it } from 'vitest'
import { createReceiver, type Receiver } from '../../src/testing/index.ts'
import { runScript } from './run-script.ts'

let shop: Receiver | null = null

afterEach(async () => {
  await shop?.close()
  shop = null
})

it('delivers both events in order to a shop that fails at first, and ends by itself', async () => {
  shop = await createReceiver({ secret: 'a secret that only the shop and you know' })
  shop.respond(503)
  const { code, stdout, stderr } = await (await runScript('examples/quick-start.ts', shop.url)).ended
  expect({ code, stderr }).toEqual({ code: 0, stderr: '' })
  expect(stdout).toMatch(/^behind event evt_\S+, which is pending after 0 attempts$/m)
  expect(stdout).toMatch(/^evt_\S+ attempt 1: HTTP 503; again: \d{4}-/m)
  expect(stdout).toContain("status: 'delivered'")
  expect(stdout).toContain('attempts: 2')
  expect(shop.requests.map(({ eventType, respondedWith }) => [eventType, respondedWith])).toEqual([
    ['payment.succeeded', 503],
    ['payment.succeeded', 200],
    ['refund.created', 200],
  ])
  expect(shop.signatureFailures).toBe(0)
})
