import { describe, expect, test } from 'vitest'
import { EndpointNotFoundError } from '../../src/index.ts'
import type { EndpointOptions } from '../../src/index.ts'
import { bodySignature, createKeepingWorld, deliver, elsewhere, secret, signatures, url } from './keeping-world.ts'

describe('an endpoint that the home keeps', () => {
  test('comes back by itself with its URL, settings and secret, and its line goes on', async () => {
    const world = createKeepingWorld()
    const first = world.restart()
    const options: EndpointOptions = {
      eventTypes: ['order.*'],
      headers: { Authorization: 'Bearer x' },
      timeoutMs: 500,
      ordering: 'key',
      description: 'the shop',
    }
    const id = first.service.registerEndpoint(url, secret, options)
    const before = first.service.listEndpoints()
    const sent = await deliver(first, id, 1)
    first.service.pauseEndpoint(id)
    const waiting = first.service.submitEvent(id, 'a.b', 2)
    first.service.resumeEndpoint(id)

    const next = world.restart()
    expect(next.service.listEndpoints()).toEqual(before)
    expect(next.service.publishEvent('order.paid', {})).toHaveLength(1)
    expect(next.service.publishEvent('other', {})).toHaveLength(0)
    await next.quiet()
    expect(next.service.getEvent(waiting)).toMatchObject({ status: 'delivered', sequence: 2 })
    const again = await deliver(next, id, 1)
    expect(again.header('authorization')).toBe('Bearer x')
    expect(bodySignature(again)).toBe(bodySignature(sent))
  })

  test('comes back although events of another ordering wait, put back in line after its id was registered anew', async () => {
    const world = createKeepingWorld()
    const first = world.restart()
    first.service.registerEndpoint(url, secret, { id: 'ep_1', ordering: 'none' })
    const { eventId } = await deliver(first, 'ep_1')
    first.service.removeEndpoint('ep_1')
    first.service.registerEndpoint(url, secret, { id: 'ep_1' })
    first.service.pauseEndpoint('ep_1')
    first.service.redeliver(eventId)
    const next = world.restart()
    next.service.resumeEndpoint('ep_1')
    await next.quiet()
    expect(next.service.getEventStatus(eventId)).toMatchObject({ status: 'delivered', attempts: 2 })
  })

  test('comes back in the order of registration, and ids are not given twice', () => {
    const world = createKeepingWorld()
    const first = world.restart()
    const ids = ['ep_z', 'ep_a', 'ep_m'].map((id) => first.service.registerEndpoint(url, secret, { id }))
    first.service.updateEndpoint('ep_z', { description: 'changed last' })
    const next = world.restart()
    expect(next.service.listEndpoints().map(({ id }) => id)).toEqual(ids)
    expect(next.service.publishEvent('a', {}).map((event) => next.service.getEvent(event).endpointId)).toEqual(ids)
  })

  test('comes back as it was changed, and not when it was removed', () => {
    const world = createKeepingWorld()
    const first = world.restart()
    const [changed, removed] = [1, 2].map(() => first.service.registerEndpoint(url, secret)) as [string, string]
    first.service.updateEndpoint(changed, { url: elsewhere, timeoutMs: 77 })
    first.service.removeEndpoint(removed)
    const next = world.restart()
    expect(next.service.listEndpoints()).toMatchObject([{ id: changed, url: elsewhere, timeoutMs: 77 }])
    expect(() => next.service.getEndpoint(removed)).toThrow(EndpointNotFoundError)
  })

  test('comes back with both secrets during an overlap, and with the new one alone after it', async () => {
    const world = createKeepingWorld()
    const first = world.restart()
    const id = first.service.registerEndpoint(url, secret)
    first.service.rotateSecret(id, 'the new secret', { overlapMs: 10_000 })
    const signed = bodySignature(await deliver(first, id))
    const second = world.restart({}, 9999)
    expect(bodySignature(await deliver(second, id))).toBe(signed)
    expect(signatures(second)).toBe(2)
    await second.clock.advance(1)
    await deliver(second, id)
    expect(signatures(second)).toBe(1)
    const third = world.restart()
    expect(bodySignature(await deliver(third, id))).toBe(signed)
    expect(signatures(third)).toBe(1)
  })

  test('keeps a secret that was rotated out of what it answered, also after a restart', async () => {
    const world = createKeepingWorld()
    const first = world.restart()
    const id = first.service.registerEndpoint(url, 'the leaked one')
    first.service.rotateSecret(id, 'the new secret', { overlapMs: 0 })
    const next = world.restart()
    const snippet = 'you sent: the leaked one, the new secret'
    const answer = { kind: 'answered', status: 500, retryAfter: null, snippet } as const
    next.transport.respond(() => answer)
    await deliver(next, id)
    expect(signatures(next)).toBe(1)
    expect(JSON.stringify([...next.service.log.entries()])).not.toMatch(/the leaked one|the new secret/)
  })

  test('comes back also where its URL would not be taken now: each attempt is judged when it starts', () => {
    const world = createKeepingWorld()
    const id = world.restart().service.registerEndpoint('http://merchant.example/hooks', secret)
    const next = world.restart({ egress: { httpsOnly: true } })
    expect(next.service.getEndpoint(id).url).toBe('http://merchant.example/hooks')
    expect(() => next.service.updateEndpoint(id, { url: 'http://merchant.example/' })).toThrow('https://')
  })

  test('comes back beyond limits.endpoints, and no other is registered', () => {
    const world = createKeepingWorld()
    const first = world.restart()
    for (const id of ['ep_1', 'ep_2']) first.service.registerEndpoint(url, secret, { id })
    const next = world.restart({ limits: { endpoints: 1 } })
    expect(next.service.stats().endpoints).toBe(2)
    expect(() => next.service.registerEndpoint(url, secret)).toThrow('limits.endpoints')
    expect(next.service.registerEndpoint(url, secret, { id: 'ep_2' })).toBe('ep_2')
  })

  test('tells those who listen right after the start of an attempt that the end of the process cut off', async () => {
    const world = createKeepingWorld()
    const first = world.restart()
    const id = first.service.registerEndpoint(url, secret)
    first.transport.respond(() => 'held')
    const event = first.service.submitEvent(id, 'a.b', 1)
    await first.quiet()
    const next = world.restart()
    const failed: unknown[] = []
    next.service.on('attemptFailed', ({ eventId, failure }) => failed.push([eventId, failure.reason]))
    await next.quiet()
    expect(failed).toEqual([[event, 'aborted']])
    expect(next.service.getEventStatus(event)).toMatchObject({ status: 'delivered', attempts: 2 })
  })
})
