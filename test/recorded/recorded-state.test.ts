import { readdirSync, readFileSync } from 'node:fs'
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { importJsonl } from '../../src/log/jsonl.ts'
import { describeFolded } from '../../src/replay/fold-endpoint.ts'
import { FoldedLog } from '../../src/replay/folded-log.ts'
import type { RecordedState } from '../../src/recorded/recorded-state.ts'
import { anyRun, startRun } from '../replay/random-service.ts'
import type { Run } from '../replay/random-service.ts'
import { formulaRecords } from '../support/formula-log.ts'
import { exported, openLog } from '../support/log-files.ts'
import { startEngine } from '../support/start-engine.ts'

/** A whole run, as the file its log is exported to. */
async function record(run: Run): Promise<string> {
  const running = startRun(run)
  try {
    for (const happening of run.happenings) await running.happen(happening)
    return exported(running.service)
  } finally {
    await running.stop()
  }
}

function expectEvents(state: RecordedState, folded: FoldedLog): void {
  const { events } = state.events({ order: 'oldest', limit: Infinity })
  const told = events.map(({ eventId, status, attempts, laneKey, lastSeq, lastAt, submittedAt }) => {
    return { eventId, status, attempts, laneKey, lastSeq, lastAt, submittedAt }
  })
  const wanted = Array.from(folded.events.values(), ({ eventId, state: { value, context }, ...event }) => {
    const { laneKey, lastSeq, lastAt, submittedAt } = event
    return { eventId, status: value, attempts: context.attempts, laneKey, lastSeq, lastAt, submittedAt }
  })
  expect(told).toEqual(wanted)
}

function expectLines(state: RecordedState, folded: FoldedLog): void {
  for (const event of folded.events.values()) {
    const wanted = folded.lineOf(event)
    const told = state.line(event.endpointId, event.laneKey)
    expect(told.waiting.map(({ eventId }) => eventId)).toEqual(wanted.waiting.map(({ eventId }) => eventId))
    expect(told.length).toBe(wanted.waiting.length)
    expect(told.haltedBy?.eventId).toBe(wanted.haltedBy?.eventId)
  }
}

function expectEndpoints(state: RecordedState, folded: FoldedLog): void {
  const all = state.events({ limit: Infinity }).events
  for (const { events: counts, ...endpoint } of state.endpoints()) {
    const own = folded.endpoints.get(endpoint.endpointId) ?? { endpoint: null, breaker: null }
    expect(endpoint).toEqual(describeFolded(endpoint.endpointId, own))
    const ofEndpoint = all.filter(({ endpointId }) => endpointId === endpoint.endpointId)
    for (const [status, count] of Object.entries(counts)) {
      expect(count).toBe(ofEndpoint.filter((event) => event.status === status).length)
    }
  }
}

async function expectEveryMoment(file: string): Promise<void> {
  const log = await openLog(file)
  expect(log.problem).toBeNull()
  const folded = new FoldedLog()
  let place = 0
  for (const expected of importJsonl(file.split('\n'))) {
    folded.fold(expected)
    expect(log.record(place)).toEqual(expected)
    const state = log.stateAt({ seq: expected.seq })
    expect([state.place, state.seq]).toEqual([place, folded.seq])
    expectEvents(state, folded)
    expectLines(state, folded)
    expectEndpoints(state, folded)
    place += 1
  }
  expect(log.length).toBe(place)
}

test(
  'at every record of any run, the recorded log says what a fold up to there says',
  { timeout: 60_000 },
  async () => {
    await fc.assert(
      fc.asyncProperty(anyRun, async (run) => expectEveryMoment(await record(run))),
      { numRuns: 50 },
    )
  },
)

const golden = new URL('../golden/delivery@1/', import.meta.url)

test.each(readdirSync(golden).filter((file) => file.endsWith('.jsonl')))(
  'the log of an earlier version is told as it was folded then: %s',
  async (file) => {
    await expectEveryMoment(readFileSync(new URL(file, golden), 'utf8'))
  },
)

test('events are found by endpoint, state and text, a page at a time, from either end', async () => {
  const file = Array.from(formulaRecords(2000), (one) => JSON.stringify(one)).join('\n')
  const state = (await openLog(file)).stateAt({ seq: 1500 })
  const all = state.events({ order: 'oldest', limit: Infinity }).events
  expect(state.events({ limit: Infinity }).events).toEqual([...all].reverse())
  const { endpointId } = all[10]!
  const wanted = all.filter((event) => event.endpointId === endpointId && event.status === 'delivered')
  expect(state.events({ endpointId, status: 'delivered', order: 'oldest' }).events).toEqual(wanted)
  expect(state.events({ text: 'REFUND', limit: Infinity }).events).toHaveLength(Math.floor(all.length / 5))
  expect(state.events({ text: all[7]!.eventId.slice(-4) }).events).toContainEqual(all[7])
  const paged: string[] = []
  for (let more = true; more;) {
    const page = state.events({ order: 'oldest', limit: 70, after: paged.at(-1) })
    paged.push(...page.events.map(({ eventId }) => eventId))
    more = page.more
  }
  expect(paged).toEqual(all.map(({ eventId }) => eventId))
})

test('the dead letter that held a line comes back to its front, before those who waited behind it', async () => {
  const { service, register, transport, clock } = startEngine({ retry: { maxAttempts: 1 } })
  transport.respond(({ attempt }) => (attempt === 1 ? 500 : 'held'))
  const endpointId = register({ whenExhausted: 'halt' })
  for (let n = 1; n <= 3; n += 1) service.submitEvent(endpointId, 'order.paid', { n })
  await clock.advance(0)
  service.redeliver('evt_1')
  await clock.advance(0)
  const log = await openLog(exported(service))
  const lineAfter = (type: string) => {
    const places = Array.from({ length: log.length }, (_, place) => place)
    const seq = log.seqAt(places.find((place) => log.typeAt(place) === type)!)
    const { waiting, haltedBy } = log.stateAt({ seq }).line(endpointId, '')
    return { waiting: waiting.map(({ eventId }) => eventId), haltedBy: haltedBy?.eventId ?? null }
  }
  expect(lineAfter('attempt.failed')).toEqual({ waiting: ['evt_2', 'evt_3'], haltedBy: 'evt_1' })
  expect(lineAfter('redelivery.requested')).toEqual({ waiting: ['evt_1', 'evt_2', 'evt_3'], haltedBy: null })
})
