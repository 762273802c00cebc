import { describe, expect, test } from 'vitest'
import { DiskFullError } from '../support/failing-log.ts'
import type { Engine } from '../support/start-engine.ts'
import { bodySignature, createKeepingWorld, deliver, elsewhere, secret, signatures, url } from './keeping-world.ts'

describe('when the home refuses', () => {
  test.each<[string, (engine: Engine, id: string) => unknown]>([
    ['a registration', ({ service }) => service.registerEndpoint(elsewhere, secret)],
    ['an update', ({ service }, id) => service.updateEndpoint(id, { url: elsewhere, timeoutMs: 5 })],
    ['a rotation', ({ service }, id) => service.rotateSecret(id, 'the new secret')],
    ['a removal', ({ service }, id) => service.removeEndpoint(id)],
  ])('%s, the call throws and nothing has changed', async (_, call) => {
    const world = createKeepingWorld()
    const engine = world.restart()
    const id = engine.service.registerEndpoint(url, secret)
    const stateOf = () => [engine.service.listEndpoints(), world.log.kept, [...world.log.endpointEntries()]]
    const before = stateOf()
    const signed = bodySignature(await deliver(engine, id))
    world.log.refuseEndpoints(true)
    expect(() => call(engine, id)).toThrow(DiskFullError)
    expect(stateOf()).toEqual(before)
    expect(bodySignature(await deliver(engine, id))).toBe(signed)
    expect(signatures(engine)).toBe(1)
    world.log.refuseEndpoints(false)
    expect(() => call(engine, id)).not.toThrow()
    expect(stateOf()).not.toEqual(before)
  })

  test('a record of an attempt that was cut off, no service is made, and the next start makes it', async () => {
    const world = createKeepingWorld()
    const first = world.restart()
    const id = first.service.registerEndpoint(url, secret)
    first.transport.respond(() => 'held')
    const event = first.service.submitEvent(id, 'a.b', 1)
    await first.quiet()
    world.log.refuse(() => true)
    expect(() => world.restart()).toThrow(DiskFullError)
    world.log.refuse(() => false)
    const next = world.restart()
    await next.quiet()
    expect(next.service.getEventStatus(event).status).toBe('delivered')
  })
})
