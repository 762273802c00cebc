import { describe, expect, onTestFinished, test } from 'vitest'
import { StorageError } from '../../../src/index.ts'
import type { LogCondition, LogHome } from '../../../src/index.ts'
import { memoryLog } from '../../../src/log/memory-log.ts'
import type { AlertOptions } from '../../../src/server/alerts/alert-options.ts'
import { createReceiver } from '../../../src/testing/receiver.ts'
import type { Receiver } from '../../../src/testing/receiver.ts'
import { startEngine } from '../../support/start-engine.ts'
import type { Engine } from '../../support/start-engine.ts'
import { startServer } from '../watched-server.ts'

const secret = 'the secret of alerts'

async function watched(given: Partial<AlertOptions> = {}, log?: LogHome) {
  const engine = startEngine(log === undefined ? {} : { log })
  const receiver = await createReceiver({ secret, clock: engine.clock })
  onTestFinished(() => receiver.close())
  const alerts = { url: `${receiver.url}/alerts`, secret, everyMs: 60_000, lagMs: null, ...given }
  const { server } = await startServer(engine.service, { clock: engine.clock, alerts })
  await server.inject({ method: 'GET', path: '/health' })
  return { engine, receiver, server }
}

/** Dead letters of a new endpoint. */
async function deadLetters(engine: Engine, count: number, description: string | null = null): Promise<string> {
  engine.transport.respond(() => 503)
  const endpoint = engine.register({ retry: { maxAttempts: 1 }, ordering: 'none', description })
  for (let i = 0; i < count; i += 1) engine.service.submitEvent(endpoint, 'payment.captured', { secret: 'card' })
  await engine.quiet()
  return endpoint
}

/** What has arrived once there is so much of it. A connection that has just answered rests for 25 ms. */
async function alertsAt({ clock }: Engine, receiver: Receiver, count: number): Promise<unknown[]> {
  const received = async (): Promise<number> => {
    await clock.advance(25)
    return receiver.received
  }
  await expect.poll(received, { timeout: 5000 }).toBeGreaterThanOrEqual(count)
  return receiver.requests.map((request) => request.json())
}

