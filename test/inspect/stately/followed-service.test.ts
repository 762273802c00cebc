import { describe, expect, test } from 'vitest'
import { breakerMachine } from '../../../machines/breaker.ts'
import { deliveryMachine } from '../../../machines/delivery.ts'
import { endpointMachine } from '../../../machines/endpoint.ts'
import { sequencerMachine } from '../../../machines/sequencer.ts'
import { startEngine } from '../../support/start-engine.ts'
import { feedOf, startWatchedEngine, watch } from './watched-engine.ts'

/** As the official converter writes a definition: of an action that is a function, its name. */
const inJson = (config: object): unknown =>
  JSON.parse(
    JSON.stringify(config, (_, value: unknown) => (typeof value === 'function' ? { type: value.name } : value)),
  )

describe('a running service', () => {
  test('shows each lane, and each delivery as its child, in the states and with the events of the log', async () => {
    const { service, transport, register, clock, quiet, watch: viewer } = startWatchedEngine()
    const endpointId = register()
    transport.respond(({ eventId, attempt }) => (eventId === 'evt_1' && attempt < 3 ? 503 : 200))
    service.submitEvent(endpointId, 'payment', 1)
    service.submitEvent(endpointId, 'payment', 2)
    await clock.advance(10_000)
    await quiet()
    const seen = viewer()
    const [lane] = seen.named('lane ep_1')
    expect(lane!.states).toEqual(['idle', 'busy', 'idle', 'busy', 'idle'])
    const [first] = seen.named('evt_1')
    expect(first).toMatchObject({
      parent: 'lane ep_1',
      status: 'stopped',
      states: ['pending', 'delivering', 'backoff', 'delivering', 'backoff', 'delivering', 'delivered'],
    })
    expect(first!.events.filter((type) => !type.startsWith('xstate.'))).toEqual(
      Array.from(service.log.entries({ eventId: 'evt_1' }), ({ event }) => event.type).slice(1),
    )
    expect(seen.named('evt_2')[0]!.states).toEqual(['pending', 'delivering', 'delivered'])
  })

  test('gives each its whole definition', async () => {
    const { service, transport, register, quiet, watch: viewer } = startWatchedEngine()
    const endpointId = register({ breaker: { failures: 1, cooldownMs: 1000 } })
    transport.respond(() => 503)
    service.submitEvent(endpointId, 'payment', 1)
    await quiet()
    service.pauseEndpoint(endpointId)
    await quiet()
    const seen = viewer()
    const shown = new Map<string, { config: object }>([
      ['lane ep_1', sequencerMachine],
      ['evt_1', deliveryMachine],
      ['endpoint ep_1', endpointMachine],
      ['breaker ep_1', breakerMachine],
    ])
    for (const [name, { config }] of shown) expect(seen.named(name)[0]!.definition).toEqual(inJson(config))
  })

  test('dates what it shows with the times of the log', async () => {
    const { service, register, clock, transport, quiet, watch: viewer } = startWatchedEngine()
    transport.respond(({ attempt }) => (attempt === 1 ? 500 : 200))
    service.submitEvent(register(), 'payment', 1)
    await clock.advance(5000)
    await quiet()
    const [submitted] = service.log.entries()
    const startedMs = Date.parse(submitted!.at)
    const times = viewer().messages.map(({ createdAt }) => Number(createdAt) - startedMs)
    expect([...new Set(times)]).toEqual([0, 1000])
  })

  test('shows an endpoint that is paused, and its lane that stands still', async () => {
    const { service, register, quiet, watch: viewer } = startWatchedEngine()
    const endpointId = register()
    service.submitEvent(endpointId, 'payment', 1)
    await quiet()
    service.pauseEndpoint(endpointId)
    await quiet()
    service.resumeEndpoint(endpointId)
    await quiet()
    const seen = viewer()
    expect(seen.named('endpoint ep_1')[0]!.states).toEqual(['active', 'paused', 'active'])
    expect(seen.named('lane ep_1')[0]!.states).toEqual(['idle', 'busy', 'idle', 'paused', 'idle'])
  })

  test('shows a line that a dead letter holds, until a person lets it go on', async () => {
    const { service, register, transport, clock, quiet, watch: viewer } = startWatchedEngine()
    const endpointId = register({ whenExhausted: 'halt' })
    transport.respond(() => 500)
    service.submitEvent(endpointId, 'payment', 1)
    service.submitEvent(endpointId, 'payment', 2)
    await clock.advance(10_000)
    transport.respond(() => 200)
    service.redeliver('evt_1')
    await quiet()
    const seen = viewer()
    expect(seen.named('lane ep_1')[0]!.states).toEqual([
      'idle',
      'busy',
      'halted',
      'idle',
      'busy',
      'idle',
      'busy',
      'idle',
    ])
    expect(seen.named('evt_1').map(({ states }) => states.at(-1))).toEqual(['deadLettered', 'delivered'])
  })

  test('shows lanes of ordering keys side by side', async () => {
    const { service, register, quiet, watch: viewer } = startWatchedEngine()
    const endpointId = register({ ordering: 'key' })
    service.submitEvent(endpointId, 'payment', 1, { orderingKey: 'a' })
    service.submitEvent(endpointId, 'payment', 2, { orderingKey: 'b' })
    await quiet()
    const seen = viewer()
    expect(seen.named('evt_1')[0]!.parent).toBe('lane ep_1/a')
    expect(seen.named('evt_2')[0]!.parent).toBe('lane ep_1/b')
  })

  test('shows the end of a lane that was for one event alone', async () => {
    const { service, register, quiet, watch: viewer } = startWatchedEngine()
    service.submitEvent(register({ ordering: 'none' }), 'payment', 1)
    await quiet()
    expect(viewer().named('lane ep_1/evt_1')[0]).toMatchObject({ status: 'stopped', states: ['idle', 'busy', 'idle'] })
  })

  test('says of each actor which lane it belongs to', async () => {
    const { service, register, quiet, watch: viewer } = startWatchedEngine()
    service.submitEvent(register(), 'payment', 1)
    await quiet()
    const { actors, messages } = viewer()
    const [lane] = actors.keys()
    expect(new Set(messages.map(({ rootId }) => rootId))).toEqual(new Set([lane]))
  })
})

