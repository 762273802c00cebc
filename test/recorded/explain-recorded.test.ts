import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { explainRecorded } from '../../src/recorded/explain-recorded.ts'
import type { RecordedExplanation } from '../../src/recorded/explain-recorded.ts'
import { explanationSentences } from '../../src/recorded/explanation-sentences.ts'
import type { Moment } from '../../src/recorded/moment.ts'
import { anyRun, startRun } from '../replay/random-service.ts'
import { exported, openLog } from '../support/log-files.ts'
import { startEngine } from '../support/start-engine.ts'
import type { Engine } from '../support/start-engine.ts'

/** What the log of a service says of an event. */
async function explain({ service }: Engine, eventId: string, moment?: Moment): Promise<RecordedExplanation> {
  const log = await openLog(exported(service))
  return explainRecorded(log.stateAt(moment), eventId)
}

/** Only in hindsight does a log tell of a rate limit; and a breaker counts on after it has opened. */
const beyondTheLog = /rate limit|breaker/

test('at every quiet point of any run, the log explains every event as the running service does', async () => {
  const check = fc.asyncProperty(anyRun, async (run) => {
    const running = startRun(run)
    const { service, clock } = running
    for (const happening of run.happenings) {
      await running.happen(happening)
      const log = await openLog(exported(service))
      const state = log.stateAt({ timeMs: clock.now() })
      for (const { eventId } of state.events().events) {
        const live = service.explain(eventId)
        const { reason, text, until, status, attempts, lastError, behind, ahead } = explainRecorded(state, eventId)
        expect({ status, attempts, lastError, behind, ahead }).toEqual({
          status: live.status,
          attempts: live.attempts,
          lastError: live.lastError,
          behind: live.behind,
          ahead: live.ahead,
        })
        if (!beyondTheLog.test(live.text)) expect({ reason, text, until }).toMatchObject({ reason, text, until })
        if (live.reason !== 'rateLimited') expect(reason).toBe(live.reason)
      }
    }
    await running.stop()
  })
  await fc.assert(check, { numRuns: 25 })
}, 60_000)

test('of the time an event was in line, all is accounted for and nothing twice', async () => {
  const check = fc.asyncProperty(anyRun, async (run) => {
    const running = startRun(run)
    for (const happening of run.happenings) await running.happen(happening)
    await running.stop()
    const log = await openLog(exported(running.service))
    const state = log.stateAt()
    for (const { eventId, submittedAt } of state.events().events) {
      const { waits, redeliveredAt, settledAt, at } = explainRecorded(state, eventId)
      for (const [index, { from, to, ms }] of waits.entries()) {
        expect(ms).toBe(Date.parse(to) - Date.parse(from))
        expect(ms).toBeGreaterThan(0)
        expect(Date.parse(from)).toBeGreaterThanOrEqual(Date.parse(waits[index - 1]?.to ?? submittedAt))
      }
      if (redeliveredAt.length > 0) continue
      const totalMs = waits.reduce((sum, { ms }) => sum + ms, 0)
      expect(totalMs).toBe(Date.parse(settledAt ?? at) - Date.parse(submittedAt))
    }
  })
  await fc.assert(check, { numRuns: 25 })
}, 60_000)

describe('an event behind another', () => {
  async function startLine() {
    const engine = startEngine()
    const { transport, clock, service, register } = engine
    transport.respond(({ eventId, attempt }) => (eventId === 'evt_1' && attempt < 3 ? 503 : 200))
    const endpointId = register()
    service.submitEvent(endpointId, 'order.created', { n: 1 })
    await clock.advance(500)
    service.submitEvent(endpointId, 'order.paid', { n: 1 })
    await clock.advance(10_000)
    return engine
  }

  test('says at a moment whom it waits behind, and until when', async () => {
    const engine = await startLine()
    const moment = { timeMs: engine.clock.now() - 8_500 }
    expect(await explain(engine, 'evt_2', moment)).toMatchObject({
      status: 'pending',
      reason: 'behind',
      behind: { eventId: 'evt_1', status: 'backoff' },
      ahead: 1,
      until: '2025-01-01T00:00:03.000Z',
    })
  })

  test('says afterwards how long it waited, and for what', async () => {
    const explanation = await explain(await startLine(), 'evt_2')
    expect(explanation.waits).toEqual([
      {
        reason: 'behind',
        behind: { eventId: 'evt_1', attempts: 2, spentMs: { backoff: 2500 } },
        from: '2025-01-01T00:00:00.500Z',
        to: '2025-01-01T00:00:03.000Z',
        ms: 2500,
      },
    ])
    expect(explanationSentences(explanation)).toEqual([
      'Event evt_2 (order.paid) was submitted to endpoint ep_1 at 2025-01-01T00:00:00.500Z, as number 2 of its line.',
      'Attempt 1 began at 2025-01-01T00:00:03.000Z and succeeded after 0 ms: HTTP 200.',
      'It was delivered on attempt 1 at 2025-01-01T00:00:03.000Z, 2.5 s after its submission.',
      'It was in line for 2.5 s: 2.5 s behind evt_1 (2 attempts, 2.5 s in backoff).',
    ])
  })

  test('is unknown before its submission', async () => {
    const engine = await startLine()
    await expect(explain(engine, 'evt_2', { seq: 1 })).rejects.toThrow(/no event has the id "evt_2"/)
  })
})

