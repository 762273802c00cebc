// What the log says of an endpoint itself, beside what it says of its events.
import { describe, expect, it, test } from 'vitest'
import { exportJsonl, importJsonl } from '../../src/log/jsonl.ts'
import { isEndpointTransition } from '../../src/log/transition.ts'
import { replay } from '../../src/replay/replay.ts'
import { stepsOf } from '../support/endpoint-steps.ts'
import { createFailingLog } from '../support/failing-log.ts'
import { startEngine } from '../support/start-engine.ts'

const dayMs = 86_400_000

test('no event of a paused endpoint is taken up when the one in flight ends', async () => {
  const spawned: string[] = []
  const { service, transport, quiet, register } = startEngine({
    inspect: (inspected) => {
      if (inspected.type !== '@xstate.actor' || !('id' in inspected.actorRef)) return
      const id = String(inspected.actorRef.id)
      if (id.startsWith('evt_')) spawned.push(id)
    },
  })
  transport.respond(() => 'held')
  const endpoint = register()
  const [first] = [1, 2].map((n) => service.submitEvent(endpoint, 'a.b', { n }))
  await quiet()
  service.pauseEndpoint(endpoint)
  transport.open[0]!.answer(200)
  await quiet()
  expect(spawned).toEqual([first])
})

describe("an endpoint's own records", () => {
  it('tell of pauses, of a 410 and of what a person did about it', async () => {
    const engine = startEngine()
    const { service, transport, quiet, register } = engine
    const endpoint = register()
    service.pauseEndpoint(endpoint)
    service.pauseEndpoint(endpoint)
    service.resumeEndpoint(endpoint)
    service.resumeEndpoint(endpoint)
    transport.respond(() => 410)
    service.submitEvent(endpoint, 'a.b', 1)
    await quiet()
    expect(stepsOf(engine, endpoint)).toEqual([
      'endpoint@1 endpoint.paused: active → paused',
      'endpoint@1 endpoint.resumed: paused → active',
      'endpoint@1 endpoint.disabled: active → disabled',
    ])
  })

  it('are numbered and exported with those of events, and told to those who subscribe to them', async () => {
    const { service, quiet, register } = startEngine()
    const heard: number[] = []
    service.log.subscribeToEndpoints(({ seq }) => heard.push(seq))
    const endpoint = register()
    service.submitEvent(endpoint, 'a.b', 1)
    await quiet()
    service.pauseEndpoint(endpoint)
    await quiet()
    const records = [...importJsonl(exportJsonl(service.log))]
    expect(records.map(({ seq }) => seq)).toEqual([1, 2, 3, 4])
    expect(heard).toEqual(records.filter(isEndpointTransition).map(({ seq }) => seq))
    expect([...service.log.entries()].map(({ seq }) => seq)).toEqual([1, 2, 3])
  })

  it('are kept up to retention.endpointRecords of each endpoint and statechart, and fold all the same', () => {
    const engine = startEngine({ retention: { endpointRecords: 3 } })
    const { service, register } = engine
    const [noisy, quietOne] = [register(), register()]
    service.pauseEndpoint(quietOne)
    for (let n = 0; n < 10; n += 1) {
      service.pauseEndpoint(noisy)
      service.resumeEndpoint(noisy)
    }
    service.pauseEndpoint(noisy)
    expect(stepsOf(engine, noisy)).toHaveLength(3)
    expect(stepsOf(engine, quietOne)).toHaveLength(1)
    const { endpoints } = replay(importJsonl(exportJsonl(service.log)))
    expect([endpoints.get(noisy)?.state, endpoints.get(quietOne)?.state]).toEqual(['paused', 'paused'])
  })

  it('go with their endpoint', () => {
    const engine = startEngine()
    const endpoint = engine.register()
    engine.service.pauseEndpoint(endpoint)
    engine.service.removeEndpoint(endpoint)
    expect([...engine.service.log.endpointEntries()]).toEqual([])
  })

  it('are appended before the step is taken: what the log refuses has not happened', async () => {
    const log = createFailingLog()
    const { service, transport, clock, quiet, register } = startEngine({ log })
    const endpoint = register()
    log.refuse(() => true)
    expect(() => service.pauseEndpoint(endpoint)).toThrow('no space left')
    expect(service.getEndpoint(endpoint).state).toBe('active')

    log.refuse(() => false)
    transport.respond(() => 410)
    const refused: unknown[] = []
    service.on('endpointAppendFailed', ({ endpointId }) => refused.push(endpointId))
    service.submitEvent(endpoint, 'a.b', 1)
    const second = service.submitEvent(endpoint, 'a.b', 2)
    // All is taken but the record that disables the endpoint.
    const disabling = log.calls + 3
    log.refuse((call) => call === disabling)
    await quiet()
    expect([refused, service.getEndpoint(endpoint).state]).toEqual([[endpoint], 'active'])
    // It owes the log that record, and calls nobody before.
    expect(service.getEventStatus(second)).toMatchObject({ status: 'pending', attempts: 0 })
    await clock.advance(1000)
    expect(service.getEndpoint(endpoint).state).toBe('disabled')
  })

  it('hold the line while the log owes them, and let it go on when it has taken them', async () => {
    const log = createFailingLog()
    const { service, transport, clock, register } = startEngine({ log, retry: { initialDelayMs: 100, jitter: 0 } })
    transport.respond(({ attempt }) => (attempt === 1 ? 500 : 200))
    const endpoint = register({ autoDisable: { afterMs: dayMs } })
    // The fourth is the endpoint's own: it comes after the submission, the attempt's start, and its end.
    log.refuse((call) => call === 4)
    const event = service.submitEvent(endpoint, 'a.b', 1)
    await clock.advance(999)
    expect(service.getEventStatus(event)).toMatchObject({ status: 'backoff', attempts: 1 })
    await clock.advance(1)
    expect(service.getEventStatus(event)).toMatchObject({ status: 'delivered', attempts: 2 })
    expect(Array.from(service.log.endpointEntries(), ({ event: { type } }) => type)).toEqual([
      'failures.began',
      'failures.ended',
    ])
  })
})
