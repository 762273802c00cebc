import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { DivergenceError } from '../../src/errors/errors.ts'
import { FoldedLog } from '../../src/replay/folded-log.ts'
import type { LogRecord } from '../../src/log/transition.ts'
import { createEngine } from '../support/start-engine.ts'
import { expectLinesAsLive, foldOf, foldOfService } from './log-tells-all.ts'
import { anyRun, startRun } from './random-service.ts'

test('at every quiet point of any run, the lines of the log are the live ones, in their order', async () => {
  await fc.assert(
    fc.asyncProperty(anyRun, async (run) => {
      const running = startRun(run)
      try {
        for (const happening of run.happenings) {
          await running.happen(happening)
          expectLinesAsLive(running.service)
        }
      } finally {
        await running.stop()
      }
      expectLinesAsLive(running.service)
    }),
    { numRuns: 80 },
  )
})

/** A line of three, whose head runs out of attempts and holds it. */
async function haltALine() {
  const engine = createEngine({ retry: { maxAttempts: 1 } })
  const endpoint = engine.register({ whenExhausted: 'halt' })
  engine.transport.respond(() => 500)
  const [first, second, third] = [1, 2, 3].map((n) => engine.service.submitEvent(endpoint, 'a.b', n)) as [
    string,
    string,
    string,
  ]
  await engine.quiet()
  const line = () => {
    const folded = foldOfService(engine.service)
    const { waiting, haltedBy } = folded.lineOf(folded.events.get(first)!)
    return { waiting: waiting.map(({ eventId }) => eventId), haltedBy: haltedBy?.eventId ?? null }
  }
  return { ...engine, endpoint, first, second, third, line }
}

describe('a folded line', () => {
  test('is held by the dead letter that holds it', async () => {
    const { first, second, third, line, stop } = await haltALine()
    expect(line()).toEqual({ waiting: [second, third], haltedBy: first })
    await stop()
  })

  test('has the one that held it at its front, when that is redelivered', async () => {
    const { service, transport, quiet, first, second, third, line, stop } = await haltALine()
    transport.respond(() => 'held')
    service.redeliver(first)
    await quiet()
    expect(line()).toEqual({ waiting: [first, second, third], haltedBy: null })
    await stop()
  })

  test.each([
    ['in use', false],
    ['paused', true],
  ])('goes on when its endpoint, %s, is resumed', async (_, paused) => {
    const { service, transport, quiet, endpoint, second, third, line, stop } = await haltALine()
    transport.respond(() => 'held')
    if (paused) service.pauseEndpoint(endpoint)
    service.resumeEndpoint(endpoint)
    await quiet()
    expect(line()).toEqual({ waiting: [second, third], haltedBy: null })
    await stop()
  })

  test('has a redelivered event at its end', async () => {
    const { service, quiet, transport, register, clock, stop } = createEngine()
    const endpoint = register()
    const first = service.submitEvent(endpoint, 'a.b', 1)
    await quiet()
    transport.respond(() => 'held')
    for (const n of [2, 3]) service.submitEvent(endpoint, 'a.b', n)
    await clock.advance(5)
    service.redeliver(first)
    const { events, lineOf, seq, at } = bound(foldOfService(service))
    const event = events.get(first)!
    expect(lineOf(event).waiting.map(({ sequence }) => sequence)).toEqual([2, 3, 1])
    expect(event).toMatchObject({
      endpointId: endpoint,
      eventType: 'a.b',
      laneKey: '',
      joinedSeq: seq,
      lastSeq: seq,
      lastAt: '2025-01-01T00:00:00.005Z',
      submittedAt: '2025-01-01T00:00:00.000Z',
    })
    expect(at).toBe(event.lastAt)
    await stop()
  })

  test('is one for each ordering key, or for each event', async () => {
    const { service, transport, register, quiet, stop } = createEngine()
    transport.respond(() => 'held')
    const [byKey, apart] = [register({ ordering: 'key' }), register({ ordering: 'none' })]
    for (const endpoint of [byKey, apart]) {
      for (const orderingKey of ['a', 'b', 'a']) service.submitEvent(endpoint, 'a.b', 1, { orderingKey })
    }
    await quiet()
    const lines = Array.from(foldOfService(service).lines(), ({ endpointId, laneKey, waiting }) => [
      endpointId,
      laneKey,
      waiting.length,
    ])
    expect(lines).toEqual([
      [byKey, 'a', 2],
      [byKey, 'b', 1],
      [apart, 'evt_4', 1],
      [apart, 'evt_5', 1],
      [apart, 'evt_6', 1],
    ])
    await stop()
  })
})

function bound(folded: FoldedLog) {
  const { events, seq, at } = folded
  return { events, seq, at, lineOf: folded.lineOf.bind(folded) }
}

test('a record that does not follow changes nothing', async () => {
  const { service, first, stop } = await haltALine()
  const records = [...service.log.entries()]
  const { seq } = records.at(-1)!
  await stop()
  const folded = foldOf(records)
  const event = folded.events.get(first)!
  const before = { ...event, state: event.state }
  const wrong: LogRecord[] = [
    records.at(-1)!,
    { ...records.at(-1)!, seq: seq + 1 },
    { ...records[0]!, seq: seq + 1, eventId: 'evt_9', to: 'failed' },
    {
      ...records[0]!,
      seq: seq + 1,
      from: 'deadLettered',
      event: { type: 'redelivery.requested', at: '', budget: 1 },
      endpointId: 'ep_other',
      attempts: 1,
    },
    {
      ...records[0]!,
      seq: seq + 1,
      eventId: '',
      machine: 'endpoint@1',
      event: { type: 'endpoint.resumed', at: '' },
      from: 'active',
      to: 'active',
      attempts: 0,
    },
  ]
  for (const record of wrong) expect(() => folded.fold(record)).toThrow(DivergenceError)
  expect({ ...event, state: event.state }).toEqual(before)
  expect([folded.seq, folded.events.size, folded.endpoints.size]).toEqual([seq, 3, 0])
  expect(folded.lineOf(before).haltedBy?.eventId).toBe(first)
})

describe('a first record is refused', () => {
  test.each([
    ['without its type', { eventType: undefined }],
    ['without its place', { sequence: '1' }],
    ['with an unknown ordering', { ordering: 'fifo!' }],
    ['with an ordering key that is none', { orderingKey: 7 }],
  ])('%s', async (_, change) => {
    const { service, stop } = await haltALine()
    const [submitted] = service.log.entries()
    await stop()
    const wrong = { ...submitted!, event: { ...submitted!.event, ...change } } as LogRecord
    expect(() => new FoldedLog().fold(wrong)).toThrow(DivergenceError)
  })
})
