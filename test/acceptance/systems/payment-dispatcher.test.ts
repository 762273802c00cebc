// System C: a payment dispatcher whose database is the source of truth. Each test holds the row of docs/coming-from-another-system.md
// with whose id its name begins.
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { createInterface } from 'node:readline'
import { fileURLToPath } from 'node:url'
import { describe, expect, onTestFinished, it } from 'vitest'
import { runProgram } from '../../../src/cli/program.ts'
import { createWebhookService } from '../../../src/index.ts'
import { sqliteLog } from '../../../src/sqlite/index.ts'
import { createReceiver, type ReceivedRequest, type Receiver } from '../../../src/testing/index.ts'
import { createTestTerminal } from '../../cli/test-terminal.ts'
import { sendWebhook } from '../../testing/send-webhook.ts'
import { startServe } from './start-program.ts'
import { attemptTimes, configured, delaysOf, freshFolder, secret, startSystem } from './start-system.ts'

/** As of the start of virtual clocks. */
const signed = { secret, timestamp: 1_735_689_600 }
const payment = { merchantId: 'm_7', amount: 4990, currency: 'EUR', transactionId: 'tx_1' }

async function startReceiver(): Promise<Receiver> {
  const receiver = await createReceiver({ secret })
  onTestFinished(() => receiver.close())
  return receiver
}

/** What was posted as an alert, once it is there. */
async function alertAt(receiver: Receiver): Promise<ReceivedRequest> {
  const alert = () => receiver.requests.find(({ path }) => path === '/alerts')
  await receiver.waitUntil(() => alert() !== undefined)
  return alert()!
}

/** `hookline receive` within this process, on a virtual clock. */
async function receiveHere(args: readonly string[]) {
  const terminal = createTestTerminal()
  const ended = runProgram(['receive', '--port', '0', '--quiet', '--secret', secret, ...args], terminal)
  onTestFinished(async () => {
    terminal.interrupt()
    await ended
  })
  await expect.poll(() => terminal.noted).toMatch(/receiving on http:/)
  const url = /http:\S+(?=,)/.exec(terminal.noted)![0]
  const stats = async () => (await (await fetch(`${url}/stats`)).json()) as { received: number; hung: number }
  return { url, terminal, stats }
}

describe('the API', { timeout: 60_000 }, () => {
  it('C1 a payment is submitted over HTTP and reaches its merchant', async () => {
    const { ask, webhook, rest, receiver } = await startSystem()
    const endpointId = await webhook()
    await webhook({}, '/another-merchant')
    const answer = await ask('POST', '/api/v1/events', { eventType: 'payment.created', payload: payment, endpointId })
    expect(answer.status).toBe(202)
    expect(answer.body.events).toEqual([{ endpointId, eventId: expect.stringMatching(/^evt_/) }])
    await rest()
    expect(receiver.requests).toMatchObject([{ path: '/hooks', eventType: 'payment.created', signatureValid: true }])
    expect(receiver.requests[0]!.json()).toEqual(payment)
  })

  it('C2 health tells of the API and of the store', async () => {
    const service = await startServe(freshFolder())
    expect(await service.ask('GET', '/health')).toMatchObject({
      status: 200,
      body: { status: 'ready', live: true, ready: true, store: { durable: true, condition: 'writable' } },
    })
  })

  it('C3 the status of one event is asked for by its id', async () => {
    const { ask, webhook, submit, rest, receiver } = await startSystem()
    receiver.respond(500)
    await webhook()
    const [id] = await submit('payment.created', payment)
    expect((await ask('GET', `/api/v1/deliveries/${id}`)).body).toMatchObject({ id, deliveredAt: null })
    await rest()
    const { body } = await ask('GET', `/api/v1/deliveries/${id}`)
    expect(body).toMatchObject({ id, status: 'delivered', lastError: 'HTTP 500', payload: payment })
    expect(body['attempts']).toMatchObject([{ status: 500 }, { status: 200 }])
  })

  it('C4 totals tell how many are delivered, pending and failed, and a list which', async () => {
    const { ask, webhook, submit, rest, receiver } = await startSystem({ service: { retry: { maxAttempts: 1 } } })
    receiver.respondTo('/rejects', 400)
    receiver.respondTo('/breaks', 500)
    const paths = ['/accepts', '/rejects', '/breaks', '/waits']
    const [, rejecting, , paused] = await Promise.all(paths.map((path) => webhook({}, path)))
    await ask('POST', `/api/v1/webhooks/${paused}/pause`)
    await submit('payment.created')
    await rest()
    const { body } = await ask('GET', '/api/v1/stats')
    expect(body.events).toEqual({ pending: 1, delivering: 0, backoff: 0, delivered: 1, failed: 1, deadLettered: 1 })
    const failed = await ask('GET', '/api/v1/deliveries?status=failed')
    expect(failed.body.data).toMatchObject([{ endpointId: rejecting, status: 'failed', lastError: 'HTTP 400' }])
  })
})

