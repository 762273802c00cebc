import { expect, test } from 'vitest'
import { formulaRecords } from '../support/formula-log.ts'
import { exported, openLog } from '../support/log-files.ts'
import { startEngine } from '../support/start-engine.ts'

async function summarize(content: string) {
  const log = await openLog(content)
  return log.stateAt().summary()
}

test('counts what happened', async () => {
  const engine = startEngine({ retry: { maxAttempts: 2 } })
  const { transport, clock, service, register } = engine
  transport.respond(({ eventId, attempt }) =>
    eventId === 'evt_1' ? 500 : eventId === 'evt_2' && attempt === 1 ? 503 : 200,
  )
  const endpointId = register()
  for (let n = 1; n <= 4; n += 1) service.submitEvent(endpointId, 'order.paid', { n })
  await clock.advance(10_000)
  expect(await summarize(exported(service))).toMatchObject({
    records: 4 + 2 * 6,
    endpoints: 1,
    events: 4,
    statuses: { delivered: 3, deadLettered: 1, pending: 0 },
    attempts: 6,
    retries: 2,
    redeliveries: 0,
    deadLetters: 1,
    lag: { p50Ms: 2000, p99Ms: 2000, worstMs: 2000, worstEventId: 'evt_2' },
    order: { successes: 3, afterRedelivery: 0, outOfOrder: 0 },
  })
  transport.respond(() => 200)
  service.redeliverDeadLetters(endpointId)
  await clock.advance(0)
  expect(await summarize(exported(service))).toMatchObject({
    statuses: { delivered: 4, deadLettered: 0 },
    redeliveries: 1,
    deadLetters: 1,
    order: { successes: 4, afterRedelivery: 1, outOfOrder: 0 },
  })
})

test('finds a first success that overtook an earlier event of its line', async () => {
  const first = { endpointId: 'ep_1', machine: 'delivery@1', at: '2025-01-01T00:00:00.000Z' }
  const submitted = {
    type: 'event.submitted',
    eventType: 'a',
    body: '1',
    form: 'payload',
    orderingKey: null,
    budget: 2,
  }
  const steps = ['evt_1', 'evt_2'].map((eventId, index) => {
    const event = { ...submitted, at: first.at, sequence: index + 1, idempotencyKey: null }
    return { ...first, eventId, event, from: null, to: 'pending', attempts: 0 }
  })
  const delivered = (eventId: string) => [
    { eventId, event: { type: 'attempt.started', attempt: 1 }, from: 'pending', to: 'delivering' },
    { eventId, event: { type: 'attempt.succeeded', attempt: 1, status: 200 }, from: 'delivering', to: 'delivered' },
  ]
  const attempts = [...delivered('evt_2'), ...delivered('evt_1')].map((step) => ({ ...first, ...step, attempts: 1 }))
  const lines = [...steps, ...attempts].map((step, index) => JSON.stringify({ seq: index + 1, ...step }))
  const { order } = await summarize(lines.join('\n'))
  expect(order).toEqual({ successes: 2, afterRedelivery: 0, outOfOrder: 1 })
})

test('a log without records has a summary too', async () => {
  expect(await summarize('')).toMatchObject({ records: 0, from: null, events: 0, lag: null })
})

test('a log of some length replays to what a service would have made of it', async () => {
  const content = Array.from(formulaRecords(20_000), (record) => JSON.stringify(record)).join('\n')
  const log = await openLog(content)
  expect(log.problem).toBeNull()
  const summary = log.stateAt().summary()
  expect(summary).toMatchObject({ records: 20_000, endpoints: 97, order: { outOfOrder: 0 } })
  const counted = Object.values(summary.statuses).reduce((sum, count) => sum + count)
  expect(counted).toBe(summary.events)
})
