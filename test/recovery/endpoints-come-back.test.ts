import { describe, expect, onTestFinished, test } from 'vitest'
import { EndpointNotFoundError } from '../../src/index.ts'
import type { EndpointOptions } from '../../src/index.ts'
import { createEndpointKeepingLog } from '../support/endpoint-keeping-log.ts'
import { DiskFullError } from '../support/failing-log.ts'
import type { Engine } from '../support/start-engine.ts'
import type { ScriptedRequest } from '../support/scripted-transport.ts'
import { createWorld } from './start-world.ts'

const url = 'https://merchant.example/hooks'
const elsewhere = 'https://merchant.example/elsewhere'
const secret = 'a shared secret'

function createKeepingWorld() {
  const log = createEndpointKeepingLog()
  return { ...createWorld(log), log }
}

/** How many secrets signed the last request. */
const signatures = ({ transport }: Engine): number =>
  transport.requests.at(-1)!.header('webhook-signature')!.split(' ').length

const bodySignature = (request: ScriptedRequest | undefined): string | undefined => request?.header('x-signature')

async function deliver(engine: Engine, endpointId: string, payload: unknown = {}): Promise<ScriptedRequest> {
  engine.service.submitEvent(endpointId, 'a.b', payload)
  await engine.quiet()
  return engine.transport.requests.at(-1)!
}

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

describe('a stored endpoint that cannot be read', () => {
  async function leaveOut(change: Parameters<ReturnType<typeof createEndpointKeepingLog>['tamper']>[1]) {
    const world = createKeepingWorld()
    const first = world.restart()
    const [good, bad] = ['ep_good', 'ep_bad'].map((id) => first.service.registerEndpoint(url, secret, { id })) as [
      string,
      string,
    ]
    first.service.pauseEndpoint(bad)
    const waiting = first.service.submitEvent(bad, 'a.b', 1)
    world.log.tamper(bad, change)
    const next = world.restart()
    const told: { endpointId: string; error: unknown }[] = []
    onTestFinished(next.service.on('endpointLeftOut', (notice) => told.push(notice)))
    await next.quiet()
    return { next, world, told, good, bad, waiting }
  }

  test.each<[string, string, Parameters<typeof leaveOut>[0]]>([
    ['settings that are none', 'damaged', (stored) => ({ ...stored, settings: 7 })],
    ['settings of a later version', 'unknownFormat', (stored) => ({ ...stored, settings: { version: 2 } })],
    ['a URL that is none', 'damaged', (stored) => ({ ...stored, url: 'ftp://token:s3cret@x' })],
    ['no secret', 'damaged', (stored) => ({ ...stored, secrets: [] })],
    ['no secrets at all', 'damaged', (stored) => ({ ...stored, secrets: null })],
    ['a secret that cannot sign', 'damaged', (stored) => ({ ...stored, secrets: [{ secret: 'whsk_s3cret' }] })],
  ])('is left out, and told of: %s', async (_, reason, change) => {
    const { next, told, good, bad, waiting } = await leaveOut(change)
    expect(next.service.listEndpoints().map(({ id }) => id)).toEqual([good])
    expect(told).toMatchObject([{ endpointId: bad, error: { code: 'STORAGE_FAILED', reason } }])
    expect(String(told[0]?.error)).not.toContain('s3cret')
    expect(next.service.explain(waiting).reason).toBe('endpointUnregistered')
  })

  test('is replaced by whoever registers it again, and its line goes on', async () => {
    const { next, world, bad, waiting } = await leaveOut((stored) => ({ ...stored, settings: null }))
    next.service.registerEndpoint(elsewhere, secret, { id: bad })
    next.service.resumeEndpoint(bad)
    await next.quiet()
    expect(next.service.getEventStatus(waiting).status).toBe('delivered')
    expect(world.restart().service.getEndpoint(bad).url).toBe(elsewhere)
  })

  test('nor whose own records do not follow: it cannot be registered either', async () => {
    const world = createKeepingWorld()
    const first = world.restart()
    world.register(first)
    const paused = { type: 'endpoint.paused', at: '2025-01-01T00:00:00.000Z' } as const
    const record = { at: paused.at, endpointId: world.id, eventId: '', event: paused, attempts: 0 } as const
    world.log.appendEndpoint({ ...record, from: 'disabled', to: 'paused', machine: 'endpoint@1' })
    const next = world.restart()
    const told: unknown[] = []
    next.service.on('endpointLeftOut', ({ endpointId, error }) => told.push([endpointId, (error as Error).name]))
    await next.quiet()
    expect(told).toEqual([[world.id, 'DivergenceError']])
    expect(() => world.register(next)).toThrow('does not follow')
  })
})

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
