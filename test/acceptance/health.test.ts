// What happens to an endpoint that fails, and where it can be seen: the log, the service events, explain, getEndpoint.
import { describe, expect, it, test } from 'vitest'
import { exportJsonl, importJsonl } from '../../src/log/jsonl.ts'
import { isEndpointTransition } from '../../src/log/transition.ts'
import { replay } from '../../src/replay/replay.ts'
import type { ServiceEvents, ServiceEventType } from '../../src/notices/notices.ts'
import { createFailingLog } from '../support/failing-log.ts'
import { startEngine } from '../support/start-engine.ts'
import type { Engine } from '../support/start-engine.ts'

const hourMs = 3_600_000
const dayMs = 24 * hourMs

/** Everything the service tells of these types, by name. */
function listen<Type extends ServiceEventType>({ service }: Engine, ...types: Type[]): [Type, ServiceEvents[Type]][] {
  const told: [Type, ServiceEvents[Type]][] = []
  for (const type of types) service.on(type, (notice) => told.push([type, notice]))
  return told
}

/** The steps of an endpoint's own statecharts, as the log tells of them. */
function stepsOf({ service }: Engine, endpointId: string): string[] {
  return Array.from(
    service.log.endpointEntries({ endpointId }),
    ({ machine, event, from, to }) => `${machine} ${event.type}: ${from} → ${to}`,
  )
}

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

