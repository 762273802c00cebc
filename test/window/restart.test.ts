import { describe, expect, test } from 'vitest'
import { CapacityError, DivergenceError } from '../../src/errors/errors.ts'
import { createWorld } from './window-world.ts'

describe('a restart', () => {
  test('interrupts what was in flight, under the same id and with the next number, and places go on', async () => {
    const world = createWorld()
    world.transport.respond(() => 'held')
    const events = world.submit(5)
    await world.settle()
    const next = world.restart()
    const { service } = next
    expect(service.stats().events).toMatchObject({ pending: 5, delivering: 0 })
    await next.settle()
    const [first] = service.getEvent(events[0]!).attempts
    expect(first).toMatchObject({ attempt: 1, outcome: 'interrupted' })
    expect(next.transport.requests[0]).toMatchObject({ eventId: events[0], attempt: 2 })
    const last = service.submitEvent(next.id, 'a.b', {})
    expect(service.getEvent(last).sequence).toBe(6)
    for (let turn = 0; turn < 10; turn += 1) await next.settle()
    expect(next.sent).toEqual([...events, last])
  })

  test('goes on at the due time, and a halted line stays halted until a person decides', async () => {
    const world = createWorld({
      endpoint: { whenExhausted: 'halt' },
      options: { retry: { maxAttempts: 2, initialDelayMs: 5000, jitter: 0 } },
    })
    world.transport.respond(() => 500)
    const events = world.submit(3)
    await world.settle()
    const second = world.restart()
    second.transport.respond(() => 500)
    await second.clock.advance(4999)
    expect(second.sent).toEqual([])
    await second.clock.advance(1)
    await second.settle()
    const third = second.restart()
    await third.settle()
    expect(third.sent).toEqual([])
    expect(third.service.explain(events[2]!)).toMatchObject({
      reason: 'lineHalted',
      ahead: 1,
      behind: { eventId: events[0] },
    })
    third.service.redeliver(events[0]!)
    for (let turn = 0; turn < 10; turn += 1) await third.settle()
    expect(third.sent).toEqual(events)
  })

  test('leaves out what is damaged, says so, and the line goes on without it', async () => {
    const world = createWorld()
    world.service.pauseEndpoint(world.id)
    const events = world.submit(3)
    await world.settle()
    world.log.disk.damaged.add(events[1]!)
    const next = world.restart()
    expect(() => next.service.getEvent(events[1]!)).toThrow(DivergenceError)
    next.service.resumeEndpoint(next.id)
    for (let turn = 0; turn < 10; turn += 1) await next.settle()
    expect(next.sent).toEqual([events[0], events[2]])
    expect(next.notices).toContainEqual(expect.objectContaining({ type: 'quarantined', eventId: events[1] }))
    expect(next.service.stats()).toMatchObject({ pendingBytes: 0, events: { pending: 0 } })
    await next.service.drain()
  })

  test('counts what waits against the limits', async () => {
    const world = createWorld({ options: { limits: { pendingEvents: 3 } } })
    world.service.pauseEndpoint(world.id)
    world.submit(3)
    await world.settle()
    const next = world.restart()
    expect(() => next.submit(1)).toThrow(CapacityError)
  })
})