test('what held an event is told for each part of its time', async () => {
  const engine = startEngine()
  const { transport, clock, service, register } = engine
  transport.respond(({ attempt }) => (attempt < 3 ? 500 : 200))
  const endpointId = register({ breaker: { failures: 2, cooldownMs: 10_000 }, rateLimit: { perSecond: 0.1, burst: 1 } })
  service.pauseEndpoint(endpointId)
  const eventId = service.submitEvent(endpointId, 'order.paid', {})
  await clock.advance(4000)
  service.resumeEndpoint(endpointId)
  await clock.advance(60_000)
  const { waits, attemptsMade, reason } = await explain(engine, eventId)
  expect(reason).toBe('delivered')
  expect(attemptsMade.map(({ outcome }) => outcome)).toEqual(['failed', 'failed', 'succeeded'])
  expect(waits.map(({ reason: what, ms }) => [what, ms])).toEqual([
    ['endpointPaused', 4000],
    ['backoff', 1000],
    ['rateLimited', 9000],
    ['backoff', 2000],
    ['breakerOpen', 8000],
  ])
})

test('an event behind a dead letter that holds the line says so, then and afterwards', async () => {
  const engine = startEngine({ retry: { maxAttempts: 1 } })
  const { transport, clock, service, register } = engine
  transport.respond(({ eventId }) => (eventId === 'evt_1' ? 500 : 200))
  const endpointId = register({ whenExhausted: 'halt' })
  service.submitEvent(endpointId, 'order.created', {})
  const eventId = service.submitEvent(endpointId, 'order.paid', {})
  await clock.advance(5000)
  expect(await explain(engine, eventId)).toMatchObject({ reason: 'lineHalted', behind: { eventId: 'evt_1' } })
  service.resumeEndpoint(endpointId)
  await clock.advance(0)
  const afterwards = await explain(engine, eventId)
  expect(afterwards.waits).toMatchObject([{ reason: 'lineHalted', behind: { eventId: 'evt_1' }, ms: 5000 }])
  expect(explanationSentences(afterwards).at(-1)).toBe(
    'It was in line for 5 s: 5 s while dead letter evt_1 held the line.',
  )
})

test('of what holds an event at once, the foremost is told: the endpoint before the line, the line before itself', async () => {
  const engine = startEngine()
  const { transport, clock, service, register } = engine
  transport.respond(({ attempt }) => (attempt === 1 ? 500 : 200))
  const endpointId = register()
  service.submitEvent(endpointId, 'order.created', {})
  const eventId = service.submitEvent(endpointId, 'order.paid', {})
  await clock.advance(250)
  service.pauseEndpoint(endpointId)
  await clock.advance(4000)
  service.resumeEndpoint(endpointId)
  await clock.advance(5000)
  const { waits } = await explain(engine, eventId)
  expect(waits.map(({ reason, ms, behind }) => [reason, ms, behind?.eventId])).toEqual([
    ['behind', 250, 'evt_1'],
    ['endpointPaused', 4000, undefined],
    ['backoff', 1000, undefined],
  ])
  const first = await explain(engine, 'evt_1')
  expect(first.waits.map(({ reason, ms }) => [reason, ms])).toEqual([
    ['backoff', 250],
    ['endpointPaused', 4000],
  ])
})

test('an event that settled by a clock that was set back did not settle before its submission', async () => {
  const engine = startEngine()
  const eventId = engine.service.submitEvent(engine.register(), 'order.paid', {})
  await engine.clock.advance(1000)
  const told = await explain(engine, eventId)
  const setBack: RecordedExplanation = { ...told, settledAt: '2000-01-01T00:00:00.000Z' }
  const sentences = explanationSentences(setBack).join(' ')
  expect(sentences).toContain('at 2000-01-01T00:00:00.000Z, by a clock that was set back.')
  expect(sentences).not.toMatch(/-\d+ ms/)
  await engine.stop()
})