describe('alerts', () => {
  test('tell of a dead letter: signed, by whom it is, and without its payload', async () => {
    const { engine, receiver } = await watched()
    const endpointId = await deadLetters(engine, 1, 'Acme <orders>')
    const [body] = await alertsAt(engine, receiver, 1)
    expect(body).toEqual({
      kind: 'deadLetter',
      at: '2025-01-01T00:00:00.000Z',
      message: expect.stringMatching(
        /^endpoint ep_\w+ \(Acme <orders>\): event evt_\w+ \(payment\.captured\) is a dead letter after 1 attempts?: HTTP 503$/,
      ),
      endpointId,
      more: 0,
      details: {
        eventId: expect.stringMatching(/^evt_/),
        eventType: 'payment.captured',
        attempts: 1,
        error: 'HTTP 503',
      },
    })
    expect(receiver.requests[0]).toMatchObject({ eventType: 'hookline.deadLetter', signatureValid: true })
    expect(receiver.requests[0]!.body).not.toContain('card')
  })

  test('are one at once and one for all others when a flood is over', async () => {
    const { engine, receiver, server } = await watched()
    await deadLetters(engine, 39)
    await alertsAt(engine, receiver, 1)
    await engine.clock.advance(60_000)
    const bodies = await alertsAt(engine, receiver, 2)
    expect(bodies).toMatchObject([{ more: 0 }, { more: 37 }])
    const { text } = await server.inject({ method: 'GET', path: '/metrics' })
    expect(text).toContain('webhook_alerts_total{outcome="sent"} 2\n')
    expect(text).toContain('webhook_alerts_total{outcome="withheld"} 38\n')
  })

  test('take the form that Slack takes, in which names of others call nobody', async () => {
    const { engine, receiver } = await watched({ form: 'slack', secret: undefined })
    await deadLetters(engine, 1, '<!channel> & co')
    const [body] = await alertsAt(engine, receiver, 1)
    expect(Object.keys(body as object)).toEqual(['text'])
    expect((body as { text: string }).text).toMatch(/^hookline: endpoint ep_\w+ \(&lt;!channel&gt; &amp; co\): event /)
  })

  test('tell of a breaker that opens, and not of one that closes', async () => {
    const { engine, receiver } = await watched()
    engine.transport.respond(({ attempt }) => (attempt === 1 ? 503 : 200))
    const endpointId = engine.register({ breaker: { failures: 1, cooldownMs: 5000 } })
    engine.service.submitEvent(endpointId, 'order', {})
    await engine.quiet()
    const [body] = await alertsAt(engine, receiver, 1)
    expect(body).toMatchObject({
      kind: 'breakerOpened',
      endpointId,
      details: { reopensAt: '2025-01-01T00:00:05.000Z' },
    })
    await engine.clock.advance(120_000)
    expect(engine.service.getEndpoint(endpointId).health.breaker?.state).toBe('closed')
    expect(receiver.received).toBe(1)
  })

  test('tell of an endpoint that is disabled, and why', async () => {
    const { engine, receiver } = await watched()
    engine.transport.respond(() => 410)
    const endpointId = engine.register()
    engine.service.submitEvent(endpointId, 'order', {})
    await engine.quiet()
    const [body] = await alertsAt(engine, receiver, 1)
    expect(body).toMatchObject({ kind: 'endpointDisabled', endpointId, details: { reason: 'gone' } })
  })

  test('tell of lag as it sets in, and again only after it was over', async () => {
    const { engine, receiver } = await watched({ lagMs: 30_000, everyMs: 1000 })
    const endpoint = engine.register()
    const late = async (): Promise<void> => {
      engine.service.pauseEndpoint(endpoint)
      engine.service.submitEvent(endpoint, 'order', {})
      await engine.clock.advance(120_000)
    }
    await late()
    const [body] = await alertsAt(engine, receiver, 1)
    expect(body).toMatchObject({ kind: 'lag', endpointId: null, details: { lagMs: expect.any(Number) } })
    expect(receiver.received).toBe(1)
    engine.service.resumeEndpoint(endpoint)
    await engine.clock.advance(20_000)
    await late()
    await alertsAt(engine, receiver, 2)
  })

  test('tell of a log that takes nothing, although it takes nothing of theirs either', async () => {
    let report: (condition: LogCondition, error: Error | null) => void = () => undefined
    const log = Object.assign(memoryLog(), {
      onCondition(hear: typeof report) {
        report = hear
      },
      append() {
        throw new StorageError('the disk is full', 'full', true)
      },
    })
    const { engine, receiver } = await watched({}, log)
    report('held', new StorageError('the disk is full', 'full', true))
    report('stopped', new StorageError('the file is gone', 'closed', false))
    report('writable', null)
    await engine.quiet()
    expect(await alertsAt(engine, receiver, 2)).toMatchObject([
      { kind: 'logHeld', message: 'the log takes no events for now: the disk is full' },
      { kind: 'logStopped', message: 'the log has stopped for good; restart the service: the file is gone' },
    ])
  })

  test('are never about themselves: one that cannot be delivered is counted and written down, and that is all', async () => {
    const engine = startEngine()
    const receiver = await createReceiver({ clock: engine.clock, default: 500 })
    onTestFinished(() => receiver.close())
    const written: object[] = []
    const log = {
      debug: () => undefined,
      info: () => undefined,
      warn: () => undefined,
      error: (f: object) => void written.push(f),
    }
    const { server } = await startServer(engine.service, {
      clock: engine.clock,
      log,
      alerts: { url: receiver.url, secret },
    })
    await server.inject({ method: 'GET', path: '/health' })
    await deadLetters(engine, 1)
    const lost = async (): Promise<number> => {
      await engine.clock.advance(1000)
      return written.length
    }
    await expect.poll(lost, { timeout: 8000, interval: 5 }).toBe(1)
    expect(written).toEqual([{ eventType: 'hookline.deadLetter', error: 'HTTP 500' }])
    await engine.clock.advance(3_600_000)
    expect(receiver.received).toBe(8)
    expect(engine.service.listEndpoints()).toHaveLength(1)
    expect(engine.service.stats().events).toMatchObject({ deadLettered: 1, pending: 0 })
    const { text } = await server.inject({ method: 'GET', path: '/metrics' })
    expect(text).toContain('webhook_alerts_total{outcome="lost"} 1\n')
  })

  test('that are withheld are told of when the server closes', async () => {
    const { engine, receiver, server } = await watched()
    await deadLetters(engine, 3)
    await alertsAt(engine, receiver, 1)
    const closed = server.close()
    const bodies = await alertsAt(engine, receiver, 2)
    expect(bodies).toMatchObject([{ more: 0 }, { more: 1 }])
    await closed
  })
})

test('a URL or a secret that is none is refused when the server is first used', async () => {
  const engine = startEngine()
  const start = (alerts: AlertOptions) => startServer(engine.service, { clock: engine.clock, alerts })
  await expect(start({ url: 'ftp://x', secret })).rejects.toMatchObject({ code: 'INVALID_URL' })
  await expect(start({ url: 'http://127.0.0.1/' })).rejects.toMatchObject({ code: 'INVALID_SECRET' })
})
