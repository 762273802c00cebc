import { describe, expect, test } from 'vitest'
import { EndpointNotFoundError } from '../../src/errors/errors.ts'
import { startEngine } from '../support/start-engine.ts'

describe('what waits', () => {
  test('is told of each endpoint by state, in bytes, and since when', async () => {
    const { service, register, transport, quiet, clock } = startEngine()
    const begin = new Date(clock.now()).toISOString()
    const [busy, idle] = [register({ ordering: 'key', concurrency: 2 }), register()]
    expect(service.endpointStats(busy)).toEqual({
      events: { pending: 0, delivering: 0, backoff: 0 },
      pendingBytes: 0,
      oldestPendingAt: null,
      inFlight: 0,
    })
    transport.respond(() => 500)
    service.submitEvent(busy, 'a', 1, { orderingKey: 'one' })
    await quiet()
    transport.respond(() => 'held')
    await clock.advance(10)
    service.submitEvent(busy, 'a', 22, { orderingKey: 'two' })
    service.submitEvent(busy, 'a', 333, { orderingKey: 'two' })
    await quiet()
    expect(service.endpointStats(busy)).toEqual({
      events: { pending: 1, delivering: 1, backoff: 1 },
      pendingBytes: 6,
      oldestPendingAt: begin,
      inFlight: 1,
    })
    expect(service.endpointStats(idle).events).toEqual({ pending: 0, delivering: 0, backoff: 0 })
    expect(() => service.endpointStats('ep_none')).toThrow(EndpointNotFoundError)
  })

  test('waits since it was submitted, or since it was put back in line', async () => {
    const { service, register, transport, clock, quiet } = startEngine({ retry: { maxAttempts: 1 } })
    const endpoint = register()
    transport.respond(() => 500)
    const dead = service.submitEvent(endpoint, 'a', 1)
    await quiet()
    expect(service.stats().oldestPendingAt).toBeNull()
    await clock.advance(3_600_000)
    const redeliveredAt = new Date(clock.now()).toISOString()
    service.pauseEndpoint(endpoint)
    service.redeliver(dead)
    await clock.advance(1000)
    service.submitEvent(endpoint, 'a', 2)
    expect(service.stats().oldestPendingAt).toBe(redeliveredAt)
    expect(service.endpointStats(endpoint).oldestPendingAt).toBe(redeliveredAt)
  })

  test('is the oldest over all endpoints, until it has settled', async () => {
    const { service, register, transport, clock, quiet } = startEngine()
    const [first, second] = [register(), register()]
    transport.respond(() => 'held')
    service.submitEvent(first, 'a', 1)
    const older = new Date(clock.now()).toISOString()
    await clock.advance(5000)
    service.submitEvent(second, 'a', 2)
    const newer = new Date(clock.now()).toISOString()
    await quiet()
    expect(service.stats().oldestPendingAt).toBe(older)
    transport.open[0]?.answer(200)
    await quiet()
    expect(service.stats().oldestPendingAt).toBe(newer)
    service.removeEndpoint(second)
    expect(service.stats().oldestPendingAt).toBeNull()
  })
})
