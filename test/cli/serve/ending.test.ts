// How the process that serves ends, with requests to an endpoint in flight: told to, told twice, and by faults.
import { mkdtempSync, renameSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { createWebhookService } from '../../../src/service.ts'
import { sqliteLog } from '../../../src/sqlite/sqlite-log.ts'
import { createReceiver } from '../../../src/testing/receiver.ts'
import type { Receiver } from '../../../src/testing/receiver.ts'
import { startService } from './running-service.ts'
import type { RunningService } from './running-service.ts'

const limitMs = 60_000
const secret = 'hush-hush-shop-secret'

let folder = ''
let receiver: Receiver
const running: RunningService[] = []
beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), 'hookline-ending-'))
  receiver = await createReceiver({ secret })
})
afterEach(async () => {
  for (const service of running.splice(0)) {
    service.process.kill('SIGKILL')
    await service.ended
  }
  await receiver.close()
  rmSync(folder, { recursive: true, force: true })
})

async function start(args: readonly string[] = [], nodeArgs: readonly string[] = []): Promise<RunningService> {
  const service = await startService(folder, args, nodeArgs)
  running.push(service)
  return service
}

/** Leaves events in the file that the service is to start with. */
async function submitted(count: number): Promise<string[]> {
  const service = createWebhookService({ log: sqliteLog(join(folder, 'hookline.db')) })
  const shop = service.registerEndpoint(`${receiver.url}/hush-hush-path`, secret, {
    headers: { 'X-Token': 'hush-hush-header' },
  })
  service.pauseEndpoint(shop)
  const ids = Array.from({ length: count }, (_, index) =>
    service.submitEvent(shop, 'order.paid', { card: `hush-hush-card-${index}` }),
  )
  service.resumeEndpoint(shop)
  await service.shutdown()
  return ids
}

/** Answers a request once `release` is called. */
const held = (): Promise<number> => new Promise((resolve) => (release = () => resolve(200)))
let release = (): void => undefined

describe('told to end', { timeout: limitMs }, () => {
  test('it lets what is in flight end, starts nothing new, and ends with 0', async () => {
    const [first, second] = await submitted(2)
    receiver.respond(held)
    const service = await start(['--log-level', 'debug'])
    await receiver.waitFor(1)
    service.process.kill('SIGTERM')
    await service.line(({ msg }) => msg.startsWith('told to end'))
    release()
    expect(await service.ended).toBe(0)
    expect(receiver.received).toBe(1)
    expect(service.lines.join('\n')).toContain('"undelivered":1,"interrupted":0')
    const about = (id: string) =>
      service.lines
        .filter((line) => line.includes(`"correlationId":"${id}"`))
        .map((line) => (JSON.parse(line) as { msg: string }).msg)
    expect(about(first!)).toEqual(['attempt.started', 'attempt.succeeded'])
    expect(about(second!)).toEqual([])
    await start()
    await receiver.waitFor(2)
  })

  test('it cuts off after the grace time what does not end, and sends it again after the next start', async () => {
    await submitted(1)
    receiver.respond('hang')
    const service = await start(['--shutdown-grace-ms', '100'])
    await receiver.waitFor(1)
    service.process.kill('SIGTERM')
    expect(await service.ended).toBe(0)
    expect(service.lines.join('\n')).toContain('"undelivered":1,"interrupted":1')
    await start()
    const [cut, again] = await receiver.waitFor(2)
    expect(again!.headers['webhook-id']).toBe(cut!.headers['webhook-id'])
  })

  test('until it ends it lives, is not ready, refuses what is new, and reads', async () => {
    const [id] = await submitted(1)
    receiver.respond('hang')
    const service = await start()
    await receiver.waitFor(1)
    service.process.kill('SIGTERM')
    await service.line(({ msg }) => msg.startsWith('told to end'))
    const refused = await fetch(`${service.url}/api/v1/webhooks`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: `{"url":"${receiver.url}"}`,
    })
    expect([refused.status, refused.headers.get('retry-after')]).toEqual([503, '2'])
    expect(await refused.json()).toMatchObject({ error: { code: 'SERVICE_CLOSED' } })
    expect(await service.ask('GET', '/health/live')).toEqual({ status: 200, body: { live: true } })
    expect(await service.ask('GET', '/health/ready')).toEqual({
      status: 503,
      body: { ready: false, reasons: ['closing'] },
    })
    expect(await service.ask('GET', `/api/v1/deliveries/${id}`)).toMatchObject({
      status: 200,
      body: { status: 'delivering' },
    })
  })

  test.each([
    ['SIGTERM', 'SIGTERM'],
    ['SIGINT', 'SIGINT'],
  ] as const)('a second time (%s, %s), it ends at once, with 1; the next start goes on', async (first, second) => {
    await submitted(1)
    receiver.respond('hang')
    const service = await start()
    await receiver.waitFor(1)
    service.process.kill(first)
    await service.line(({ msg }) => msg.startsWith('told to end'))
    service.process.kill(second)
    expect(await service.ended).toBe(1)
    await start()
    const [cut, again] = await receiver.waitFor(2)
    expect(again!.headers['webhook-id']).toBe(cut!.headers['webhook-id'])
  })
})

