import { afterEach, beforeEach, expect, it } from 'vitest'
import { sendWebhook } from '../testing/send-webhook.ts'
import { runScript, type RunningScript } from './run-script.ts'

const secret = 'a secret that only the shop and you know'
let receiver: RunningScript
let url: string

beforeEach(async () => {
  receiver = await runScript('examples/receiver.ts', '0')
  const port = /port: (\d+)/.exec(await receiver.line(/listening/))?.[1]
  url = `http://127.0.0.1:${port}/webhooks`
})

afterEach(async () => {
  receiver.process.kill()
  await receiver.ended
})

/** What it printed of the events it handled. */
async function handled(): Promise<string[]> {
  receiver.process.kill()
  const { stdout, stderr } = await receiver.ended
  expect(stderr).toBe('')
  return stdout.trimEnd().split('\n').slice(1)
}

it('takes what the quick start sends', async () => {
  const { stdout } = await (await runScript('examples/quick-start.ts', url)).ended
  expect(stdout).toContain("status: 'delivered'")
  expect(await handled()).toEqual([
    '1 payment.succeeded {"id":"pay_1","amount":4990,"currency":"EUR"}',
    '2 refund.created {"id":"re_1","payment":"pay_1","amount":990}',
  ])
})

it('refuses what another secret signed', async () => {
  expect((await sendWebhook(url, { secret: 'another secret' })).status).toBe(401)
  expect(await handled()).toEqual([])
})

it('handles an event once, however often it comes', async () => {
  expect((await sendWebhook(url, { secret, attempt: 1 })).status).toBe(204)
  expect((await sendWebhook(url, { secret, attempt: 2 })).status).toBe(204)
  expect(await handled()).toEqual(['1 payment.settled {"n":1}'])
})
