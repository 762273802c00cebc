import { expect, test } from 'vitest'
import { DivergenceError } from '../../src/errors/errors.ts'
import type { Transition } from '../../src/log/transition.ts'
import type { ServiceEvents } from '../../src/notices/notices.ts'
import { replay } from '../../src/replay/replay.ts'
import { createWorld } from './start-world.ts'
import type { World } from './start-world.ts'

/** Two events that wait; then a record of the first that follows from nothing. */
function damage(world: World): readonly [string, string] {
  const first = world.restart()
  world.register(first)
  const [damaged, sound] = [1, 2].map((n) => first.service.submitEvent(world.id, 'a.b', n)) as [string, string]
  const at = '2025-01-01T00:00:00.000Z'
  world.log.append({
    at,
    endpointId: world.id,
    eventId: damaged,
    event: { type: 'attempt.started', attempt: 7, at },
    from: 'pending',
    to: 'delivering',
    attempts: 7,
    machine: 'delivery@1',
  })
  return [damaged, sound]
}

test('an event whose records do not follow is left out and told of; its line goes on without it', async () => {
  const world = createWorld()
  const [damaged, sound] = damage(world)
  const next = world.restart()
  const told: ServiceEvents['quarantined'][] = []
  next.service.on('quarantined', (notice) => told.push(notice))
  world.register(next)
  await next.quiet()
  expect(next.transport.requests.map(({ eventId }) => eventId)).toEqual([sound])
  expect(told).toEqual([
    { eventId: damaged, endpointId: world.id, eventType: 'a.b', error: expect.any(DivergenceError) as unknown },
  ])
  expect(() => next.service.getEvent(damaged)).toThrow('no event has the id')
  expect(next.service.stats()).toMatchObject({ submitted: 1, pendingBytes: 0, events: { delivered: 1, pending: 0 } })
  expect([...world.log.entries({ eventId: damaged })]).toHaveLength(2)
})

test('an endpoint whose own records do not follow cannot be registered again, and the others can', async () => {
  const world = createWorld()
  const first = world.restart()
  const other = first.register({ id: 'ep_other' })
  world.register(first)
  const [waiting, sound] = [world.id, other].map((endpoint) => first.service.submitEvent(endpoint, 'a.b', 1))
  const at = '2025-01-01T00:00:00.000Z'
  const event = { type: 'endpoint.resumed', at } as const
  const draft = { at, endpointId: world.id, eventId: '', attempts: 0, machine: 'endpoint@1' } as const
  world.log.appendEndpoint({ ...draft, event, from: 'active', to: 'paused' })
  const next = world.restart()
  expect(() => world.register(next)).toThrow(DivergenceError)
  next.register({ id: other })
  await next.quiet()
  expect(next.service.getEventStatus(sound!).status).toBe('delivered')
  expect(next.service.explain(waiting!).reason).toBe('endpointUnregistered')
})

test('a new endpoint never gets the id of one that waits to come back', () => {
  const world = createWorld()
  damage(world)
  const next = world.restart({ ids: { endpointId: () => world.id, eventId: () => 'evt_9' } })
  expect(() => next.register()).toThrow('ids.endpointId')
})

const anyDamage: readonly [string, unknown][] = [
  ['no event', null],
  ['a text in place of its event', 'attempt.started'],
  ['an event without a type', { attempt: 1 }],
  ['an event whose type is none', { type: 7 }],
]

test.each(anyDamage)('a record with %s stops the one event that it is of', async (_, event) => {
  const world = createWorld()
  const first = world.restart()
  world.register(first)
  const [damaged, sound] = [1, 2].map((n) => first.service.submitEvent(world.id, 'a.b', n)) as [string, string]
  const at = '2025-01-01T00:00:00.000Z'
  const step = {
    at,
    endpointId: world.id,
    from: 'pending',
    to: 'delivering',
    attempts: 1,
    machine: 'delivery@1',
  } as const
  world.log.append({ ...step, eventId: damaged, event: event as never })
  const next = world.restart()
  world.register(next)
  await next.quiet()
  expect(next.transport.requests.map(({ eventId }) => eventId)).toEqual([sound])
  expect(() => replay(world.log.entries())).toThrow(DivergenceError)
})

test.each(anyDamage)('an endpoint’s record with %s stops the one endpoint that it is of', (_, event) => {
  const world = createWorld()
  const draft = { at: '2025-01-01T00:00:00.000Z', eventId: '', attempts: 0, machine: 'endpoint@1' } as const
  const step = { ...draft, from: 'active', to: 'paused', event: event as never } as const
  world.log.appendEndpoint({ ...step, endpointId: world.id })
  const next = world.restart()
  expect(() => world.register(next)).toThrow(DivergenceError)
  expect(next.register({ id: 'ep_other' })).toBe('ep_other')
})

test('an event without a body is left out, and its line goes on', async () => {
  const world = createWorld()
  const first = world.restart()
  world.register(first)
  const sound = first.service.submitEvent(world.id, 'a.b', 1)
  const [submission] = [...world.log.entries()] as [Transition]
  world.log.append({ ...submission, eventId: 'evt_damaged', event: { ...submission.event, body: undefined } as never })
  const next = world.restart()
  world.register(next)
  await next.quiet()
  expect(next.transport.requests.map(({ eventId }) => eventId)).toEqual([sound])
  expect(next.service.stats()).toMatchObject({ submitted: 1, events: { delivered: 1, pending: 0 } })
})

test('a breaker of which the log does not say until when it is open lets a probe through', async () => {
  const world = createWorld()
  const first = world.restart()
  const breaker = { failures: 1, cooldownMs: 5000 }
  world.register(first, { breaker })
  const event = first.service.submitEvent(world.id, 'a.b', 1)
  const at = '2025-01-01T00:00:00.000Z'
  const opened = { type: 'threshold.reached', at, failures: 1, reopensAt: null } as never
  const draft = { at, endpointId: world.id, eventId: '', attempts: 0, machine: 'breaker@1' } as const
  world.log.appendEndpoint({ ...draft, event: opened, from: 'closed', to: 'open' })
  const next = world.restart()
  world.register(next, { breaker })
  await next.clock.advance(5000)
  expect(next.service.getEventStatus(event).status).toBe('delivered')
})
