// How an endpoint that only fails is disabled, and where it can be seen: the log, service events, explain, getEndpoint.
import { describe, expect, it } from 'vitest'
import { listen, stepsOf } from '../support/endpoint-steps.ts'
import { startEngine } from '../support/start-engine.ts'

const hourMs = 3_600_000
const dayMs = 24 * hourMs

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