describe('a service that has run for a while', () => {
  test('is shown from the state that its log says', async () => {
    const engine = startEngine()
    const { service, register, transport, clock, quiet } = engine
    transport.respond(() => 'held')
    service.submitEvent(register(), 'payment', 1)
    await quiet()
    transport.open[0]!.answer(500)
    await clock.advance(1000)
    const feed = feedOf(engine)
    transport.open[0]!.answer(500)
    await clock.advance(2000)
    transport.open[0]!.answer(200)
    await quiet()
    expect(watch(feed).named('evt_1')[0]).toMatchObject({
      states: ['delivering', 'backoff', 'delivering', 'delivered'],
    })
    expect(feed.stats).toMatchObject({ seen: 3, shown: 3, failures: 0 })
  })

  test('starts an endpoint in the state that its log says', async () => {
    const engine = startEngine()
    const { service, register, quiet } = engine
    const endpointId = register()
    service.pauseEndpoint(endpointId)
    await quiet()
    const feed = feedOf(engine)
    service.resumeEndpoint(endpointId)
    await quiet()
    expect(watch(feed).named('endpoint ep_1')[0]!.states).toEqual(['paused', 'active'])
  })
})

test('what an endpoint knew before anyone watched is known when it appears', async () => {
  const engine = startEngine()
  const { service, register, transport, quiet, clock } = engine
  transport.respond(() => 500)
  service.submitEvent(register({ breaker: { failures: 1, cooldownMs: 500 } }), 'payment', 1)
  await quiet()
  const [opened] = service.log.endpointEntries()
  const feed = feedOf(engine)
  await clock.advance(1000)
  const { messages } = watch(feed)
  const { snapshot } = messages.find(({ name }) => name === 'breaker ep_1')!
  expect(snapshot).toMatchObject({ value: 'open', context: { failures: 1 } })
  expect(opened!.event).toMatchObject(snapshot!.context as object)
})

test('actors of two runs never share a session', async () => {
  const engine = startEngine()
  const first = feedOf(engine)
  await engine.clock.advance(1)
  const second = feedOf(engine)
  engine.service.submitEvent(engine.register(), 'payment', 1)
  await engine.quiet()
  const sessions = [first, second].flatMap((feed) => [...watch(feed).actors.keys()])
  expect(new Set(sessions).size).toBe(4)
})
