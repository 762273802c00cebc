import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { EndpointNotFoundError } from '../../src/errors/errors.ts'
import { HooklineError } from '../../src/errors/hookline-error.ts'
import { createEngine, startEngine } from '../support/start-engine.ts'

describe('what waits', () => {
  test('is told of each endpoint by state, in bytes, and since when', async () => {
    const { service, register, transport, quiet, clock } = startEngine()
    const begin = new Date(clock.now()).toISOString()
    const [busy, idle] = [register({ ordering: 'key', concurrency: 2 }), register()]
    expect(service.endpointStats(busy)).toEqual({
      events: { pending: 0, delivering: 0, backoff: 0, deadLettered: 0 },
      sinceStart: { attempts: 0, delivered: 0, failed: 0, deadLettered: 0 },
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
      events: { pending: 1, delivering: 1, backoff: 1, deadLettered: 0 },
      sinceStart: { attempts: 2, delivered: 0, failed: 0, deadLettered: 0 },
      pendingBytes: 6,
      oldestPendingAt: begin,
      inFlight: 1,
    })
    expect(service.endpointStats(idle).events).toMatchObject({ pending: 0, delivering: 0, backoff: 0 })
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

  test('is a dead letter again that takes its place in front of its line', async () => {
    const { service, register, transport, clock, quiet } = startEngine({ retry: { maxAttempts: 1 } })
    const [halts, other, third] = [register({ whenExhausted: 'halt' }), register(), register()]
    transport.respond(() => 'held')
    const first = new Date(clock.now()).toISOString()
    const dead = service.submitEvent(halts, 'a', 1)
    for (const endpoint of [other, third, halts]) {
      await clock.advance(1000)
      service.submitEvent(endpoint, 'a', 2)
    }
    transport.open[0]?.answer(500)
    await quiet()
    expect(service.stats().oldestPendingAt).toBe(service.endpointStats(other).oldestPendingAt)
    transport.open[0]?.answer(200)
    await quiet()
    service.removeEndpoint(third)
    expect(service.stats().oldestPendingAt).toBe(service.endpointStats(halts).oldestPendingAt)
    service.redeliver(dead)
    expect(service.stats().oldestPendingAt).toBe(first)
  })
})

type Step =
  | { readonly type: 'submit' | 'remove' | 'pause' | 'resume'; readonly endpoint: number }
  | { readonly type: 'answer'; readonly index: number; readonly status: number }
  | { readonly type: 'redeliver'; readonly index: number }
  | { readonly type: 'ask' }

const endpoint = fc.nat({ max: 5 })
const index = fc.nat({ max: 20 })
const steps = fc.array(
  fc.oneof(
    { weight: 6, arbitrary: fc.record({ type: fc.constant('submit' as const), endpoint }) },
    {
      weight: 6,
      arbitrary: fc.record({ type: fc.constant('answer' as const), index, status: fc.constantFrom(200, 500, 400) }),
    },
    { weight: 3, arbitrary: fc.record({ type: fc.constant('ask' as const) }) },
    { weight: 2, arbitrary: fc.record({ type: fc.constant('redeliver' as const), index }) },
    { weight: 1, arbitrary: fc.record({ type: fc.constantFrom('remove', 'pause', 'resume'), endpoint }) },
  ),
  { maxLength: 60 },
)

test('the oldest of all is the oldest of the endpoints’ oldest, whatever happens between two questions', async () => {
  await fc.assert(
    fc.asyncProperty(steps, async (given: readonly Step[]) => {
      const { service, register, transport, clock, quiet, stop } = createEngine({
        retry: { maxAttempts: 1 },
        concurrency: 3,
      })
      transport.respond(() => 'held')
      const orderings = ['fifo', 'key', 'none'] as const
      const ids = orderings.flatMap((ordering) => [
        register({ ordering, whenExhausted: 'halt' }),
        register({ ordering, concurrency: ordering === 'fifo' ? 1 : 2 }),
      ])
      const events: string[] = []
      const ask = (): void => {
        const each = service.listEndpoints().map(({ id }) => service.endpointStats(id).oldestPendingAt)
        const [oldest = null] = each.filter((at) => at !== null).sort()
        expect(service.stats().oldestPendingAt).toBe(oldest)
      }
      const take = (step: Step): void => {
        const id = 'endpoint' in step ? (ids[step.endpoint] ?? '') : ''
        const at = 'index' in step ? step.index : 0
        if (step.type === 'ask') ask()
        else if (step.type === 'submit') {
          events.push(service.submitEvent(id, 'a', 1, { orderingKey: `${events.length % 2}` }))
        } else if (step.type === 'answer') transport.open[at % transport.open.length]?.answer(step.status)
        else if (step.type === 'redeliver') service.redeliver(events[at % events.length] ?? '')
        else if (step.type === 'remove') service.removeEndpoint(id)
        else if (step.type === 'pause') service.pauseEndpoint(id)
        else service.resumeEndpoint(id)
      }
      for (const step of given) {
        await clock.advance(1)
        try {
          take(step)
        } catch (error) {
          if (!(error instanceof HooklineError)) throw error
        }
        await quiet()
      }
      ask()
      await stop()
    }),
  )
})