describe('the database', { timeout: 60_000 }, () => {
  it('C5 an event is on the disk when it is acknowledged, and survives a crash', async () => {
    const folder = freshFolder()
    const receiver = await startReceiver()
    const first = await startServe(folder)
    const { body: webhook } = await first.ask('POST', '/api/v1/webhooks', { url: receiver.url, secret })
    const { id: endpointId } = webhook as { id: string }
    await first.ask('POST', `/api/v1/webhooks/${endpointId}/pause`)
    const event = { eventType: 'payment.created', payload: payment }
    const { status, body } = await first.ask('POST', '/api/v1/events', event)
    expect(status).toBe(202)
    first.process.kill('SIGKILL')
    await first.ended

    const second = await startServe(folder)
    const [{ eventId }] = (body as { events: [{ eventId: string }] }).events
    const delivery = await second.ask('GET', `/api/v1/deliveries/${eventId}`)
    expect(delivery.body).toMatchObject({ status: 'pending', payload: payment })
    await second.ask('POST', `/api/v1/webhooks/${endpointId}/resume`)
    expect(await receiver.waitFor(1)).toMatchObject([{ eventId, signatureValid: true }])
  })

  it('C6 what was stored and never sent is delivered after the next start', async () => {
    const path = `${freshFolder()}/hookline.db`
    const receiver = await startReceiver()
    const before = createWebhookService({ log: sqliteLog(path), rateLimit: { perSecond: 0.00001, burst: 1 } })
    const endpoint = before.registerEndpoint(receiver.url, secret)
    const events = [1, 2, 3].map((id) => before.submitEvent(endpoint, 'payment.created', { id }))
    await receiver.waitFor(1)
    expect((await before.shutdown()).undelivered).toHaveLength(2)

    const after = createWebhookService({ log: sqliteLog(path) })
    onTestFinished(async () => {
      await after.shutdown()
    })
    await after.drain()
    expect(receiver.requests.map(({ eventId }) => eventId)).toEqual(events)
  })

  it('C7 delays are 2, 4, 8 … seconds, and attempts eight', async () => {
    const service = configured('retry: { maxAttempts: 8, initialDelayMs: 2000, jitter: 0 }')
    const system = await startSystem({ service, receiver: { default: 503 } })
    await system.webhook()
    const [id = ''] = await system.submit('payment.created')
    await system.rest()
    expect(delaysOf(system.service, id)).toEqual([2000, 4000, 8000, 16_000, 32_000, 64_000, 128_000])
    expect(system.service.getEventStatus(id)).toMatchObject({ status: 'deadLettered', attempts: 8 })
  })

  it('C8 one command starts everything', async () => {
    const store = `${freshFolder()}/hookline.db`
    const cwd = fileURLToPath(new URL('../../..', import.meta.url))
    const child = spawn('npm', ['start', '--silent', '--', '--port', '0', '--store', store], {
      cwd,
      detached: true,
      stdio: ['ignore', 'pipe', 'ignore'],
    })
    // The whole group: npm and what it has started.
    onTestFinished(() => void process.kill(-child.pid!, 'SIGKILL'))
    const [line] = (await once(createInterface({ input: child.stdout }), 'line')) as [string]
    const { url } = JSON.parse(line) as { url: string }
    expect((await fetch(`${url}/health/ready`)).status).toBe(200)
  })
})