describe('automatic disabling', () => {
  const autoDisable = { afterMs: 5 * dayMs, warningMs: dayMs }
  /** Tries once an hour, for as long as it takes. */
  const hourly = { maxAttempts: 1000, initialDelayMs: hourMs, maxDelayMs: hourMs, multiplier: 1, jitter: 0 }

  async function startFailing(answer: 500 | 404 | 'reset' = 500) {
    const engine = startEngine({ retry: hourly })
    const told = listen(engine, 'endpointFailing', 'endpointDisabled')
    engine.transport.respond(() => answer)
    const endpoint = engine.register({ autoDisable })
    const event = engine.service.submitEvent(endpoint, 'a.b', 1)
    await engine.quiet()
    return { ...engine, engine, told, endpoint, event }
  }

  it('warns a configured time before, and then disables, after nothing but failures', async () => {
    const { service, clock, told, endpoint, event, engine } = await startFailing()
    const failingSince = '2025-01-01T00:00:00.000Z'
    const disableAt = '2025-01-06T00:00:00.000Z'
    await clock.advance(4 * dayMs - 1)
    expect(told).toEqual([])
    await clock.advance(1)
    expect(told).toEqual([['endpointFailing', { endpointId: endpoint, failingSince, disableAt }]])
    expect(service.getEndpoint(endpoint)).toMatchObject({ state: 'active', health: { failingSince, disableAt } })
    await clock.advance(dayMs - 1)
    expect(told).toHaveLength(1)
    await clock.advance(1)
    expect(told[1]).toEqual(['endpointDisabled', { endpointId: endpoint, reason: 'failing', failingSince }])
    expect(service.getEndpoint(endpoint)).toMatchObject({
      state: 'disabled',
      health: { failingSince, disableAt: null, disableReason: 'failing' },
    })
    expect(service.explain(event)).toMatchObject({
      reason: 'endpointDisabled',
      text: `endpoint ${endpoint} is disabled, because it has only failed since ${failingSince}; resumeEndpoint lets its line go on`,
    })
    expect(() => service.submitEvent(endpoint, 'a.b', 2)).toThrow(
      expect.objectContaining({ code: 'ENDPOINT_DISABLED' }),
    )
    expect(stepsOf(engine, endpoint)).toEqual([
      'endpoint@1 failures.began: active → failing',
      'endpoint@1 failures.lasted: failing → warned',
      'endpoint@1 endpoint.disabled: warned → disabled',
    ])
  })

  it('counts refusals for good and broken connections as failures too', async () => {
    for (const answer of [404, 'reset'] as const) {
      const { service, clock, endpoint } = await startFailing(answer)
      for (let hour = 0; hour <= 5 * 24; hour += 1) {
        if (service.getEndpoint(endpoint).state === 'active') service.submitEvent(endpoint, 'a.b', 1)
        await clock.advance(hourMs)
      }
      expect(service.getEndpoint(endpoint).state).toBe('disabled')
    }
  })

  it('begins again after a single success', async () => {
    const { service, clock, transport, told, endpoint, engine } = await startFailing()
    await clock.advance(4 * dayMs + hourMs)
    transport.respond(() => 200)
    await clock.advance(hourMs)
    expect(service.getEndpoint(endpoint)).toMatchObject({
      state: 'active',
      health: { failingSince: null, disableAt: null },
    })
    transport.respond(() => 500)
    service.submitEvent(endpoint, 'a.b', 2)
    await clock.advance(4 * dayMs - hourMs)
    expect(told).toHaveLength(1)
    expect(stepsOf(engine, endpoint).slice(2)).toEqual([
      'endpoint@1 failures.ended: warned → active',
      'endpoint@1 failures.began: active → failing',
    ])
  })

  it('disables no endpoint that has had nothing to send, and none before its warning is as old as promised', async () => {
    const { service, clock, transport, told, endpoint, quiet } = await startFailing('reset')
    service.pauseEndpoint(endpoint)
    service.resumeEndpoint(endpoint)
    transport.respond(() => 404)
    await clock.advance(hourMs)
    await clock.advance(30 * dayMs)
    expect([told, service.getEndpoint(endpoint).state]).toEqual([[], 'active'])
    service.submitEvent(endpoint, 'a.b', 2)
    await quiet()
    expect(told.map(([type]) => type)).toEqual(['endpointFailing'])
    await clock.advance(dayMs - 1)
    service.submitEvent(endpoint, 'a.b', 3)
    await quiet()
    expect(service.getEndpoint(endpoint).state).toBe('active')
    await clock.advance(1)
    service.submitEvent(endpoint, 'a.b', 4)
    await quiet()
    expect(told.map(([type]) => type)).toEqual(['endpointFailing', 'endpointDisabled'])
  })

  it('is undone by resumeEndpoint, which counts afresh', async () => {
    const { service, clock, endpoint, event, transport } = await startFailing()
    await clock.advance(5 * dayMs)
    const { attempts } = service.getEventStatus(event)
    await clock.advance(dayMs)
    expect(service.getEventStatus(event)).toMatchObject({ status: 'backoff', attempts })
    service.resumeEndpoint(endpoint)
    await clock.advance(0)
    expect(service.getEventStatus(event).attempts).toBe(attempts + 1)
    expect(service.getEndpoint(endpoint)).toMatchObject({ state: 'active', health: { disableReason: null } })
    transport.respond(() => 200)
    await clock.advance(hourMs)
    expect(service.getEventStatus(event).status).toBe('delivered')
  })

  it('forgets failures of another URL and of other settings', async () => {
    for (const patch of [
      { url: 'https://moved.example' },
      { autoDisable: { afterMs: dayMs } },
      { autoDisable: null },
    ]) {
      const { service, endpoint, engine } = await startFailing()
      service.updateEndpoint(endpoint, patch)
      expect(stepsOf(engine, endpoint).at(-1)).toBe('endpoint@1 failures.ended: failing → active')
    }
  })

  it('is measured by time that has passed, not by the wall clock', async () => {
    const { service, clock, endpoint } = await startFailing()
    clock.jump(150 * dayMs)
    await clock.advance(hourMs)
    expect(service.getEndpoint(endpoint)).toMatchObject({ state: 'active', health: { disableAt: null } })
  })
})

test('no event of a paused endpoint is taken up when the one in flight ends', async () => {
  const spawned: string[] = []
  const { service, transport, quiet, register } = startEngine({
    inspect: (inspected) => {
      if (inspected.type !== '@xstate.actor' || !('id' in inspected.actorRef)) return
      const id = String(inspected.actorRef.id)
      if (id.startsWith('evt_')) spawned.push(id)
    },
  })
  transport.respond(() => 'held')
  const endpoint = register()
  const [first] = [1, 2].map((n) => service.submitEvent(endpoint, 'a.b', { n }))
  await quiet()
  service.pauseEndpoint(endpoint)
  transport.open[0]!.answer(200)
  await quiet()
  expect(spawned).toEqual([first])
})

