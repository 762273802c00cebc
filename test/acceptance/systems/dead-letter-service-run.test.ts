// System D again: its settings, its limits, and how it is run.
import { describe, expect, onTestFinished, it } from 'vitest'
import { parse, parseAllDocuments } from 'yaml'
import { createReceiver } from '../../../src/testing/index.ts'
import { deployFile } from '../../deploy/deploy-file.ts'
import { parsePrometheusText, valueOf } from '../../server/metrics/prometheus-text.ts'
import { createGate } from '../gate.ts'
import { startReceive, startServe } from './start-program.ts'
import { attemptTimes, configOf, configured, delaysOf, freshFolder, secret, startSystem } from './start-system.ts'

const failing = { default: 503 } as const
const most = 1 - Number.EPSILON

describe('retries', () => {
  it('D16 five attempts, after 1 s, then twice as long each, a quarter more or less, at most 300 s', async () => {
    for (const [chance, share] of [
      [0, 0.75],
      [0.5, 1],
      [most, 1.25],
    ] as const) {
      const { webhook, submit, rest, service } = await startSystem({
        service: { random: () => chance },
        receiver: failing,
      })
      await webhook()
      const [id = ''] = await submit('order.paid')
      await rest()
      expect(service.getEventStatus(id)).toMatchObject({ status: 'deadLettered', attempts: 5 })
      const delays = delaysOf(service, id)
      for (const [index, delayMs] of [1000, 2000, 4000, 8000].entries()) {
        expect(Math.abs(delays[index]! - delayMs * share)).toBeLessThan(2)
      }
    }
    const { webhook, submit, rest, service } = await startSystem({ receiver: failing })
    await webhook({ retry: { maxAttempts: 12 } })
    const [id = ''] = await submit('order.paid')
    await rest()
    expect(delaysOf(service, id).slice(-3)).toEqual([256_000, 300_000, 300_000])
  })

  it('D17 a policy of its own for a type of events, in YAML', async () => {
    const service = configured(`
retryPolicies:
  - eventTypes: [payment.*]
    retry: { maxAttempts: 13, initialDelayMs: 500, maxDelayMs: 600000, jitter: 0 }
  - eventTypes: [user.*]
    retry: { maxAttempts: 2, initialDelayMs: 10000, jitter: 0 }
`)
    const system = await startSystem({ service, receiver: failing })
    await system.webhook({ ordering: 'none' })
    const [payment = ''] = await system.submit('payment.failed')
    const [user = ''] = await system.submit('user.created')
    const [order = ''] = await system.submit('order.paid')
    await system.rest()
    const delays = delaysOf(system.service, payment)
    expect(delays.slice(0, 3)).toEqual([500, 1000, 2000])
    expect(delays.slice(-2)).toEqual([512_000, 600_000])
    expect(delaysOf(system.service, user)).toEqual([10_000])
    expect(delaysOf(system.service, order)).toEqual([1000, 2000, 4000, 8000])
  })
})

