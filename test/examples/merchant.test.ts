import { afterEach, expect, it } from 'vitest'
import { startMerchant, type Merchant, type MerchantOptions } from '../../examples/merchant.ts'
import { InvalidOptionError } from '../../src/errors/errors.ts'
import { eventLoopTurns } from '../../src/testing/event-loop-turns.ts'
import { sendWebhook } from '../testing/send-webhook.ts'

const secrets = { '/a': 'secret of a', '/b': 'secret of b' }
const fails = 0.39
const hangs = 0.4
const accepts = 0.7
let merchant: Merchant | null = null

async function start(fates: number[], options?: Partial<MerchantOptions>): Promise<Merchant> {
  merchant = await startMerchant({ secrets, random: () => fates.shift() ?? accepts, ...options })
  return merchant
}

afterEach(async () => {
  await merchant?.close()
  merchant = null
})

it('fails, hangs and accepts as chance decides, and keeps count for each path', async () => {
  const bad = await start([fails, hangs, 0.69, accepts], { hangMs: 1 })
  const url = `${bad.origin}/a`
  expect((await sendWebhook(url, { secret: secrets['/a'] })).status).toBe(500)
  await expect(sendWebhook(url, { secret: secrets['/a'] })).rejects.toThrow('fetch failed')
  await expect(sendWebhook(url, { secret: secrets['/a'] })).rejects.toThrow('fetch failed')
  expect((await sendWebhook(url, { secret: secrets['/a'] })).status).toBe(200)
  const none = { duplicates: 0, signatureFailures: 0, orderViolations: 0 }
  expect(bad.stats()).toEqual({
    '/a': { received: 4, accepted: 1, failed: 1, hung: 2, maxInFlight: 1, ...none },
    '/b': { received: 0, accepted: 0, failed: 0, hung: 0, maxInFlight: 0, ...none },
  })
})

it('holds a hung request until the client gives up', async () => {
  const bad = await start([hangs])
  const client = new AbortController()
  const sent = sendWebhook(`${bad.origin}/a`, { secret: secrets['/a'], signal: client.signal })
  while (bad.stats()['/a']?.hung === 0) await eventLoopTurns(1)
  client.abort()
  await expect(sent).rejects.toThrow('aborted')
  expect(bad.stats()['/a']).toMatchObject({ received: 1, hung: 1, accepted: 0 })
})

it('refuses a wrong signature, and a path it does not know', async () => {
  const bad = await start([])
  expect((await sendWebhook(`${bad.origin}/a`, { secret: secrets['/b'] })).status).toBe(401)
  expect((await sendWebhook(`${bad.origin}/c`, { secret: secrets['/a'] })).status).toBe(404)
  expect(bad.stats()['/a']).toMatchObject({ received: 1, failed: 1, signatureFailures: 1 })
})

it('sees duplicates and broken order', async () => {
  const bad = await start([])
  const send = (eventId: string, sequence: number) =>
    sendWebhook(`${bad.origin}/b`, { secret: secrets['/b'], eventId, sequence })
  await send('evt_2', 2)
  await send('evt_1', 1)
  await send('evt_1', 1)
  expect(bad.stats()['/b']).toMatchObject({ accepted: 3, duplicates: 1, orderViolations: 1 })
})

it('refuses shares that are more than all', async () => {
  await expect(startMerchant({ secrets, random: () => 0, failRate: 0.8 })).rejects.toThrow(InvalidOptionError)
})
