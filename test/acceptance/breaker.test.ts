// What a breaker does for an endpoint that fails, and where it can be seen: the log, service events, explain, getEndpoint.
import { describe, expect, it } from 'vitest'
import { listen, stepsOf } from '../support/endpoint-steps.ts'
import { startEngine } from '../support/start-engine.ts'

const hourMs = 3_600_000

describe('a breaker', () => {
  /** One endpoint that fails until it is healed, with two events in line. */
  async function startFailing(breaker = { failures: 3, cooldownMs: 60_000 }) {
    const engine = startEngine({ retry: { maxAttempts: 5, initialDelayMs: 1000, multiplier: 1, jitter: 0 } })
    const endpoint = engine.register({ breaker })
    const told = listen(engine, 'breakerChanged')
    engine.transport.respond(() => 503)
    const [head, second] = [1, 2].map((n) => engine.service.submitEvent(endpoint, 'a.b', { n }))
    await engine.clock.advance(2000)
    return { ...engine, engine, endpoint, told, head: head!, second: second! }
  }

  it('opens after a run of failed attempts, and holds the line without using up attempts', async () => {
    const { service, clock, head, told, endpoint } = await startFailing()
    expect(told).toEqual([
      ['breakerChanged', { endpointId: endpoint, state: 'open', reopensAt: '2025-01-01T00:01:02.000Z' }],
    ])
    await clock.advance(59_999)
    expect(service.getEventStatus(head)).toMatchObject({ status: 'backoff', attempts: 3 })
  })

  it('probes with the real head of the line, and with nothing else', async () => {
    const { service, clock, transport, head, second, told } = await startFailing()
    transport.respond(() => 'held')
    await clock.advance(60_000)
    expect(transport.open.map(({ eventId }) => eventId)).toEqual([head])
    transport.open[0]!.answer(200)
    await clock.advance(0)
    expect(transport.open.map(({ eventId }) => eventId)).toEqual([second])
    expect(told.map(([, { state }]) => state)).toEqual(['open', 'halfOpen', 'closed'])
    expect(service.getEventStatus(head)).toMatchObject({ status: 'delivered', attempts: 4 })
  })

  it('opens again for as long when the probe fails, and the head keeps what is left of its budget', async () => {
    const { service, clock, transport, head, engine, endpoint } = await startFailing()
    await clock.advance(60_000)
    expect(service.getEventStatus(head)).toMatchObject({ status: 'backoff', attempts: 4 })
    await clock.advance(59_999)
    expect(transport.requests).toHaveLength(4)
    await clock.advance(1)
    // Its last attempt was the probe: it is a dead letter, and the breaker waits with the one behind it.
    expect(service.getEventStatus(head)).toMatchObject({ status: 'deadLettered', attempts: 5 })
    expect(stepsOf(engine, endpoint)).toEqual([
      'breaker@1 threshold.reached: closed → open',
      'breaker@1 cooldown.elapsed: open → halfOpen',
      'breaker@1 probe.failed: halfOpen → open',
      'breaker@1 cooldown.elapsed: open → halfOpen',
      'breaker@1 probe.failed: halfOpen → open',
    ])
  })

  it('is explained to the head and to those behind it, and shown with the endpoint', async () => {
    const { service, head, second, endpoint } = await startFailing()
    const reopensAt = '2025-01-01T00:01:02.000Z'
    const text = `the breaker of endpoint ${endpoint} is open until ${reopensAt}, after 3 failed attempts in a row`
    expect(service.explain(head)).toMatchObject({ reason: 'breakerOpen', until: reopensAt, text })
    expect(service.explain(second)).toMatchObject({
      reason: 'behind',
      until: reopensAt,
      text: `behind event ${head}, which is in backoff until 2025-01-01T00:00:03.000Z after 3 attempts: ${text}`,
    })
    expect(service.getEndpoint(endpoint)).toMatchObject({
      state: 'active',
      health: { breaker: { state: 'open', failures: 3, reopensAt }, failingSince: null },
    })
  })

  it('tells who waits for a probe that is in flight', async () => {
    const { service, clock, transport, quiet, register } = startEngine({ retry: { initialDelayMs: 0, jitter: 0 } })
    const endpoint = register({ ordering: 'none', breaker: { failures: 1, cooldownMs: 1000 } })
    transport.respond(() => 500)
    service.submitEvent(endpoint, 'a.b', 1)
    await quiet()
    transport.respond(() => 'held')
    const other = service.submitEvent(endpoint, 'a.b', 2)
    await clock.advance(1000)
    expect(transport.open).toHaveLength(1)
    const probe = transport.open[0]!.eventId
    const waiting = [...service.log.entries()].map(({ eventId }) => eventId).find((id) => id !== probe) ?? other
    expect(service.explain(waiting)).toMatchObject({ reason: 'breakerOpen', until: null })
    expect(service.explain(waiting).text).toContain('waits for the answer to its probe')
  })

  it('takes an attempt that the egress policy forbade for neither a failure nor a success', async () => {
    const { service, transport, quiet, register } = startEngine({ retry: { maxAttempts: 1 } })
    const endpoint = register({ breaker: { failures: 2, cooldownMs: 1000 } })
    for (const answer of [500, 'egress_blocked', 500] as const) {
      transport.respond(() => answer)
      service.submitEvent(endpoint, 'a.b', 1)
      await quiet()
    }
    expect(service.getEndpoint(endpoint).health.breaker).toMatchObject({ state: 'open', failures: 2 })
  })

  it('starts anew at a new URL, and with new settings', async () => {
    for (const patch of [
      { url: 'https://moved.example' },
      { breaker: { failures: 9, cooldownMs: 5 } },
      { breaker: null },
    ]) {
      const { service, clock, transport, endpoint, engine, head } = await startFailing()
      transport.respond(() => 200)
      service.updateEndpoint(endpoint, patch)
      expect(stepsOf(engine, endpoint).at(-1)).toBe('breaker@1 breaker.reset: open → closed')
      await clock.advance(1000)
      expect(service.getEventStatus(head).status).toBe('delivered')
    }
  })

  it('holds a draining shutdown while an event waits behind it, whatever that event has come to', async () => {
    for (const ordering of ['fifo', 'none'] as const) {
      const { service, clock, transport, register } = startEngine({ retry: { maxAttempts: 1 } })
      let failing = true
      transport.respond(() => (failing ? 500 : 200))
      const endpoint = register({ ordering, concurrency: 1, breaker: { failures: 1, cooldownMs: hourMs } })
      const events = [1, 2, 3].map((n) => service.submitEvent(endpoint, 'a.b', { n }))
      await clock.advance(0)
      failing = false
      const drained = service.shutdown({ drain: true })
      await clock.advance(hourMs)
      await expect(drained).resolves.toMatchObject({ undelivered: [] })
      expect(events.map((id) => service.getEventStatus(id).status)).toEqual(['deadLettered', 'delivered', 'delivered'])
    }
  })

  it('holds a draining shutdown also for an event that came while it was open', async () => {
    const { service, clock, transport, register } = startEngine({ retry: { maxAttempts: 1 } })
    transport.respond(() => 500)
    const endpoint = register({ breaker: { failures: 1, cooldownMs: hourMs } })
    service.submitEvent(endpoint, 'a.b', 1)
    await clock.advance(1000)
    transport.respond(() => 200)
    const late = service.submitEvent(endpoint, 'a.b', 2)
    const drained = service.shutdown({ drain: true })
    await clock.advance(hourMs)
    await expect(drained).resolves.toMatchObject({ undelivered: [] })
    expect(service.getEventStatus(late).status).toBe('delivered')
  })

  it('lets the process end while nothing waits behind it', async () => {
    const { service, transport, quiet, register } = startEngine({ retry: { maxAttempts: 1 } })
    transport.respond(() => 500)
    service.submitEvent(register({ breaker: { failures: 1, cooldownMs: hourMs } }), 'a.b', 1)
    await quiet()
    const drained = service.shutdown({ drain: true })
    await quiet()
    await expect(drained).resolves.toMatchObject({ undelivered: [] })
  })
})
