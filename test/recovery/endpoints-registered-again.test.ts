import { describe, expect, test } from 'vitest'
import type { EndpointOptions } from '../../src/index.ts'
import { DiskFullError } from '../support/failing-log.ts'
import { createKeepingWorld, deliver, elsewhere, secret, signatures, url } from './keeping-world.ts'

describe('registering one again under its id', () => {
  const start = (options: EndpointOptions = {}) => {
    const world = createKeepingWorld()
    const first = world.restart()
    world.register(first, options)
    return { world, first }
  }

  test('takes it over: what is given replaces what was stored, and its line goes on', async () => {
    const { world, first } = start({ timeoutMs: 500, description: 'old' })
    await deliver(first, world.id)
    first.service.pauseEndpoint(world.id)
    const waiting = first.service.submitEvent(world.id, 'a.b', 2)
    const second = world.restart()
    second.service.registerEndpoint(elsewhere, 'another secret', { id: world.id, description: 'new' })
    const now = { id: world.id, url: elsewhere, timeoutMs: null, description: 'new', state: 'paused' }
    expect(second.service.listEndpoints()).toMatchObject([now])
    const third = world.restart()
    expect(third.service.listEndpoints()).toMatchObject([now])
    third.service.resumeEndpoint(world.id)
    await third.quiet()
    expect(third.service.getEvent(waiting)).toMatchObject({ status: 'delivered', sequence: 2 })
  })

  test('is done once in a process; a second time the id is taken', () => {
    const { world, first } = start()
    expect(() => world.register(first)).toThrow('must be the id of no registered endpoint')
    const next = world.restart()
    world.register(next)
    expect(() => world.register(next)).toThrow('must be the id of no registered endpoint')
    next.service.removeEndpoint(world.id)
    world.register(next)
  })

  test('writes nothing when nothing is new, so that starting again and again does not fill the home', () => {
    const options: EndpointOptions = { headers: { A: 'b' }, breaker: { failures: 3, cooldownMs: 1000 } }
    const { world } = start(options)
    const { writes } = world.log
    world.register(world.restart(), options)
    world.register(world.restart(), options)
    expect(world.log.writes).toBe(writes)
    world.register(world.restart(), { ...options, headers: { A: 'c' } })
    expect(world.log.writes).toBe(writes + 1)
  })

  test('leaves an overlap that goes on, when the secret is the one that signs', async () => {
    const { world, first } = start()
    first.service.rotateSecret(world.id, 'the new secret')
    const same = world.restart()
    same.service.registerEndpoint(url, 'the new secret', { id: world.id })
    await deliver(same, world.id)
    expect(signatures(same)).toBe(2)
    const other = world.restart()
    other.service.registerEndpoint(url, 'a third secret', { id: world.id })
    await deliver(other, world.id)
    expect(signatures(other)).toBe(1)
  })

  test('keeps an open breaker open, and starts one afresh that is set in another way', async () => {
    const breaker = { failures: 1, cooldownMs: 10_000 }
    const { world, first } = start({ breaker })
    first.transport.respond(() => 503)
    await deliver(first, world.id)
    const second = world.restart({}, 1000)
    world.register(second, { breaker, description: 'new' })
    expect(second.service.getEndpoint(world.id).description).toBe('new')
    expect(second.service.getEndpoint(world.id).health.breaker?.state).toBe('open')
    const third = world.restart()
    world.register(third, { breaker: { failures: 2, cooldownMs: 10_000 } })
    expect(third.service.getEndpoint(world.id).health.breaker?.state).toBe('closed')
  })

  test('refuses another ordering', () => {
    const { world } = start({ ordering: 'key' })
    const next = world.restart()
    expect(() => world.register(next, { ordering: 'none' })).toThrow("ordering must be 'key', that of the endpoint")
    expect(next.service.getEndpoint(world.id).ordering).toBe('key')
    world.register(next, { ordering: 'key' })
  })

  test('is refused as anything else is, and has changed nothing then', () => {
    const { world } = start()
    const next = world.restart()
    const before = next.service.listEndpoints()
    for (const wrong of [
      () => next.service.registerEndpoint('ftp://x', secret, { id: world.id }),
      () => next.service.registerEndpoint(elsewhere, '', { id: world.id }),
      () => next.service.registerEndpoint(elsewhere, secret, { id: world.id, timeoutMs: 0 }),
    ])
      expect(wrong).toThrow()
    world.log.refuseEndpoints(true)
    expect(() => next.service.registerEndpoint(elsewhere, secret, { id: world.id })).toThrow(DiskFullError)
    expect(next.service.listEndpoints()).toEqual(before)
    world.log.refuseEndpoints(false)
    next.service.registerEndpoint(elsewhere, secret, { id: world.id })
    expect(next.service.getEndpoint(world.id).url).toBe(elsewhere)
  })
})
