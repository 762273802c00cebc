import { createHmac } from 'node:crypto'
import { describe, expect, it } from 'vitest'
import { exportJsonl, importJsonl, rawJson, replay } from '../../src/index.ts'
import { PayloadTooLargeError } from '../../src/errors/errors.ts'
import { openHome, freshPath } from '../support/sqlite-files.ts'
import { settled } from './await-events.ts'
import { secret, startReceiver, startService } from './start.ts'

const text = '{ "amount": 9007199254740993,\n\t"a": 1.0, "a": 1e2, "name": "Zo\\u00eb é 😀" } '

describe('a payload of rawJson', () => {
  it('reaches the receiver byte for byte, signed as it is', async () => {
    const receiver = await startReceiver()
    const service = startService()
    const endpoint = service.registerEndpoint(receiver.url, secret)
    const [submitted] = [service.submitEvent(endpoint, 'a', rawJson(text))]
    const published = service.publishEvent('a', rawJson(text))
    const batch = service.submitEvents([{ endpointId: endpoint, eventType: 'a', payload: rawJson(text) }])
    await settled(service, submitted, ...published, ...batch)
    expect(receiver.requests.map(({ body }) => body)).toEqual([text, text, text])
    const signature = createHmac('sha256', secret).update(text).digest('hex')
    expect(receiver.requests.map(({ headers }) => headers['x-signature'])).toEqual([signature, signature, signature])
  })

  it('stands in the envelope as it is', async () => {
    const receiver = await startReceiver()
    const service = startService()
    const endpoint = service.registerEndpoint(receiver.url, secret, { body: 'envelope' })
    const id = service.submitEvent(endpoint, 'a.b', rawJson(text))
    await settled(service, id)
    expect(receiver.requests[0]?.body).toMatch(/^\{"id":"evt_.*","event":"a\.b","timestamp":".*","data":\{ "amount"/)
    expect(receiver.requests[0]?.body.endsWith(`"data":${text}}`)).toBe(true)
    expect(service.getEvent(id).payload).toEqual(JSON.parse(text))
  })

  it('is the same bytes after a restart, and in a replay', async () => {
    const path = freshPath()
    const receiver = await startReceiver()
    const options = { id: 'ep_shop' } as const
    const before = startService({ log: openHome(path) })
    before.registerEndpoint(receiver.url, secret, options)
    before.pauseEndpoint('ep_shop')
    const id = before.submitEvent('ep_shop', 'a', rawJson(text), { idempotencyKey: 'k' })
    await before.flush()
    await before.shutdown({ timeoutMs: 0 })
    const after = startService({ log: openHome(path) })
    expect(after.submitEvent('ep_shop', 'a', rawJson(text), { idempotencyKey: 'k' })).toBe(id)
    after.resumeEndpoint('ep_shop')
    await settled(after, id)
    expect(receiver.requests.map(({ body }) => body)).toEqual([text])
    expect(replay(importJsonl(exportJsonl(after.log))).events.get(id)?.status).toBe('delivered')
  })

  it('counts by its bytes', () => {
    const service = startService({ limits: { payloadBytes: 8 } })
    const endpoint = service.registerEndpoint('https://merchant.example', secret)
    service.pauseEndpoint(endpoint)
    expect(service.submitEvent(endpoint, 'a', rawJson('   "éé" '.trim()))).toMatch(/^evt_/)
    expect(() => service.submitEvent(endpoint, 'a', rawJson('   "é"  '))).toThrow(PayloadTooLargeError)
    expect(service.stats().pendingBytes).toBe(6)
  })
})
