// What memory holds of lines where the home keeps the rest, and when it comes in.
import { describe, expect, test } from 'vitest'
import type { EndpointOptions } from '../../src/endpoint/endpoint-options.ts'
import { createWorld } from './window-world.ts'

describe('a line beyond its window', () => {
  test('is delivered in order, whatever part of it is committed', async () => {
    const world = createWorld()
    const events = world.submit(7)
    await world.settle()
    events.push(...world.submit(3))
    for (let turn = 0; turn < 20; turn += 1) await world.settle()
    expect(world.sent).toEqual(events)
  })

  test('waits for the commit of what comes next, and goes on after it', async () => {
    const world = createWorld()
    world.transport.respond(() => 'held')
    const events = world.submit(3)
    await world.settle()
    events.push(...world.submit(2))
    for (const event of events) {
      const [request] = world.transport.open
      expect(request?.eventId).toBe(event)
      request?.answer(200)
      await world.quiet()
      await world.settle()
    }
    expect(world.sent).toEqual(events)
  })

  test('costs no reading while all of it fits into the window', async () => {
    const world = createWorld()
    world.submit(2)
    await world.settle()
    expect(world.sent).toHaveLength(2)
    expect(world.log.reads).toBe(0)
  })

  test('may be longer while memory has room: a share of what is left of it', async () => {
    // Of 20 a line takes a quarter of the room: the fifth finds room for 16, and 4 are there.
    const world = createWorld({ sizes: { events: 20, roomShare: 1 / 4 } })
    const inMemory = world.submit(4)
    for (let turn = 0; turn < 4; turn += 1) await world.settle()
    expect([world.sent, world.log.reads]).toEqual([inMemory, 0])
    world.service.pauseEndpoint(world.id)
    const events = world.submit(5)
    world.service.resumeEndpoint(world.id)
    for (let turn = 0; turn < 4; turn += 1) await world.settle()
    expect(world.sent).toEqual([...inMemory, ...events])
    expect(world.log.reads).toBeGreaterThan(0)
  })

  test('is told of as if it were in memory: status, details, place, and what it waits for', async () => {
    const world = createWorld()
    world.transport.respond(() => 'held')
    const events = world.submit(5)
    await world.settle()
    const { service } = world
    expect(service.getEventStatus(events[4]!)).toMatchObject({ status: 'pending', attempts: 0 })
    expect(service.getEvent(events[4]!)).toMatchObject({ payload: { index: 4 }, sequence: 5, ahead: 4 })
    expect(service.explain(events[4]!)).toMatchObject({
      reason: 'behind',
      ahead: 4,
      behind: { eventId: events[0], status: 'delivering' },
    })
    expect(service.stats().events).toMatchObject({ pending: 4, delivering: 1 })
  })

  test('goes on when the home could not be read for a while', async () => {
    const world = createWorld()
    const events = world.submit(5)
    world.log.commit()
    world.log.unreadable = true
    await world.settle()
    expect(world.sent.length).toBeLessThan(5)
    world.log.unreadable = false
    await world.clock.advance(1000)
    for (let turn = 0; turn < 10; turn += 1) await world.settle()
    expect(world.sent).toEqual(events)
  })

  test('is settled whole when its endpoint is removed, also what is not committed', async () => {
    const world = createWorld()
    world.transport.respond(() => 'held')
    const events = world.submit(5)
    await world.settle()
    events.push(...world.submit(2))
    world.service.removeEndpoint(world.id)
    await world.settle()
    expect(world.service.stats().events).toMatchObject({ pending: 5, failed: 2 })
    await world.clock.advance(100)
    expect(events.map((id) => world.service.getEventStatus(id).status)).toEqual(events.map(() => 'failed'))
    expect(world.service.stats()).toMatchObject({ pendingBytes: 0, events: { pending: 0, failed: 7 } })
  })
})

describe('memory that is full', () => {
  test('still lets every line go on', async () => {
    const world = createWorld({ endpoint: { ordering: 'key', concurrency: 2 }, sizes: { events: 1 } })
    const events = world.submit(12, (index) => `key-${index % 4}`)
    for (let turn = 0; turn < 40; turn += 1) {
      await world.settle()
      await world.clock.advance(20)
    }
    expect([...world.sent].sort()).toEqual([...events].sort())
  })
})

describe('lines beyond memory', () => {
  const endpoint: EndpointOptions = { ordering: 'none', concurrency: 2 }

  test('come in as those before them go, in the order in which they joined', async () => {
    const world = createWorld({ endpoint: { ...endpoint, concurrency: 1 } })
    const events = world.submit(9)
    for (let turn = 0; turn < 20; turn += 1) {
      await world.settle()
      await world.clock.advance(20)
    }
    expect(world.sent).toEqual(events)
  })

  test('are looked for again once they are committed', async () => {
    const world = createWorld({ endpoint: { ...endpoint, concurrency: 1 } })
    const events = world.submit(4)
    await world.clock.advance(20)
    for (let turn = 0; turn < 20; turn += 1) {
      await world.settle()
      await world.clock.advance(20)
    }
    expect(world.sent).toEqual(events)
  })

  test('are not kept waiting by lines that back off', async () => {
    const world = createWorld({
      endpoint,
      options: { retry: { initialDelayMs: 1_000_000, maxDelayMs: 1_000_000, jitter: 0 } },
    })
    const events = world.submit(12)
    const failing = new Set(events.slice(0, 6))
    world.transport.respond(({ eventId }) => (failing.has(eventId) ? 500 : 200))
    for (let turn = 0; turn < 30; turn += 1) {
      await world.settle()
      await world.clock.advance(20)
    }
    expect(world.service.stats().events).toMatchObject({ pending: 0, backoff: 6, delivered: 6 })
  })

  test('one whose settling is not committed is not taken for one that waits', async () => {
    const world = createWorld({ endpoint })
    const events = world.submit(8)
    await world.settle()
    for (let turn = 0; turn < 60; turn += 1) {
      await world.quiet()
      await world.clock.advance(10)
      if (turn % 7 === 0) world.log.commit()
    }
    expect([...world.sent].sort()).toEqual([...events].sort())
  })
})