describe('limits', () => {
  it('D23 an endpoint is called as fast as its limit allows', async () => {
    const { webhook, submit, rest, service } = await startSystem()
    await webhook({ rateLimit: { perSecond: 2, burst: 2 } })
    const ids: string[] = []
    for (let count = 1; count <= 5; count += 1) ids.push(...(await submit('order.paid')))
    await rest()
    expect(ids.flatMap((id) => attemptTimes(service, id)).slice(2)).toEqual([500, 1000, 1500])
  })

  it('D24 all endpoints together are called as fast as the limit of all allows', async () => {
    const service = configured('rateLimit: { perSecond: 2, burst: 1 }')
    const system = await startSystem({ service })
    for (let path = 1; path <= 4; path += 1) await system.webhook({}, `/${path}`)
    const ids = await system.submit('order.paid')
    await system.rest()
    const times = ids.flatMap((id) => attemptTimes(system.service, id))
    expect(times.sort((a, b) => a - b)).toEqual([0, 500, 1000, 1500])
  })

  it('D25 a breaker opens after failures in a row, tries one request after its cooldown, and opens again', async () => {
    const { webhook, submit, rest, service, receiver } = await startSystem({ service: { retry: { jitter: 0 } } })
    receiver.respond(500, 500, 500)
    await webhook({ breaker: { failures: 2, cooldownMs: 60_000 } })
    const [id = ''] = await submit('order.paid')
    await rest()
    expect(attemptTimes(service, id)).toEqual([0, 1000, 61_000, 121_000])
    expect(service.getEventStatus(id).status).toBe('delivered')
  })

  it('D26 the queue takes 10,000 events, and refuses more until there is room', async () => {
    const system = await startSystem({ service: configured('limits: { pendingEvents: 10000 }') })
    const { ask } = system
    const id = await system.webhook()
    await ask('POST', `/api/v1/webhooks/${id}/pause`)
    const event = { eventType: 'order.paid', payload: 1 }
    const batch = Array.from({ length: 1000 }, () => event)
    for (let count = 1; count <= 10; count += 1) expect((await ask('POST', '/api/v1/events', batch)).status).toBe(202)
    const { status, headers, body } = await ask('POST', '/api/v1/events', event)
    expect({ status, body }).toMatchObject({ status: 429, body: { error: { code: 'CAPACITY_REACHED' } } })
    expect(Number(headers.get('retry-after'))).toBeGreaterThan(0)
    expect((await ask('GET', '/api/v1/stats')).body.events).toMatchObject({ pending: 10_000 })
  })

  it('D27 so many requests are in flight at once, and no more', async () => {
    const gate = createGate()
    const receiver = { default: () => gate.passed.then(() => 200) }
    const system = await startSystem({ service: configured('concurrency: 3'), receiver })
    for (let path = 1; path <= 8; path += 1) await system.webhook({}, `/${path}`)
    await system.submit('order.paid')
    await system.receiver.waitFor(3)
    expect(system.service.stats().inFlight).toBe(3)
    gate.open()
    await system.receiver.waitFor(8)
    await system.rest()
    expect(system.receiver.maxInFlight).toBe(3)
  })
})

describe('settings', () => {
  it('D28 the environment sets workers, queue, delays, dead letter days, host and port', () => {
    const config = configOf('concurrency: 4', {
      HOOKLINE_CONCURRENCY: '50',
      HOOKLINE_LIMITS_PENDING_EVENTS: '10000',
      HOOKLINE_RETRY_INITIAL_DELAY_MS: '500',
      HOOKLINE_RETRY_MAX_DELAY_MS: '600000',
      HOOKLINE_RETRY_MULTIPLIER: '3',
      HOOKLINE_RETENTION_DEAD_LETTER_AGE_MS: '1209600000',
      HOOKLINE_HOST: '127.0.0.2',
      HOOKLINE_PORT: '8080',
    })
    expect(config).toMatchObject({
      concurrency: 50,
      limits: { pendingEvents: 10_000 },
      retry: { initialDelayMs: 500, maxDelayMs: 600_000, multiplier: 3 },
      retention: { deadLetterAgeMs: 1_209_600_000 },
      host: '127.0.0.2',
      port: 8080,
    })
  })

  it('D30 the log is lines of JSON, of the level that is asked for', { timeout: 30_000 }, async () => {
    expect(configOf('', { HOOKLINE_LOG_LEVEL: 'debug' }).log.level).toBe('debug')
    const service = await startServe(freshFolder())
    await service.ask('GET', '/api/v1/stats')
    const line = await service.line(({ msg }) => msg === 'request')
    expect(line).toMatchObject({ level: 'info', time: expect.any(String), route: '/api/v1/stats', status: 200 })
    expect(service.lines.map((text) => (JSON.parse(text) as { level: string }).level)).not.toContain('debug')
  })
})

