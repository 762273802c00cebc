import { afterEach, expect, it } from 'vitest'
import { createReceiver, type Receiver } from '../../src/testing/index.ts'
import { sendWebhook } from '../testing/send-webhook.ts'
import { runScript, type RunningScript } from './run-script.ts'

const secret = 'a secret that only the shop and you know'
const started: RunningScript[] = []
let shop: Receiver | null = null

function start(file: string, ...args: string[]): RunningScript {
  const script = runScript(file, ...args)
  started.push(script)
  return script
}

afterEach(async () => {
  for (const script of started.splice(0)) {
    script.process.kill()
    await script.ended
  }
  await shop?.close()
  shop = null
})

it('delivers both events in order to a shop that fails at first, and ends by itself', async () => {
  shop = await createReceiver({ secret })
  shop.respond(503)
  const { code, stdout, stderr } = await start('examples/quick-start.ts', shop.url).ended
  expect({ code, stderr }).toEqual({ code: 0, stderr: '' })
  expect(stdout).toMatch(/^behind event evt_\S+, which is pending after 0 attempts$/m)
  expect(stdout).toMatch(/^evt_\S+ attempt 1: HTTP 503; again at \d{4}-/m)
  expect(stdout).toContain("status: 'delivered'")
  expect(stdout).toContain('attempts: 2')
  expect(shop.requests.map(({ eventType, respondedWith }) => [eventType, respondedWith])).toEqual([
    ['payment.succeeded', 503],
    ['payment.succeeded', 200],
    ['refund.created', 200],
  ])
  expect(shop.signatureFailures).toBe(0)
})

it('delivers to the example receiver, which refuses what is not signed and handles each event once', async () => {
  const receiver = start('examples/receiver.ts', '0')
  const port = /port: (\d+)/.exec(await receiver.line(/listening/))?.[1]
  const url = `http://127.0.0.1:${port}/webhooks`
  const { stdout } = await start('examples/quick-start.ts', url).ended
  expect(stdout).toContain("status: 'delivered'")
  const dispute = { eventId: 'evt_3', sequence: 3, body: '{"id":"dp_1"}' }
  expect((await sendWebhook(url, { ...dispute, secret: 'another secret' })).status).toBe(401)
  expect((await sendWebhook(url, { ...dispute, secret })).status).toBe(204)
  expect((await sendWebhook(url, { ...dispute, secret, attempt: 2 })).status).toBe(204)
  receiver.process.kill()
  const lines = (await receiver.ended).stdout.split('\n')
  expect(lines.slice(1)).toEqual([
    '1 payment.succeeded {"id":"pay_1","amount":4990,"currency":"EUR"}',
    '2 refund.created {"id":"re_1","payment":"pay_1","amount":990}',
    '3 payment.settled {"id":"dp_1"}',
    '',
  ])
})
