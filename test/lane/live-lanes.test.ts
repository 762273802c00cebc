import { describe, expect, test } from 'vitest'
import { startEngine } from '../support/start-engine.ts'

const forty = Array.from({ length: 40 }, (_, n) => n)

describe('live lanes', () => {
  test('are no more than the limit, but for those with a request in flight', async () => {
    const { service, transport, clock, quiet, register } = startEngine({ limits: { liveLanes: 5 } })
    transport.respond(({ attempt }) => (attempt === 1 ? 503 : 200))
    const events = forty.map((n) => service.submitEvent(register(), 'a.b', { n }))
    await quiet()
    expect(service.stats()).toMatchObject({ liveLanes: 5, events: { backoff: 40 } })
    await clock.advance(1000)
    expect(service.stats()).toMatchObject({ liveLanes: 5, events: { delivered: 40 } })
    for (const event of events)
      expect(service.getEventStatus(event)).toMatchObject({ attempts: 2, lastError: 'HTTP 503' })
  })

  test('come back from backoff with the state they had, at the time they were due', async () => {
    const { service, transport, clock, quiet, register } = startEngine({ limits: { liveLanes: 1 } })
    transport.respond(({ endpointId }) => (endpointId === 'ep_1' ? 503 : 200))
    const failing = service.submitEvent(register(), 'a.b', {})
    await quiet()
    const before = service.getEvent(failing)
    service.submitEvent(register(), 'a.b', {}) // takes the only place
    await quiet()
    expect(service.stats().liveLanes).toBe(1)
    expect(service.getEvent(failing)).toEqual(before)
    await clock.advance(1000)
    expect(service.getEvent(failing).attempts.map(({ startedAt }) => startedAt)).toEqual([
      '2025-01-01T00:00:00.000Z',
      '2025-01-01T00:00:01.000Z',
    ])
    expect(service.getEvent(failing)).toMatchObject({ status: 'backoff', retryAt: '2025-01-01T00:00:03.000Z' })
  })

  test('with a request in flight stay until their answer is heard', async () => {
    const { service, transport, quiet, register } = startEngine({ limits: { liveLanes: 1 } })
    transport.respond(() => 'held')
    const events = forty.map((n) => service.submitEvent(register(), 'a.b', { n }))
    await quiet()
    for (const event of events)
      expect(service.getEventStatus(event)).toMatchObject({ status: 'delivering', attempts: 1 })
    for (const request of transport.open) request.answer(200)
    await quiet()
    expect(service.stats()).toMatchObject({ events: { delivered: 40 }, inFlight: 0 })
    transport.respond(() => 200)
    service.submitEvent(register(), 'a.b', {})
    await quiet()
    expect(service.stats().liveLanes).toBe(1)
  })

  test('of lines of their own are gone when their event has settled', async () => {
    const { service, clock, register } = startEngine()
    const endpoint = register({ ordering: 'none', concurrency: 10 })
    for (const n of forty) service.submitEvent(endpoint, 'a.b', { n })
    await clock.advance(1000)
    expect(service.stats()).toMatchObject({ liveLanes: 0, events: { delivered: 40 } })
  })

  test('go on counting the places of their line when they come back', async () => {
    const { service, clock, register } = startEngine({ limits: { liveLanes: 1 } })
    const endpoint = register({ ordering: 'key' })
    const places: number[] = []
    for (const orderingKey of ['a', 'b', 'a', 'b', 'c', 'a']) {
      places.push(service.getEvent(service.submitEvent(endpoint, 'a.b', {}, { orderingKey })).sequence)
      await clock.advance(1)
    }
    expect(places).toEqual([1, 1, 2, 2, 1, 3])
  })
})
