import { describe, expect, test } from 'vitest'
import { expectLinesAsLive, expectLogTellsAll } from '../replay/log-tells-all.ts'
import type { Engine } from '../support/start-engine.ts'
import { createWorld } from './start-world.ts'

function submit({ service }: Engine, n: number, options?: { orderingKey?: string; idempotencyKey?: string }): string {
  return service.submitEvent('ep_shop', 'a.b', { n }, options)
}

const delivered = ({ transport }: Engine) => transport.requests.map(({ body }) => (JSON.parse(body) as { n: number }).n)

describe('after a restart', () => {
  test('events wait for their endpoint to be registered again, and are then delivered in their order', async () => {
    const world = createWorld()
    const first = world.restart()
    first.transport.respond(() => 'held')
    world.register(first)
    const [, second] = [1, 2, 3].map((n) => submit(first, n))

    const next = world.restart()
    await next.quiet()
    expect(next.transport.requests).toEqual([])
    expect(next.service.stats()).toMatchObject({ events: { pending: 3 }, submitted: 3, pendingBytes: 21, endpoints: 0 })
    expect(next.service.explain(second!)).toMatchObject({
      reason: 'endpointUnregistered',
      text: expect.stringContaining('registerEndpoint with its id') as unknown,
    })
    world.register(next)
    expect(next.service.explain(second!)).toMatchObject({ reason: 'behind', ahead: 1 })
    await next.quiet()
    expect(delivered(next)).toEqual([1, 2, 3])
    expect(next.service.stats()).toMatchObject({ events: { delivered: 3 }, pendingBytes: 0 })
    expectLogTellsAll(next.service)
  })

  test('a new event joins behind those that wait, with the next place', async () => {
    const world = createWorld()
    const first = world.restart()
    world.register(first)
    submit(first, 1)
    await first.quiet()
    submit(first, 2)
    const next = world.restart()
    world.register(next)
    submit(next, 3)
    await next.quiet()
    expect(next.transport.requests.map(({ sequence }) => sequence)).toEqual([2, 3])
  })

  test('each ordering key goes on with its own next place, also where nothing waits', async () => {
    const world = createWorld()
    const first = world.restart()
    world.register(first, { ordering: 'key' })
    for (const orderingKey of ['a', 'a', 'b']) submit(first, 1, { orderingKey })
    await first.quiet()
    submit(first, 1, { orderingKey: 'b' })
    const next = world.restart()
    world.register(next, { ordering: 'key' })
    const [a, b] = ['a', 'b'].map((orderingKey) => submit(next, 1, { orderingKey }))
    expect(next.service.getEvent(a!).sequence).toBe(3)
    expect(next.service.getEvent(b!).sequence).toBe(3)
  })

  test('an attempt that was in flight is recorded as interrupted and sent again, out of no budget', async () => {
    const world = createWorld()
    const first = world.restart()
    first.transport.respond(() => 'held')
    world.register(first)
    const event = submit(first, 1)
    await first.quiet()

    const next = world.restart({ retry: { maxAttempts: 1 } }, 5000)
    expect(next.service.getEventStatus(event).status).toBe('delivering')
    expect(next.service.explain(event).reason).toBe('endpointUnregistered')
    world.register(next)
    await next.quiet()
    expect(next.transport.requests.map(({ attempt }) => attempt)).toEqual([2])
    const { attempts, status } = next.service.getEvent(event)
    expect(status).toBe('delivered')
    expect(attempts[0]).toMatchObject({
      attempt: 1,
      outcome: 'interrupted',
      endedAt: '2025-01-01T00:00:05.000Z',
      failure: { reason: 'aborted', reach: 'unknown', message: expect.stringContaining('process ended') as unknown },
    })
  })

  test.each([
    ['goes on until it is due', 300, 700],
    ['that is over by then is due at once', 1500, 0],
  ])('a backoff %s', async (_, downMs, leftMs) => {
    const world = createWorld()
    const first = world.restart()
    first.transport.respond(() => 503)
    world.register(first)
    const event = submit(first, 1)
    await first.quiet()
    const next = world.restart({}, downMs)
    world.register(next)
    if (leftMs > 0) {
      await next.clock.advance(leftMs - 1)
      expect(next.transport.requests).toEqual([])
      expect(next.service.explain(event)).toMatchObject({ reason: 'backoff', until: '2025-01-01T00:00:01.000Z' })
      await next.clock.advance(1)
    }
    await next.quiet()
    expect(next.service.getEventStatus(event)).toMatchObject({ status: 'delivered', attempts: 2 })
  })

  test('a backoff lasts no longer than was drawn, though the wall clock was set back', async () => {
    const world = createWorld()
    const first = world.restart()
    first.transport.respond(() => 503)
    world.register(first)
    const event = submit(first, 1)
    await first.quiet()
    const next = world.restart({}, -3_600_000)
    world.register(next)
    await next.clock.advance(1000)
    expect(next.service.getEventStatus(event).status).toBe('delivered')
  })

  test.each(['redeliver', 'resumeEndpoint'] as const)('a dead letter holds its line until %s', async (call) => {
    const world = createWorld()
    const first = world.restart({ retry: { maxAttempts: 1 } })
    first.transport.respond(() => 500)
    world.register(first, { whenExhausted: 'halt' })
    const holding = submit(first, 1)
    const behind = submit(first, 2)
    await first.quiet()

    const next = world.restart()
    world.register(next, { whenExhausted: 'halt' })
    await next.quiet()
    expect(next.service.explain(behind)).toMatchObject({ reason: 'lineHalted', behind: { eventId: holding } })
    expect(next.service.getDeadLetterEvents(world.id).map(({ eventId }) => eventId)).toEqual([holding])
    next.service[call](call === 'redeliver' ? holding : world.id)
    await next.quiet()
    expect(delivered(next)).toEqual(call === 'redeliver' ? [1, 2] : [2])
    expectLinesAsLive(next.service)
  })

  test('an idempotency key gives the event that it made before', async () => {
    const world = createWorld()
    const first = world.restart()
    world.register(first)
    const event = submit(first, 1, { idempotencyKey: 'order-1' })
    const next = world.restart()
    world.register(next)
    expect(submit(next, 1, { idempotencyKey: 'order-1' })).toBe(event)
    await next.quiet()
    expect(delivered(next)).toEqual([1])
  })

  test('what waits counts towards the limits', () => {
    const world = createWorld()
    const first = world.restart()
    world.register(first)
    submit(first, 1)
    const next = world.restart({ limits: { pendingEvents: 1 } })
    world.register(next)
    expect(() => submit(next, 2)).toThrow('limits.pendingEvents')
  })

  test('settled events are forgotten in the order they settled, and at the age they have', async () => {
    const world = createWorld()
    const first = world.restart()
    const other = first.register({ id: 'ep_other' })
    world.register(first)
    first.transport.respond(({ endpointId }) => (endpointId === other ? 'held' : 200))
    const slow = first.service.submitEvent(other, 'a.b', 1)
    const quick = submit(first, 1)
    await first.clock.advance(100)
    first.transport.open[0]!.answer(200)
    await first.quiet()

    const keeping = world.restart({ retention: { settledEvents: 1 } })
    expect(() => keeping.service.getEvent(quick)).toThrow('no event has the id')
    expect(keeping.service.getEventStatus(slow).status).toBe('delivered')
    const aging = world.restart({ retention: { ageMs: 1000 } }, 600)
    await aging.clock.advance(399)
    expect(aging.service.getEventStatus(slow).status).toBe('delivered')
    await aging.clock.advance(1)
    expect(aging.service.stats().events.delivered).toBe(0)
  })

  test('a settled event can be redelivered', async () => {
    const world = createWorld()
    const first = world.restart()
    world.register(first)
    const event = submit(first, 1)
    await first.quiet()
    const next = world.restart()
    expect(() => next.service.redeliver(event)).toThrow('no endpoint has the id')
    world.register(next)
    next.service.redeliver(event)
    await next.quiet()
    expect(next.transport.requests.map(({ attempt }) => attempt)).toEqual([2])
    expectLogTellsAll(next.service)
  })

  test('a shutdown reports what waits for an endpoint, and a drain does not wait for it', async () => {
    const world = createWorld()
    const first = world.restart()
    world.register(first)
    const eventId = submit(first, 1)
    const next = world.restart()
    const report = next.service.shutdown({ drain: true })
    await next.quiet()
    expect((await report).undelivered).toEqual([{ eventId, endpointId: world.id, status: 'pending' }])
    expect(next.service.explain(eventId).reason).toBe('serviceClosed')
  })

  test('a removal that was under way is brought to its end', async () => {
    const world = createWorld()
    const first = world.restart()
    first.transport.respond(() => 'held')
    world.register(first)
    const [inFlight, waiting] = [submit(first, 1), submit(first, 2)]
    await first.quiet()
    world.log.appendEndpoint({
      at: '2025-01-01T00:00:00.000Z',
      endpointId: world.id,
      eventId: '',
      event: { type: 'endpoint.removed', at: '2025-01-01T00:00:00.000Z' },
      from: 'active',
      to: 'removed',
      attempts: 0,
      machine: 'endpoint@1',
    })
    const next = world.restart()
    for (const event of [inFlight, waiting]) {
      const lastError = 'endpoint_removed: the endpoint was removed'
      expect(next.service.getEventStatus(event)).toMatchObject({ status: 'failed', lastError })
    }
    expect([...world.log.endpointEntries()]).toEqual([])
    expect(next.service.stats()).toMatchObject({ events: { failed: 2 }, pendingBytes: 0 })
    world.register(next)
    expect(next.service.getEvent(submit(next, 3)).sequence).toBe(3)
    await next.quiet()
    expect(delivered(next)).toEqual([3])
  })
})
