import { describe, expect, test } from 'vitest'
import { InvalidOptionError } from '../../../src/index.ts'
import type { LogCondition, LogHome } from '../../../src/index.ts'
import { memoryLog } from '../../../src/log/memory-log.ts'
import { issueKey } from '../../../src/server/keys/issue-key.ts'
import { memoryKeys } from '../../../src/server/keys/memory-keys.ts'
import { createServer } from '../../../src/server/create-server.ts'
import { startEngine } from '../../support/start-engine.ts'
import { startServer } from '../watched-server.ts'

/** A log that says of itself what it is told to. */
function tellingLog(): LogHome & { condition: LogCondition } {
  return Object.assign(memoryLog(), { condition: 'writable' as LogCondition })
}

async function ask(url: string): Promise<{ status: number; body: unknown; headers: Headers }> {
  const answer = await fetch(url)
  return { status: answer.status, body: await answer.json(), headers: answer.headers }
}

describe('GET /health', () => {
  test('says that it lives, that it is ready, how its store is and how old what waits is', async () => {
    const engine = startEngine()
    const { url } = await startServer(engine.service, { clock: engine.clock })
    const endpoint = engine.register()
    engine.service.pauseEndpoint(endpoint)
    engine.service.submitEvent(endpoint, 'order', {})
    await engine.clock.advance(1500)
    const { status, body, headers } = await ask(`${url}/health`)
    expect(status).toBe(200)
    expect(headers.get('cache-control')).toBe('no-store')
    expect(body).toEqual({
      status: 'ready',
      live: true,
      ready: true,
      reasons: [],
      store: { durable: false, condition: 'writable' },
      lagMs: 1500,
    })
  })

  test('is not ready while the log takes nothing, and says why; it lives all the same', async () => {
    const log = tellingLog()
    const engine = startEngine({ log })
    const { url } = await startServer(engine.service, { clock: engine.clock })
    for (const [condition, reason] of [
      ['held', 'logHeld'],
      ['stopped', 'logStopped'],
    ] as const) {
      log.condition = condition
      expect(await ask(`${url}/health`)).toMatchObject({ status: 503, body: { ready: false, reasons: [reason] } })
      expect(await ask(`${url}/health/ready`)).toMatchObject({ status: 503, body: { ready: false, reasons: [reason] } })
      expect(await ask(`${url}/health/live`)).toMatchObject({ status: 200, body: { live: true } })
    }
    log.condition = 'writable'
    expect(await ask(`${url}/health/ready`)).toMatchObject({ status: 200, body: { ready: true, reasons: [] } })
  })

  test('is not ready when the oldest event is older than allowed, and by default however old it is', async () => {
    const engine = startEngine()
    const { clock } = engine
    const [strict, lax] = await Promise.all([
      startServer(engine.service, { clock, health: { maxLagMs: 60_000 } }),
      startServer(engine.service, { clock }),
    ])
    const endpoint = engine.register()
    engine.service.pauseEndpoint(endpoint)
    engine.service.submitEvent(endpoint, 'order', {})
    await clock.advance(60_000)
    expect((await ask(`${strict.url}/health`)).status).toBe(200)
    await clock.advance(1)
    expect(await ask(`${strict.url}/health`)).toMatchObject({ status: 503, body: { reasons: ['lagging'] } })
    expect((await ask(`${lax.url}/health`)).status).toBe(200)
  })

  test('is not ready from the moment on in which the server retires', async () => {
    const engine = startEngine()
    const { server, url } = await startServer(engine.service, { clock: engine.clock })
    server.retire()
    expect(await ask(`${url}/health/ready`)).toMatchObject({ status: 503, body: { reasons: ['closing'] } })
    expect((await ask(`${url}/health/live`)).status).toBe(200)
  })

  test('needs no key, and tells a stranger neither counts nor names', async () => {
    const engine = startEngine()
    const keys = memoryKeys()
    const ports = { clock: engine.clock, randomBytes: (count: number) => new Uint8Array(count).fill(7) }
    await issueKey(keys, { name: 'first', role: 'admin' }, ports)
    const { url } = await startServer(engine.service, { clock: engine.clock, keys })
    const { status, body } = await ask(`${url}/health`)
    expect(status).toBe(200)
    expect(Object.keys(body as object)).toEqual(['status', 'live', 'ready', 'reasons', 'store', 'lagMs'])
    expect((await fetch(`${url}/metrics`)).status).toBe(401)
  })
})

test('options of the watch that are none are refused at once', () => {
  const { service } = startEngine()
  const refused = (options: object) => () => createServer(service, options)
  expect(refused({ health: { maxLagMs: 0 } })).toThrow(InvalidOptionError)
  expect(refused({ metrics: { eventTypes: -1 } })).toThrow('metrics.eventTypes must be')
  expect(refused({ stream: { bufferedBytes: 1 } })).toThrow('stream.bufferedBytes must be')
  expect(refused({ alerts: { form: 'xml' } })).toThrow('alerts.form must be')
  expect(refused({ alerts: { link: 'x' } })).toThrow('alerts.link is not an option')
})
