import { expect, test } from 'vitest'
import { expectLogTellsAll } from '../replay/log-tells-all.ts'
import { createWorld } from './start-world.ts'

test('a paused endpoint is still paused after a restart', async () => {
  const world = createWorld()
  const first = world.restart()
  world.register(first)
  first.service.pauseEndpoint(world.id)
  const event = first.service.submitEvent(world.id, 'a.b', 1)
  const next = world.restart()
  world.register(next)
  await next.quiet()
  expect(next.service.explain(event).reason).toBe('endpointPaused')
  next.service.resumeEndpoint(world.id)
  await next.quiet()
  expect(next.service.getEventStatus(event).status).toBe('delivered')
})

test('a disabled endpoint is still disabled after a restart, and takes no events', async () => {
  const world = createWorld()
  const first = world.restart()
  first.transport.respond(() => 410)
  world.register(first)
  first.service.submitEvent(world.id, 'a.b', 1)
  await first.quiet()
  const next = world.restart()
  world.register(next)
  expect(next.service.getEndpoint(world.id)).toMatchObject({ state: 'disabled', health: { disableReason: 'gone' } })
  expect(() => next.service.submitEvent(world.id, 'a.b', 2)).toThrow('is disabled')
})

test('an open breaker stays open until the end of its cooldown', async () => {
  const world = createWorld()
  const breaker = { failures: 1, cooldownMs: 10_000 }
  const first = world.restart()
  first.transport.respond(() => 503)
  world.register(first, { breaker })
  const event = first.service.submitEvent(world.id, 'a.b', 1)
  await first.quiet()
  const next = world.restart({}, 4000)
  world.register(next, { breaker })
  expect(next.service.getEndpoint(world.id).health.breaker).toEqual({
    state: 'open',
    failures: 1,
    reopensAt: '2025-01-01T00:00:10.000Z',
  })
  await next.clock.advance(5999)
  expect(next.service.explain(event).reason).toBe('breakerOpen')
  await next.clock.advance(1)
  expect(next.service.getEventStatus(event).status).toBe('delivered')
  expectLogTellsAll(next.service)
})

test('failures that lasted before a restart count, and the time it took too', async () => {
  const world = createWorld()
  const autoDisable = { afterMs: 60_000, warningMs: 0 }
  const first = world.restart()
  first.transport.respond(() => 503)
  world.register(first, { autoDisable })
  first.service.submitEvent(world.id, 'a.b', 1)
  await first.quiet()
  const next = world.restart({}, 60_000)
  next.transport.respond(() => 503)
  world.register(next, { autoDisable })
  expect(next.service.getEndpoint(world.id).health.failingSince).toBe('2025-01-01T00:00:00.000Z')
  await next.quiet()
  expect(next.service.getEndpoint(world.id)).toMatchObject({ state: 'disabled', health: { disableReason: 'failing' } })
})

test('what an endpoint was set to no more is ended in the log', async () => {
  const world = createWorld()
  const first = world.restart()
  first.transport.respond(() => 503)
  world.register(first, { breaker: { failures: 1, cooldownMs: 60_000 }, autoDisable: { afterMs: 60_000 } })
  const event = first.service.submitEvent(world.id, 'a.b', 1)
  await first.quiet()
  const next = world.restart()
  world.register(next)
  expect(next.service.getEndpoint(world.id).health).toMatchObject({ breaker: null, failingSince: null })
  const types = Array.from(world.log.endpointEntries(), ({ event: { type } }) => type)
  expect(types.slice(2).sort()).toEqual(['breaker.reset', 'failures.ended'])
  await next.clock.advance(1000)
  expect(next.service.getEventStatus(event).status).toBe('delivered')
  expectLogTellsAll(next.service)
})

test('its records from before a restart count among those that are kept', () => {
  const world = createWorld()
  const first = world.restart()
  world.register(first)
  for (let n = 0; n < 3; n += 1) {
    first.service.pauseEndpoint(world.id)
    first.service.resumeEndpoint(world.id)
  }
  const next = world.restart({ retention: { endpointRecords: 2 } })
  world.register(next)
  next.service.pauseEndpoint(world.id)
  expect(Array.from(world.log.endpointEntries(), ({ seq }) => seq)).toEqual([6, 7])
})
