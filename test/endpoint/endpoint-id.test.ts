import { expect, test } from 'vitest'
import { InvalidOptionError } from '../../src/errors/errors.ts'
import { startEngine } from '../support/start-engine.ts'
import { createWorld } from '../recovery/start-world.ts'

test('an endpoint has the id that it was given', () => {
  const { service, register } = startEngine()
  expect(register({ id: 'ep_shop-1_A' })).toBe('ep_shop-1_A')
  expect(service.getEndpoint('ep_shop-1_A').id).toBe('ep_shop-1_A')
})

test.each(['', 'ep_', 'shop', 'ep_a.b', 'ep_ a', `ep_${'x'.repeat(61)}`, 7, null, {}])('refuses the id %j', (id) => {
  const { service, register } = startEngine()
  expect(() => register({ id: id as string })).toThrow('id must be ep_ and 1 to 60 of A-Z a-z 0-9 _ -')
  expect(service.listEndpoints()).toEqual([])
})

test('refuses an id in use, until that endpoint is removed', () => {
  const { service, register } = startEngine()
  register({ id: 'ep_shop' })
  expect(() => register({ id: 'ep_shop' })).toThrow(InvalidOptionError)
  service.removeEndpoint('ep_shop')
  expect(register({ id: 'ep_shop' })).toBe('ep_shop')
})

test('another endpoint under an id that was removed goes on with the next place', async () => {
  const { service, transport, quiet, register } = startEngine()
  for (let n = 1; n <= 2; n += 1) {
    register({ id: 'ep_shop' })
    service.submitEvent('ep_shop', 'a.b', n)
    await quiet()
    service.removeEndpoint('ep_shop')
  }
  expect(transport.requests.map(({ sequence }) => sequence)).toEqual([1, 2])
})

test('an id cannot be changed', () => {
  const { service, register } = startEngine()
  const patch = { id: 'ep_other', description: null }
  expect(() => service.updateEndpoint(register(), patch)).toThrow('id is not an option')
})

test('refuses an ordering other than that in which its events wait', () => {
  const world = createWorld()
  const first = world.restart()
  world.register(first)
  first.service.submitEvent(world.id, 'a.b', 1)
  const next = world.restart()
  expect(() => world.register(next, { ordering: 'key' })).toThrow(`ordering must be 'fifo', in which events`)
  expect(next.service.listEndpoints()).toEqual([])
  world.register(next)
})
