import { describe, expect, it } from 'vitest'
import type { WebhookService } from '../../src/index.ts'
import type { Receiver } from '../../src/testing/index.ts'
import { startEngine } from '../support/start-engine.ts'
import { settled } from './await-events.ts'
import { secret, startReceiver, startService } from './start.ts'

const concurrency = 100
const hanging = 500
const healthy = 100

/** Answers each path `/works/…` and leaves all others without an answer. */
function startMixedReceiver(): Promise<Receiver> {
  return startReceiver({ record: false, default: ({ path }) => (path.startsWith('/works') ? 200 : 'hang') })
}

function register(service: WebhookService, receiver: Receiver, kind: 'works' | 'hangs', count: number): string[] {
  return Array.from({ length: count }, (_, n) => service.registerEndpoint(`${receiver.url}/${kind}/${n}`, secret))
}

function submit(service: WebhookService, endpoints: readonly string[]): string[] {
  return endpoints.map((endpoint) => service.submitEvent(endpoint, 'tick', {}))
}

/** Resolves when `count` requests hang. */
async function untilHung(receiver: Receiver, count: number): Promise<void> {
  await receiver.waitUntil(({ paths }) => paths.filter((path) => path.startsWith('/hangs')).length >= count)
}

describe('beside 500 endpoints that hang, with a concurrency of 100', () => {
  it('endpoints that have delivered go on delivering', async () => {
    const receiver = await startMixedReceiver()
    const service = startService({ concurrency, timeoutMs: 20_000 })
    const endpoints = register(service, receiver, 'works', healthy)
    await settled(service, ...submit(service, endpoints))

    const stuck = submit(service, register(service, receiver, 'hangs', hanging))
    await untilHung(receiver, concurrency / 2)
    for (let round = 0; round < 5; round += 1) await settled(service, ...submit(service, endpoints))
    expect(stuck.every((id) => ['pending', 'delivering'].includes(service.getEventStatus(id).status))).toBe(true)
    expect(receiver.maxInFlight).toBeLessThanOrEqual(concurrency)
  }, 15_000)

  it.each(['at once', 'later'])(
    'endpoints that were never tried and come %s deliver long before a timeout',
    async (when) => {
      const receiver = await startMixedReceiver()
      const service = startService({ concurrency, timeoutMs: 20_000 })
      const stuck = submit(service, register(service, receiver, 'hangs', hanging))
      if (when === 'later') await untilHung(receiver, concurrency / 2 + 6)
      await settled(service, ...submit(service, register(service, receiver, 'works', healthy)))
      expect(stuck.every((id) => ['pending', 'delivering'].includes(service.getEventStatus(id).status))).toBe(true)
      expect(receiver.maxInFlight).toBeLessThanOrEqual(concurrency)
    },
    15_000,
  )

  it('each of those that hang gets its attempts in the end', async () => {
    const { service, transport, clock, register: registerOne } = startEngine({ concurrency, timeoutMs: 20_000 })
    transport.respond(({ eventType }) => (eventType === 'hangs' ? 'held' : 200))
    const stuck = Array.from({ length: hanging }, () => service.submitEvent(registerOne(), 'hangs', {}))
    const busy = Array.from({ length: 20 }, () => registerOne())
    let delivered = 0
    service.on('settled', ({ status }) => (delivered += status === 'delivered' ? 1 : 0))
    for (let seconds = 1; seconds <= 450; seconds += 1) {
      for (const endpoint of busy) service.submitEvent(endpoint, 'works', {})
      await clock.advance(1000)
      expect(delivered).toBe(seconds * busy.length)
    }
    const ends = stuck.map((id) => service.getEventStatus(id))
    expect(ends.every(({ status, attempts }) => status === 'deadLettered' && attempts === 3)).toBe(true)
  }, 30_000)
})