describe('a fault', { timeout: limitMs }, () => {
  const faults =
    'process.on("SIGUSR2",()=>{throw new Error("boom")}).on("SIGHUP",()=>{void Promise.reject(new Error("boom"))})'

  test.each(['SIGUSR2', 'SIGHUP'] as const)(
    'that nobody foresaw (%s) ends it with 1, and the next start goes on',
    async (signal) => {
      await submitted(1)
      receiver.respond('hang')
      const service = await start([], ['--import', `data:text/javascript,${encodeURIComponent(faults)}`])
      await receiver.waitFor(1)
      service.process.kill(signal)
      expect(await service.ended).toBe(1)
      const fatal = JSON.parse(service.lines.at(-1)!)
      expect(fatal).toMatchObject({
        level: 'fatal',
        err: { message: 'boom' },
        msg: expect.stringContaining('an internal fault'),
      })
      await start()
      await receiver.waitFor(2)
    },
  )

  test('that stops the log for good ends it with 1', async () => {
    await submitted(2)
    receiver.respond(held)
    const service = await start()
    await receiver.waitFor(1)
    renameSync(join(folder, 'hookline.db'), join(folder, 'elsewhere.db'))
    release()
    expect(await service.ended).toBe(1)
    expect(JSON.parse(service.lines.at(-1)!)).toMatchObject({ level: 'fatal', condition: 'stopped' })
  })
})

test('kill -9 between two attempts loses no event, and none goes out of order', { timeout: limitMs }, async () => {
  const ids = await submitted(60)
  const first = await start()
  await receiver.waitFor(10)
  first.process.kill('SIGKILL')
  await first.ended
  await start()
  await receiver.waitUntil(
    ({ requests }) => new Set(requests.map(({ headers }) => headers['webhook-id'])).size === ids.length,
  )
  expect(receiver.orderViolations()).toEqual([])
})

test('no line shows a payload, a secret, a header or a path of an endpoint', { timeout: limitMs }, async () => {
  await submitted(20)
  receiver.respond(500, { status: 400, body: 'hush-hush-answer' }, 'reset', 410)
  const service = await start(['--log-level', 'debug', '--retry-initial-delay-ms', '1'])
  await service.line(({ msg }) => msg === 'endpoint disabled')
  service.process.kill('SIGTERM')
  expect(await service.ended).toBe(0)
  expect(service.lines.length).toBeGreaterThan(8)
  expect(service.lines.join('\n')).toContain('failed: it will not be tried again')
  expect(service.lines.join('\n') + service.errors()).not.toContain('hush')
})
