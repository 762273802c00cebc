import { describe, expect, test } from 'vitest'
import type { EndpointOptions } from '../../src/index.ts'
import type { Engine } from '../support/start-engine.ts'
import { createKeepingWorld, deliver } from './keeping-world.ts'

describe('the health of an endpoint that comes back', () => {
  async function health(options: EndpointOptions, ail: (engine: Engine, id: string) => unknown) {
    const world = createKeepingWorld()
    const first = world.restart()
    world.register(first, options)
    await ail(first, world.id)
    await first.quiet()
    const before = first.service.getEndpoint(world.id)
    const next = world.restart({}, 1000)
    return { world, next, before, after: next.service.getEndpoint(world.id) }
  }

  const failOnce = async (engine: Engine, id: string): Promise<void> => {
    engine.transport.respond(() => 503)
    await deliver(engine, id)
  }

  test('is paused when it was', async () => {
    const { before, after } = await health({}, ({ service }, id) => service.pauseEndpoint(id))
    expect(after).toMatchObject({ state: 'paused' })
    expect(after).toEqual(before)
  })

  test('is disabled when it was, with the reason, until it is resumed', async () => {
    const gone = async (engine: Engine, id: string): Promise<void> => {
      engine.transport.respond(() => 410)
      await deliver(engine, id)
    }
    const { world, next, before, after } = await health({}, gone)
    expect(after).toMatchObject({ state: 'disabled', health: { disableReason: 'gone' } })
    expect(after).toEqual(before)
    expect(() => next.service.submitEvent(world.id, 'a.b', 2)).toThrow('is disabled')
    next.service.resumeEndpoint(world.id)
    await deliver(next, world.id)
    expect(next.transport.requests).toHaveLength(1)
  })

  test('has its breaker open until the end of its cooldown', async () => {
    const { world, next, before, after } = await health({ breaker: { failures: 1, cooldownMs: 10_000 } }, failOnce)
    expect(after.health.breaker).toMatchObject({ state: 'open' })
    expect(after).toEqual(before)
    await next.clock.advance(8999)
    expect(next.transport.requests).toHaveLength(0)
    await next.clock.advance(1)
    expect(next.transport.requests).toHaveLength(1)
    expect(next.service.getEndpoint(world.id).health.breaker?.state).toBe('closed')
  })

  test('has failed since it began to', async () => {
    const { before, after } = await health({ autoDisable: { afterMs: 60_000 } }, failOnce)
    expect(after.health.failingSince).toMatch(/^2025-01-01/)
    expect(after).toEqual(before)
  })
})
