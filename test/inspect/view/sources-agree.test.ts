import { afterEach, expect, test } from 'vitest'
import { sampleRun } from '../../../scripts/sample-run.ts'
import { createWebhookService, exportJsonl } from '../../../src/index.ts'
import type { WebhookService } from '../../../src/index.ts'
import { LiveSource } from '../../../src/inspect/view/live-source.ts'
import { RecordedSource } from '../../../src/inspect/view/recorded-source.ts'
import type { EventQuery } from '../../../src/recorded/recorded-event.ts'
import { RecordedLog } from '../../../src/recorded/recorded-log.ts'
import { createVirtualClock } from '../../../src/testing/index.ts'
import type { VirtualClock } from '../../../src/testing/index.ts'
import { createScriptedTransport } from '../../support/scripted-transport.ts'
import { writeLogFile } from '../browser/log-file.ts'

const opened: { close(): void }[] = []

afterEach(() => {
  for (const one of opened.splice(0)) one.close()
})

const follow = async (service: WebhookService, clock = createVirtualClock(), maxSettled = 1000) => {
  const source = await LiveSource.follow(service, { clock, payloads: true, maxSettled })
  opened.push(source)
  return source
}

async function record(service: WebhookService): Promise<RecordedSource> {
  const file = writeLogFile(exportJsonl(service.log))
  const source = new RecordedSource(await RecordedLog.open(file.path), true)
  opened.push(source, { close: file.remove })
  return source
}

/** Shuts down although requests are under way. */
async function end(service: WebhookService, clock: VirtualClock): Promise<void> {
  const ended = service.shutdown({ timeoutMs: 1 })
  await clock.advance(1)
  await ended
}

const choices: EventQuery[] = [
  { text: 'ORDER.p' },
  { text: 'customer-3' },
  { status: 'delivered' },
  { endpointId: 'ep_crm' },
]

test('a running service and its exported log show the same', async () => {
  const { service, clock } = await sampleRun()
  const live = await follow(service, clock)
  for (let look = 0; look < 8; look += 1) {
    const recorded = await record(service)
    const all = { limit: 1000 }
    expect(JSON.parse(JSON.stringify(live.deliveries(all)))).toEqual(recorded.deliveries(all, null))
    expect(live.overview().counts).toEqual(recorded.overview(null).counts)
    for (const some of choices) {
      const found = recorded.deliveries({ ...all, ...some }, null)
      expect(found.events.length).toBeLessThan(recorded.deliveries(all, null).events.length)
      expect(JSON.parse(JSON.stringify(live.deliveries({ ...all, ...some })))).toEqual(found)
    }
    for (const { eventId } of recorded.deliveries(all, null).events) {
      const [one, other] = [live.delivery(eventId), recorded.delivery(eventId, null)!]
      const { line, records, retryAt, left, lastError, seqs, payload } = JSON.parse(JSON.stringify(one)) as typeof other
      expect({ line, records, retryAt, left, lastError, seqs, payload }).toEqual({
        line: other.line,
        records: other.records,
        retryAt: other.retryAt,
        left: other.left,
        lastError: other.lastError,
        seqs: other.seqs,
        payload: other.payload,
      })
    }
    await clock.advance(4000)
  }
  await service.shutdown()
})

test('a dead letter holds its line, and comes back to its front', async () => {
  const clock = createVirtualClock()
  const transport = createScriptedTransport(() => 503)
  const service = createWebhookService({ clock, transport, retry: { maxAttempts: 1 } })
  const endpointId = service.registerEndpoint('https://shop.example', 'secret', { whenExhausted: 'halt' })
  const [first, second] = [1, 2].map((order) => service.submitEvent(endpointId, 'order.paid', { order }))
  const live = await follow(service, clock)
  await clock.advance(1000)
  for (const source of [live, await record(service)]) {
    const { line, explanation } = source.delivery(second!, null)!
    expect(line).toMatchObject({ length: 1, place: 0, haltedBy: { eventId: first } })
    expect(explanation).toMatchObject({ reason: 'lineHalted', behind: { eventId: first } })
  }
  transport.respond(() => 'held')
  service.redeliver(first!)
  await clock.advance(1)
  for (const source of [live, await record(service)]) {
    expect(source.delivery(second!, null)!.line).toMatchObject({ length: 2, place: 1, haltedBy: null })
  }
  await end(service, clock)
})

test('forgets the oldest settled events, and never one that waits', async () => {
  const clock = createVirtualClock()
  const transport = createScriptedTransport(({ sequence }) => (sequence === 1 ? 'held' : 200))
  const service = createWebhookService({ clock, transport })
  const endpointId = service.registerEndpoint('https://shop.example', 'secret', { ordering: 'none' })
  const live = await follow(service, clock, 10)
  const [first, ...others] = Array.from({ length: 5000 }, (_, order) =>
    service.submitEvent(endpointId, 'order.paid', { order }),
  )
  await clock.advance(1000)
  expect(live.deliveries({ limit: 500 }).events.map(({ eventId }) => eventId)).toEqual(
    [first!, ...others.slice(-10)].reverse(),
  )
  expect(live.overview().counts).toMatchObject({ delivering: 1, delivered: 10 })
  expect(live.failures).toBe(0)
  await end(service, clock)
})

test('tells of changes at most every 200 ms, however many there are', async () => {
  const clock = createVirtualClock()
  const service = createWebhookService({ clock, transport: createScriptedTransport() })
  const endpointId = service.registerEndpoint('https://shop.example', 'secret')
  const live = await follow(service, clock)
  const told: number[] = []
  live.onChange((seq) => told.push(seq))
  for (let round = 0; round < 20; round += 1) {
    service.submitEvent(endpointId, 'order.paid', { round })
    await clock.advance(50)
  }
  expect(told.length).toBeGreaterThanOrEqual(4)
  expect(told.length).toBeLessThanOrEqual(6)
  await service.shutdown()
})

test('pages through deliveries without leaving one out', async () => {
  const { service, clock } = await sampleRun()
  for (const source of [await follow(service, clock), await record(service)]) {
    const whole = source.deliveries({ limit: 1000 }, null).events.map(({ eventId }) => eventId)
    const paged: string[] = []
    for (let more = true; more;) {
      const page = source.deliveries({ limit: 7, after: paged.at(-1) }, null)
      paged.push(...page.events.map(({ eventId }) => eventId))
      more = page.more
    }
    expect(paged).toEqual(whole)
  }
  await service.shutdown()
})

test('swallows and counts what goes wrong in it, and the service never hears of it', async () => {
  const clock = createVirtualClock()
  const service = createWebhookService({ clock, transport: createScriptedTransport() })
  const endpointId = service.registerEndpoint('https://shop.example', 'secret')
  const heard: unknown[] = []
  service.on('listenerFailed', (failure) => heard.push(failure))
  const noTimers = {
    now: () => clock.now(),
    monotonic: () => clock.monotonic(),
    setTimeout: () => {
      throw new Error('no timer is to be had')
    },
    clearTimeout: () => undefined,
  }
  const live = await LiveSource.follow(service, { clock: noTimers, payloads: false, maxSettled: 1000 })
  opened.push(live)
  live.onChange(() => undefined)
  const eventId = service.submitEvent(endpointId, 'order.paid', {})
  await clock.advance(1000)
  expect(service.getEventStatus(eventId).status).toBe('delivered')
  expect(live.failures).toBe(3)
  expect(heard).toEqual([])
  await service.shutdown()
})
