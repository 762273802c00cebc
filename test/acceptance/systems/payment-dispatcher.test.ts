// System C: a payment dispatcher with a database as the source of truth. Each test is a row of docs/coming-from-another-system.md.
import { describe, expect, onTestFinished, test } from 'vitest'
import { parse } from 'yaml'
import { createWebhookService } from '../../../src/index.ts'
import { sqliteLog } from '../../../src/sqlite/index.ts'
import { createReceiver } from '../../../src/testing/index.ts'
import { runHookline, startHookline } from '../../cli/run-program.ts'
import { startService, type RunningService } from '../../cli/serve/running-service.ts'
import { deployFile } from '../../deploy/deploy-file.ts'
import { askApi } from './ask-api.ts'
import { configured, delaysOf, freshFolder, secret, startSystem } from './start-system.ts'

const limitMs = 30_000
const payment = { merchantId: 'm_7', amount: 4990, currency: 'EUR', transactionId: 'tx_1' }

/** `hookline serve` for one test, killed when that is over. */
async function serve(folder: string, args: readonly string[] = []): Promise<RunningService> {
  const service = await startService(folder, args)
  onTestFinished(async () => {
    service.process.kill('SIGKILL')
    await service.ended
  })
  return service
}

/** `hookline receive` for one test. */
async function receive(args: readonly string[]): Promise<string> {
  const child = startHookline(['receive', '--port', '0', '--secret', secret, ...args])
  onTestFinished(() => void child.kill('SIGKILL'))
  let noted = ''
  return new Promise((resolve, reject) => {
    child.stderr.setEncoding('utf8').on('data', (text: string) => {
      noted += text
      const [url] = /http:\S+(?=,)/.exec(noted) ?? []
      if (url !== undefined) resolve(url)
    })
    child.on('close', () => reject(new Error(`hookline receive ended:\n${noted}`)))
  })
}

describe('what the dispatcher offers', { timeout: limitMs }, () => {
  test('C1 a payment is submitted over HTTP and reaches its merchant as it is', async () => {
    const { ask, webhook, rest, receiver } = await startSystem()
    const endpointId = await webhook()
    const event = { eventType: 'payment.created', payload: payment, endpointId }
    const answer = await ask('POST', '/api/v1/events', event)
    expect(answer).toMatchObject({ status: 202, body: { events: [{ endpointId, eventId: /^evt_/ }] } })
    await rest()
    expect(receiver.requests).toMatchObject([{ eventType: 'payment.created', signatureValid: true }])
    expect(receiver.requests[0]!.json()).toEqual(payment)
  })

  test('C2 GET /health tells of the API and of the store', async () => {
    const service = await serve(freshFolder())
    expect(await service.ask('GET', '/health')).toMatchObject({
      status: 200,
      body: { status: 'ready', live: true, ready: true, store: { durable: true, condition: 'writable' } },
    })
  })

  test('C3 the status of one event is asked for by its id', async () => {
    const { ask, webhook, submit, rest, receiver } = await startSystem()
    receiver.respond(500)
    await webhook()
    const [id] = await submit('payment.created', payment)
    await rest()
    const { status, body } = await ask('GET', `/api/v1/deliveries/${id}`)
    expect({ status, body }).toMatchObject({
      status: 200,
      body: { id, status: 'delivered', lastError: 'HTTP 500', payload: payment },
    })
    expect(body['attempts']).toMatchObject([
      { attempt: 1, outcome: 'failed', status: 500 },
      { attempt: 2, outcome: 'succeeded', status: 200 },
    ])
  })

  test('C4 totals tell how many are delivered, pending and failed', async () => {
    const { ask, webhook, submit, rest, receiver } = await startSystem({ service: { retry: { maxAttempts: 1 } } })
    receiver.respondTo({ path: '/rejects' }, 400)
    receiver.respondTo({ path: '/breaks' }, 500)
    await webhook({}, '/accepts')
    await webhook({}, '/rejects')
    await webhook({}, '/breaks')
    const paused = await webhook({}, '/paused')
    await ask('POST', `/api/v1/webhooks/${paused}/pause`)
    await submit('payment.created')
    await rest()
    const { body } = await ask('GET', '/api/v1/stats')
    expect(body.events).toEqual({ pending: 1, delivering: 0, backoff: 0, delivered: 1, failed: 1, deadLettered: 1 })
  })

  test('C5 the mock receiver counts what it got at GET /stats', async () => {
    const url = await receive([])
    await fetch(url, { method: 'POST', body: '{}' })
    const stats: unknown = await (await fetch(`${url}/stats`)).json()
    expect(stats).toMatchObject({ received: 1, verified: 0, signatureFailures: 1, answered: { 401: 1 } })
  })

  test('C6 an event is on the disk before it is acknowledged, and survives a crash', async () => {
    const folder = freshFolder()
    const first = await serve(folder)
    const receiver = await createReceiver({ secret })
    onTestFinished(() => receiver.close())
    const ask = askApi(first.url)
    const { body: webhook } = await ask('POST', '/api/v1/webhooks', { url: receiver.url, secret })
    await ask('POST', `/api/v1/webhooks/${webhook.id}/pause`)
    const { status, body } = await ask('POST', '/api/v1/events', { eventType: 'payment.created', payload: payment })
    expect(status).toBe(202)
    first.process.kill('SIGKILL')
    await first.ended
    const second = await serve(folder)
    const id = body.events[0]!.eventId
    expect((await second.ask('GET', `/api/v1/deliveries/${id}`)).body).toMatchObject({ status: 'pending', payload: payment })
    await second.ask('POST', `/api/v1/webhooks/${webhook.id}/resume`)
    expect(await receiver.waitFor(1)).toMatchObject([{ eventId: id, signatureValid: true }])
  })

  test('C7 what was stored and never sent is taken up again at the start', async () => {
    const path = `${freshFolder()}/hookline.db`
    const receiver = await createReceiver({ secret })
    onTestFinished(() => receiver.close())
    const before = createWebhookService({ log: sqliteLog(path) })
    const endpoint = before.registerEndpoint(receiver.url, secret)
    before.pauseEndpoint(endpoint)
    const events = [1, 2, 3].map((id) => before.submitEvent(endpoint, 'payment.created', { id }))
    await before.flush()
    await before.shutdown()
    expect(receiver.received).toBe(0)
    const after = createWebhookService({ log: sqliteLog(path) })
    onTestFinished(async () => void (await after.shutdown()))
    after.resumeEndpoint(endpoint)
    await after.drain()
    expect(receiver.requests.map(({ eventId }) => eventId)).toEqual(events)
  })

  test('C8 delays are 2, 4, 8 … seconds, and attempts eight', async () => {
    const service = configured('retry: { maxAttempts: 8, initialDelayMs: 2000, multiplier: 2, jitter: 0 }')
    const system = await startSystem({ service, receiver: { default: 503 } })
    await system.webhook()
    const [id = ''] = await system.submit('payment.created')
    await system.rest()
    expect(delaysOf(system.service, id)).toEqual([2, 4, 8, 16, 32, 64, 128].map((seconds) => seconds * 1000))
    expect(system.service.getEventStatus(id)).toMatchObject({ status: 'deadLettered', attempts: 8 })
  })
})