describe('the mock receiver', { timeout: 60_000 }, () => {
  it('C9 of all requests 40 % are answered with 500, 30 % hang for 15 s, and 30 % are accepted', async () => {
    const { url, terminal, stats } = await receiveHere(['--fail', '0.4', '--hang', '0.3', '--seed', '1'])
    const count = 400
    const answers: (number | 'broken')[] = []
    const requests = Array.from({ length: count }, async (_, index) => {
      const answer = await sendWebhook(url, { eventId: `evt_${index}`, ...signed }).catch(() => null)
      answers.push(answer?.status ?? 'broken')
    })
    await expect.poll(async () => (await stats()).received, { timeout: 10_000 }).toBe(count)
    const { hung } = await stats()
    await expect.poll(() => answers.length).toBe(count - hung)
    await terminal.clock.advance(14_999)
    expect(answers).not.toContain('broken')
    await terminal.clock.advance(1)
    await Promise.all(requests)
    const share = (of: number | 'broken') => answers.filter((answer) => answer === of).length / count
    expect(share(500)).toBeCloseTo(0.4, 1)
    expect(share('broken')).toBeCloseTo(0.3, 1)
    expect(share(200)).toBeCloseTo(0.3, 1)
  })

  it('C10 it verifies every signature', async () => {
    const { url, stats } = await receiveHere([])
    const { webhook, submit, rest, service } = await startSystem()
    await webhook({ url: `${url}/1` })
    await webhook({ url: `${url}/2`, secret: 'a guess' })
    const ids = await submit('payment.created', payment)
    await rest()
    expect(ids.map((id) => service.getEventStatus(id).lastError).sort()).toEqual(['HTTP 401', null])
    expect(await stats()).toMatchObject({ received: 2, verified: 1, signatureFailures: 1 })
  })

  it('C11 it counts what it got at GET /stats', async () => {
    const { url, stats } = await receiveHere([])
    await sendWebhook(url, signed)
    await sendWebhook(url, signed)
    expect(await stats()).toMatchObject({ received: 2, verified: 2, answered: { 200: 2 }, hung: 0, duplicates: 1 })
  })
})

