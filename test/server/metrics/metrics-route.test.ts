import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { attemptOutcomes, failedOutcome } from '../../../src/server/metrics/attempt-outcome.ts'
import { BoundedCounts } from '../../../src/server/metrics/bounded-counts.ts'
import { figures } from '../../../src/server/metrics/figures.ts'
import { startEngine } from '../../support/start-engine.ts'
import type { Engine } from '../../support/start-engine.ts'
import { startServer } from '../watched-server.ts'
import { parsePrometheusText, valueOf } from './prometheus-text.ts'
import type { Family } from './prometheus-text.ts'

async function serve(
  engine: Engine,
  options: { eventTypes?: number } = {},
): Promise<() => Promise<Map<string, Family>>> {
  const { url } = await startServer(engine.service, { clock: engine.clock, metrics: options })
  return async () => {
    const answer = await fetch(`${url}/metrics`)
    expect(answer.status).toBe(200)
    expect(answer.headers.get('content-type')).toBe('text/plain; version=0.0.4; charset=utf-8')
    return parsePrometheusText(await answer.text())
  }
}

describe('GET /metrics', () => {
  test('counts submissions, settlings and attempts from the first request on', async () => {
    const engine = startEngine()
    const scrape = await serve(engine)
    await scrape()
    const endpoint = engine.register()
    engine.service.submitEvent(endpoint, 'payment.captured', {})
    engine.service.submitEvent(endpoint, 'payment.captured', {})
    engine.service.submitEvent(endpoint, 'refund', {})
    engine.transport.respond(({ eventType }) => (eventType === 'refund' ? 401 : 200))
    await engine.quiet()
    const families = await scrape()
    expect(valueOf(families, 'webhook_events_total', { event_type: 'payment.captured' })).toBe(2)
    expect(valueOf(families, 'webhook_events_total', { event_type: 'refund' })).toBe(1)
    expect(valueOf(families, 'webhook_deliveries_total', { status: 'delivered' })).toBe(2)
    expect(valueOf(families, 'webhook_deliveries_total', { status: 'failed' })).toBe(1)
    expect(valueOf(families, 'webhook_deliveries_total', { status: 'deadLettered' })).toBe(0)
    expect(valueOf(families, 'webhook_attempts_total', { outcome: 'succeeded' })).toBe(2)
    expect(valueOf(families, 'webhook_attempts_total', { outcome: 'http_401' })).toBe(1)
    expect(valueOf(families, 'webhook_attempt_duration_seconds_count')).toBe(3)
    expect(valueOf(families, 'webhook_endpoints_total')).toBe(1)
  })

  test('measures a delivery from its submission on, waits included', async () => {
    const engine = startEngine()
    const scrape = await serve(engine)
    await scrape()
    engine.transport.respond(({ attempt }) => (attempt === 1 ? 503 : 200))
    engine.service.submitEvent(engine.register(), 'order', {})
    await engine.clock.advance(1000)
    const families = await scrape()
    expect(valueOf(families, 'webhook_delivery_duration_seconds_count')).toBe(1)
    expect(valueOf(families, 'webhook_delivery_duration_seconds_sum')).toBe(1)
    expect(valueOf(families, 'webhook_delivery_duration_seconds_bucket', { le: '0.5' })).toBe(0)
    expect(valueOf(families, 'webhook_delivery_duration_seconds_bucket', { le: '1' })).toBe(1)
  })

  test('shows what waits, and for how long', async () => {
    const engine = startEngine()
    const scrape = await serve(engine)
    const endpoint = engine.register()
    engine.service.pauseEndpoint(endpoint)
    engine.service.submitEvent(endpoint, 'order', { a: 1 })
    engine.service.submitEvent(endpoint, 'order', { a: 2 })
    await engine.clock.advance(2500)
    const families = await scrape()
    expect(valueOf(families, 'webhook_queue_size')).toBe(2)
    expect(valueOf(families, 'webhook_lag_seconds')).toBe(2.5)
    expect(valueOf(families, 'webhook_pending_bytes')).toBe(14)
    expect(valueOf(families, 'webhook_events_kept', { state: 'pending' })).toBe(2)
    expect(valueOf(families, 'webhook_endpoints_held', { state: 'paused' })).toBe(1)
    engine.service.resumeEndpoint(endpoint)
    await engine.quiet()
    const after = await scrape()
    expect(valueOf(after, 'webhook_queue_size')).toBe(0)
    expect(valueOf(after, 'webhook_lag_seconds')).toBe(0)
    expect(valueOf(after, 'webhook_endpoints_held', { state: 'paused' })).toBe(0)
  })

  test('counts breakers that are not closed, also those that were open before, and forgets endpoints that are removed', async () => {
    const engine = startEngine()
    engine.transport.respond(() => 503)
    const breaker = { failures: 1, cooldownMs: 60_000 }
    const [before, after] = [engine.register({ breaker }), engine.register({ breaker })]
    engine.service.submitEvent(before, 'order', {})
    await engine.quiet()
    const scrape = await serve(engine)
    expect(valueOf(await scrape(), 'webhook_breakers', { state: 'open' })).toBe(1)
    engine.service.submitEvent(after, 'order', {})
    await engine.quiet()
    expect(valueOf(await scrape(), 'webhook_breakers', { state: 'open' })).toBe(2)
    engine.service.removeEndpoint(before)
    expect(valueOf(await scrape(), 'webhook_breakers', { state: 'open' })).toBe(1)
    const idle = engine.register()
    engine.service.pauseEndpoint(idle)
    expect(valueOf(await scrape(), 'webhook_endpoints_held', { state: 'paused' })).toBe(1)
    engine.service.removeEndpoint(idle)
    expect(valueOf(await scrape(), 'webhook_endpoints_held', { state: 'paused' })).toBe(0)
  })

  test('tells so many event types apart, and counts the others as one', async () => {
    const engine = startEngine()
    const scrape = await serve(engine, { eventTypes: 2 })
    await scrape()
    const endpoint = engine.register()
    for (const type of ['a', 'b', 'c', 'd', 'a']) engine.service.submitEvent(endpoint, type, {})
    await engine.quiet()
    const family = (await scrape()).get('webhook_events_total')!
    expect(family.samples.map(({ labels, value }) => [labels['event_type'], value])).toEqual([
      ['a', 2],
      ['b', 1],
      ['other', 2],
    ])
  })

  test('counts a dead letter and its redelivery, and not that its line was released', async () => {
    const engine = startEngine()
    const scrape = await serve(engine)
    await scrape()
    engine.transport.respond(() => 500)
    const endpoint = engine.register({ whenExhausted: 'halt', retry: { maxAttempts: 1 } })
    const event = engine.service.submitEvent(endpoint, 'order', {})
    await engine.quiet()
    engine.service.resumeEndpoint(endpoint)
    await engine.quiet()
    expect(valueOf(await scrape(), 'webhook_deliveries_total', { status: 'deadLettered' })).toBe(1)
    engine.transport.respond(() => 200)
    engine.service.redeliver(event)
    await engine.quiet()
    const families = await scrape()
    expect(valueOf(families, 'webhook_redeliveries_total')).toBe(1)
    expect(valueOf(families, 'webhook_deliveries_total', { status: 'delivered' })).toBe(1)
    expect(valueOf(families, 'webhook_events_kept', { state: 'deadLettered' })).toBe(0)
  })

  test('shows every figure there is, and those of the process, before anything has happened', async () => {
    const engine = startEngine()
    const families = await (await serve(engine))()
    for (const { name } of figures) expect(families.has(name), name).toBe(true)
    expect(valueOf(families, 'process_resident_memory_bytes')).toBeGreaterThan(0)
    expect(families.has('nodejs_eventloop_lag_p99_seconds')).toBe(true)
    expect(valueOf(families, 'webhook_log_condition', { condition: 'writable' })).toBe(1)
    expect(valueOf(families, 'webhook_log_durable')).toBe(0)
    expect(families.get('webhook_log_file_bytes')!.samples).toEqual([])
  })

  test('counts no more once the server is closed', async () => {
    const engine = startEngine()
    const { server } = await startServer(engine.service, { clock: engine.clock })
    await server.close()
    expect(engine.clock.timers).toBe(0)
    engine.service.submitEvent(engine.register(), 'order', {})
    await engine.quiet()
  })
})

test('every failure has an outcome of the list', () => {
  const reasons = ['dns', 'connect', 'tls', 'reset', 'protocol', 'timeout', 'aborted', 'redirect', 'internal'] as const
  for (const reason of reasons) {
    expect(attemptOutcomes).toContain(failedOutcome({ reason, message: '', reach: 'unknown' }))
  }
  fc.assert(
    fc.property(fc.integer({ min: 0, max: 999 }), (status) => {
      expect(attemptOutcomes).toContain(failedOutcome({ reason: 'status', status, message: '', reach: 'answered' }))
    }),
  )
})

test('whatever the names are, no more are told apart than allowed, and nothing is lost', () => {
  fc.assert(
    fc.property(fc.array(fc.constantFrom('a', 'b', 'c', 'd', 'other')), fc.nat(4), (names, limit) => {
      const counts = new BoundedCounts(limit)
      for (const name of names) counts.add(name)
      const entries = [...counts.entries('other')]
      expect(entries.filter(([name]) => name !== 'other').length).toBeLessThanOrEqual(limit)
      expect(new Set(entries.map(([name]) => name)).size).toBe(entries.length)
      expect(entries.reduce((sum, [, count]) => sum + count, 0)).toBe(names.length)
    }),
  )
})