describe("an endpoint's own records", () => {
  it('tell of pauses, of a 410 and of what a person did about it', async () => {
    const engine = startEngine()
    const { service, transport, quiet, register } = engine
    const endpoint = register()
    service.pauseEndpoint(endpoint)
    service.pauseEndpoint(endpoint)
    service.resumeEndpoint(endpoint)
    service.resumeEndpoint(endpoint)
    transport.respond(() => 410)
    service.submitEvent(endpoint, 'a.b', 1)
    await quiet()
    expect(stepsOf(engine, endpoint)).toEqual([
      'endpoint@1 endpoint.paused: active → paused',
      'endpoint@1 endpoint.resumed: paused → active',
      'endpoint@1 endpoint.disabled: active → disabled',
    ])
  })

  it('are numbered and exported with those of events, and told to those who subscribe to them', async () => {
    const { service, quiet, register } = startEngine()
    const heard: number[] = []
    service.log.subscribeToEndpoints(({ seq }) => heard.push(seq))
    const endpoint = register()
    service.submitEvent(endpoint, 'a.b', 1)
    await quiet()
    service.pauseEndpoint(endpoint)
    await quiet()
    const records = [...importJsonl(exportJsonl(service.log))]
    expect(records.map(({ seq }) => seq)).toEqual([1, 2, 3, 4])
    expect(heard).toEqual(records.filter(isEndpointTransition).map(({ seq }) => seq))
    expect([...service.log.entries()].map(({ seq }) => seq)).toEqual([1, 2, 3])
  })

  it('are kept up to retention.endpointRecords of each endpoint and statechart, and fold all the same', () => {
    const engine = startEngine({ retention: { endpointRecords: 3 } })
    const { service, register } = engine
    const [noisy, quietOne] = [register(), register()]
    service.pauseEndpoint(quietOne)
    for (let n = 0; n < 10; n += 1) {
      service.pauseEndpoint(noisy)
      service.resumeEndpoint(noisy)
    }
    service.pauseEndpoint(noisy)
    expect(stepsOf(engine, noisy)).toHaveLength(3)
    expect(stepsOf(engine, quietOne)).toHaveLength(1)
    const { endpoints } = replay(importJsonl(exportJsonl(service.log)))
    expect([endpoints.get(noisy)?.state, endpoints.get(quietOne)?.state]).toEqual(['paused', 'paused'])
  })

  it('go with their endpoint', () => {
    const engine = startEngine()
    const endpoint = engine.register()
    engine.service.pauseEndpoint(endpoint)
    engine.service.removeEndpoint(endpoint)
    expect([...engine.service.log.endpointEntries()]).toEqual([])
  })

  it('are appended before the step is taken: what the log refuses has not happened', async () => {
    const log = createFailingLog()
    const { service, transport, clock, quiet, register } = startEngine({ log })
    const endpoint = register()
    log.refuse(() => true)
    expect(() => service.pauseEndpoint(endpoint)).toThrow('no space left')
    expect(service.getEndpoint(endpoint).state).toBe('active')

    log.refuse(() => false)
    transport.respond(() => 410)
    const refused: unknown[] = []
    service.on('endpointAppendFailed', ({ endpointId }) => refused.push(endpointId))
    service.submitEvent(endpoint, 'a.b', 1)
    const second = service.submitEvent(endpoint, 'a.b', 2)
    // All is taken but the record that disables the endpoint.
    const disabling = log.calls + 3
    log.refuse((call) => call === disabling)
    await quiet()
    expect([refused, service.getEndpoint(endpoint).state]).toEqual([[endpoint], 'active'])
    // It owes the log that record, and calls nobody before.
    expect(service.getEventStatus(second)).toMatchObject({ status: 'pending', attempts: 0 })
    await clock.advance(1000)
    expect(service.getEndpoint(endpoint).state).toBe('disabled')
  })

  it('hold the line while the log owes them, and let it go on when it has taken them', async () => {
    const log = createFailingLog()
    const { service, transport, clock, register } = startEngine({ log, retry: { initialDelayMs: 100, jitter: 0 } })
    transport.respond(({ attempt }) => (attempt === 1 ? 500 : 200))
    const endpoint = register({ autoDisable: { afterMs: dayMs } })
    // The fourth is the endpoint's own: it comes after the submission, the attempt's start, and its end.
    log.refuse((call) => call === 4)
    const event = service.submitEvent(endpoint, 'a.b', 1)
    await clock.advance(999)
    expect(service.getEventStatus(event)).toMatchObject({ status: 'backoff', attempts: 1 })
    await clock.advance(1)
    expect(service.getEventStatus(event)).toMatchObject({ status: 'delivered', attempts: 2 })
    expect(Array.from(service.log.endpointEntries(), ({ event: { type } }) => type)).toEqual([
      'failures.began',
      'failures.ended',
    ])
  })
})
