import { describe, expect, test } from 'vitest'
import { IdempotencyConflictError } from '../../src/errors/errors.ts'
import { createWorld } from './window-world.ts'

describe('what has settled', () => {
  test('is out of memory once that is committed, and can be asked for and redelivered', async () => {
    const world = createWorld()
    const [event] = world.submit(1)
    await world.settle()
    const { service } = world
    expect(service.getEventStatus(event!)).toMatchObject({ status: 'delivered', attempts: 1 })
    service.redeliver(event!)
    expect(service.getEventStatus(event!).status).toBe('pending')
    await world.settle()
    expect(world.sent).toEqual([event, event])
    expect(service.getEvent(event!).attempts).toHaveLength(2)
  })

  test('is listed once as a dead letter, before and after that is committed', async () => {
    const world = createWorld({ options: { retry: { maxAttempts: 1 } } })
    world.transport.respond(() => 500)
    const events = world.submit(2)
    const listed = (): string[] => world.service.getDeadLetterEvents(world.id).map(({ eventId }) => eventId)
    await world.quiet()
    world.log.commit()
    await world.quiet()
    expect(listed()).toEqual([events[0]])
    await world.settle()
    expect(listed()).toEqual(events)
    world.transport.respond(() => 200)
    expect(world.service.redeliverDeadLetters(world.id)).toBe(2)
    expect(listed()).toEqual([])
    await world.settle()
    expect(world.service.stats().events).toMatchObject({ delivered: 2, deadLettered: 0 })
  })

  test('goes by number and age in small steps, and never while a redelivery is not committed', async () => {
    const world = createWorld({ options: { retention: { settledEvents: 2 } } })
    const events = world.submit(8)
    for (let turn = 0; turn < 10; turn += 1) await world.settle()
    world.service.redeliver(events[7]!)
    world.transport.respond(() => 'held')
    await world.clock.advance(1000)
    expect(world.service.stats().events.delivered).toBe(7)
    await world.settle()
    await world.clock.advance(1000)
    expect(world.service.stats().events).toMatchObject({ delivered: 2, delivering: 1 })
    expect(world.log.storedEvents.has(events[7]!)).toBe(true)
  })

  test('keeps its idempotency key', async () => {
    const world = createWorld()
    const options = { idempotencyKey: 'k' }
    const event = world.service.submitEvent(world.id, 'a.b', { n: 1 }, options)
    await world.settle()
    const next = world.restart()
    expect(next.service.submitEvent(next.id, 'a.b', { n: 1 }, options)).toBe(event)
    expect(() => next.service.submitEvent(next.id, 'a.b', { n: 2 }, options)).toThrow(IdempotencyConflictError)
  })
})