describe('how it is run', { timeout: 60_000 }, () => {
  it('D10 a receiver to try it on is there', async () => {
    const url = await startReceive()
    const service = await startServe(freshFolder())
    await service.ask('POST', '/api/v1/webhooks', { url, secret })
    await service.ask('POST', '/api/v1/events', { eventType: 'order.paid', payload: { id: 7 } })
    const stats = async (): Promise<unknown> => (await fetch(`${url}/stats`)).json()
    await expect.poll(stats, { timeout: 10_000 }).toMatchObject({ received: 1, verified: 1, answered: { 200: 1 } })
  })

  it('D31 an image runs it, not as root, and looks after its health', () => {
    const lines = deployFile('Dockerfile').split('\n')
    expect(lines).toContain('USER node')
    expect(lines).toContain('CMD ["serve"]')
    expect(lines.join(' ')).toMatch(/HEALTHCHECK .*\/health\/live/)
  })

  it('D32 compose runs it, and a receiver that fails on purpose', () => {
    const { services } = parse(deployFile('compose.yaml')) as { services: Record<string, { command?: string[] }> }
    expect(Object.keys(services)).toEqual(['hookline', 'receiver'])
    expect(services['receiver']!.command).toEqual(expect.arrayContaining(['receive', '--fail', '0.4', '--hang', '0.3']))
  })

  it('D33 Kubernetes runs it, and asks whether it lives', () => {
    const [, set] = parseAllDocuments(deployFile('kubernetes.yaml')).map((document) => document.toJSON() as unknown)
    const probe = (path: string) => ({ httpGet: { path } })
    const probes = { livenessProbe: probe('/health/live'), readinessProbe: probe('/health/ready') }
    expect(set).toMatchObject({ kind: 'StatefulSet', spec: { template: { spec: { containers: [probes] } } } })
  })

  // How fast they go is measured by `npm run load`: a figure of a busy machine proves nothing.
  it('D34 thousands of events that are submitted side by side are delivered, each once', async () => {
    const receiver = await createReceiver()
    onTestFinished(() => receiver.close())
    const service = await startServe(freshFolder())
    for (let path = 1; path <= 20; path += 1) {
      const webhook = { url: `${receiver.url}/${path}`, secret, eventTypes: [`a.${path}`] }
      await service.ask('POST', '/api/v1/webhooks', webhook)
    }
    const submit = async (submitter: number): Promise<void> => {
      for (let request = 0; request < 25; request += 1) {
        const payload = { submitter, request }
        const batch = Array.from({ length: 20 }, (_, id) => ({ eventType: `a.${id + 1}`, payload }))
        expect((await service.ask('POST', '/api/v1/events', batch)).status).toBe(202)
      }
    }
    await Promise.all([1, 2, 3, 4].map(submit))
    await receiver.waitUntil(({ received }) => received === 2000)
    expect(new Set(receiver.requests.map(({ eventId }) => eventId)).size).toBe(2000)
  })

  it('D35 what is queued takes less than 10 KB of memory each, beside 100 MB', async () => {
    const service = await startServe(freshFolder(), ['--limits-events-in-memory', '1000'])
    const { body } = await service.ask('POST', '/api/v1/webhooks', { url: 'http://127.0.0.1:9/hooks', secret })
    await service.ask('POST', `/api/v1/webhooks/${(body as { id: string }).id}/pause`)
    const queued = 20_000
    const batch = Array.from({ length: 1000 }, () => ({ eventType: 'order.paid', payload: { text: 'x'.repeat(500) } }))
    for (let sent = 0; sent < queued; sent += batch.length) await service.ask('POST', '/api/v1/events', batch)
    const figures = parsePrometheusText(await (await fetch(`${service.url}/metrics`)).text())
    expect(valueOf(figures, 'webhook_queue_size')).toBe(queued)
    expect(valueOf(figures, 'process_resident_memory_bytes')).toBeLessThan(100e6 + queued * 10e3)
  })
})