describe('what was wished for', { timeout: 60_000 }, () => {
  it('C12 a merchant is called as fast as its own limit allows, and others faster', async () => {
    const { webhook, submit, rest, service } = await startSystem()
    const slow = await webhook({ rateLimit: { perSecond: 2, burst: 1 } }, '/slow')
    const ids: { slow: string[]; fast: string[] } = { slow: [], fast: [] }
    const fast = await webhook({}, '/fast')
    for (let count = 0; count < 4; count += 1) {
      for (const id of await submit('payment.created')) {
        ids[service.getEvent(id).endpointId === slow ? 'slow' : 'fast'].push(id)
      }
    }
    await rest()
    expect(ids.slow.flatMap((id) => attemptTimes(service, id))).toEqual([0, 500, 1000, 1500])
    expect(ids.fast.map((id) => service.getEvent(id).endpointId)).toEqual([fast, fast, fast, fast])
    expect(Math.max(...ids.fast.flatMap((id) => attemptTimes(service, id)))).toBeLessThan(100)
  })

  it('C13 the URL of a merchant is in the database, and is changed there', async () => {
    const folder = freshFolder()
    const receiver = await startReceiver()
    const first = await startServe(folder)
    const given = { url: `${receiver.url}/old`, secret, tenantId: 'm_7', description: 'the shop' }
    const { body } = await first.ask('POST', '/api/v1/webhooks', given)
    const path = `/api/v1/webhooks/${(body as { id: string }).id}`
    const url = `${receiver.url}/new`
    expect(await first.ask('PATCH', path, { url })).toMatchObject({ status: 200, body: { url } })
    first.process.kill('SIGTERM')
    expect(await first.ended).toBe(0)

    const second = await startServe(folder)
    const shown = await second.ask('GET', path)
    expect(shown.body).toMatchObject({ url, tenantId: 'm_7', description: 'the shop' })
    await second.ask('POST', '/api/v1/events', { eventType: 'payment.created', payload: payment })
    expect(await receiver.waitFor(1)).toMatchObject([{ path: '/new', signatureValid: true }])
  })

  it('C14 a breaker leaves a failing merchant alone for its cooldown, then tries one request', async () => {
    const { ask, webhook, submit, rest, receiver, service } = await startSystem({ service: { retry: { jitter: 0 } } })
    receiver.respond(500, 500, 500)
    const id = await webhook({ breaker: { failures: 3, cooldownMs: 60_000 } })
    const [event = ''] = await submit('payment.created')
    await rest()
    expect(attemptTimes(service, event)).toEqual([0, 1000, 3000, 63_000])
    expect((await ask('GET', `/api/v1/webhooks/${id}`)).body).toMatchObject({
      health: { breaker: { state: 'closed' } },
    })
  })

  it('C15 a dead letter is retried by hand, with its id', async () => {
    const { ask, webhook, submit, rest, receiver } = await startSystem({ service: { retry: { maxAttempts: 2 } } })
    receiver.respond(500, 500)
    await webhook()
    const [id] = await submit('payment.created', payment)
    await rest()
    expect((await ask('GET', '/api/v1/dlq')).body.data).toMatchObject([{ id, attempts: 2, lastError: 'HTTP 500' }])
    expect((await ask('POST', `/api/v1/dlq/${id}/redeliver`)).status).toBe(202)
    await rest()
    expect((await ask('GET', '/api/v1/dlq')).body.data).toEqual([])
    expect((await ask('GET', `/api/v1/deliveries/${id}`)).body).toMatchObject({ status: 'delivered', payload: payment })
    expect(receiver.requests.map(({ eventId }) => eventId)).toEqual([id, id, id])
  })

  it('C16 a merchant gets the types of events that it is subscribed to', async () => {
    const { webhook, submit, rest, receiver } = await startSystem()
    await webhook({ eventTypes: ['payment.*'] }, '/payments')
    await webhook({ eventTypes: ['payment.refunded', 'dispute.opened'] }, '/refunds')
    await submit('payment.created')
    await submit('payment.refunded')
    expect(await submit('order.created')).toEqual([])
    await rest()
    const arrived = receiver.requests.map(({ path, eventType }) => `${path} ${eventType}`)
    expect(arrived.sort()).toEqual([
      '/payments payment.created',
      '/payments payment.refunded',
      '/refunds payment.refunded',
    ])
  })

  it('C17 the log is lines of JSON, and the id of an event is in every line about it', async () => {
    const receiver = await startReceiver()
    receiver.respond(500)
    const service = await startServe(freshFolder(), ['--log-level', 'debug', '--retry-initial-delay-ms', '1'])
    await service.ask('POST', '/api/v1/webhooks', { url: receiver.url, secret })
    const { body } = await service.ask('POST', '/api/v1/events', { eventType: 'payment.created', payload: payment })
    const [{ eventId }] = (body as { events: [{ eventId: string }] }).events
    await service.line(({ correlationId, msg }) => correlationId === eventId && msg.includes('succeeded'))
    const lines = service.lines.map(
      (line) => JSON.parse(line) as { correlationId?: string; eventIds?: string[]; level: string; time: unknown },
    )
    expect(lines.every(({ level, time }) => level !== undefined && time !== undefined)).toBe(true)
    const about = lines.filter(({ correlationId }) => correlationId === eventId)
    expect(about.length).toBeGreaterThanOrEqual(5)
    // Beside them, the line of the request that made it.
    const naming = lines.filter(
      ({ correlationId, eventIds }) => correlationId === eventId || eventIds?.includes(eventId),
    )
    expect(service.lines.filter((line) => line.includes(eventId))).toHaveLength(naming.length)
  })

  it('C18 a payment that is given up is told to Slack', async () => {
    const system = await startSystem({
      service: { retry: { maxAttempts: 1 } },
      server: ({ url }) => ({ alerts: { url: `${url}/alerts`, form: 'slack' } }),
    })
    system.receiver.respondTo('/hooks', 503)
    await system.webhook({ description: 'the shop' })
    const [id] = await system.submit('payment.created')
    await system.rest()
    const text = `^hookline: endpoint \\S+ \\(the shop\\): event ${id} \\(payment.created\\) is a dead letter .*HTTP 503$`
    expect((await alertAt(system.receiver)).json()).toEqual({ text: expect.stringMatching(text) })
  })

  it('C19 and to what pages people, as a signed request with each thing by its name', async () => {
    const system = await startSystem({
      service: { retry: { maxAttempts: 1 } },
      server: ({ url }) => ({ alerts: { url: `${url}/alerts`, secret } }),
    })
    system.receiver.respondTo('/hooks', 503)
    const endpointId = await system.webhook()
    const [eventId] = await system.submit('payment.created')
    await system.rest()
    const alert = await alertAt(system.receiver)
    expect(alert.signatureValid).toBe(true)
    expect(alert.json()).toMatchObject({
      kind: 'deadLetter',
      endpointId,
      details: { eventId, attempts: 1, error: 'HTTP 503' },
    })
  })
})
