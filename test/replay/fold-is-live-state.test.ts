import fc from 'fast-check'
import { expect, test } from 'vitest'
import type { StatusCounts } from '../../src/event/readings.ts'
import { exportJsonl, importJsonl } from '../../src/log/jsonl.ts'
import { isEndpointTransition } from '../../src/log/transition.ts'
import type { EndpointState } from '../../src/health/endpoint-health.ts'
import { replay } from '../../src/replay/replay.ts'
import type { ReplayedEndpoint } from '../../src/replay/replay.ts'
import { startEngine } from '../support/start-engine.ts'
import type { WebhookService } from '../../src/webhook-service.ts'
import { anyRun, startRun } from './random-service.ts'
import type { Run } from './random-service.ts'

/** Whatever the service says of its events, the log alone says too. */
function expectLogTellsAll(service: WebhookService): void {
  const { events, endpoints } = replay(importJsonl(exportJsonl(service.log)))
  const counts: StatusCounts = { pending: 0, delivering: 0, backoff: 0, delivered: 0, failed: 0, deadLettered: 0 }
  for (const [eventId, replayed] of events) {
    const { status, attempts, lastError, deliveredAt, retryAt } = replayed
    expect(service.getEventStatus(eventId)).toEqual({ status, attempts, lastError, deliveredAt })
    expect(service.getEvent(eventId)).toMatchObject({ status, lastError, deliveredAt, retryAt })
    expect(service.explain(eventId)).toMatchObject({ status, attempts, lastError })
    counts[status] += 1
  }
  expect(service.stats().events).toEqual(counts)
  for (const { id, state, health } of service.listEndpoints()) {
    const replayed = endpoints.get(id) ?? unmarked
    expect(publicState(replayed.state)).toBe(state)
    const { failingSince, disableAt, disableReason } = replayed
    expect(health).toMatchObject({ failingSince, disableAt, disableReason })
    if (health.breaker !== null)
      expect(health.breaker).toMatchObject({ state: replayed.breaker, reopensAt: replayed.reopensAt })
  }
}

/** An endpoint without records of its own. */
const unmarked: Omit<ReplayedEndpoint, 'endpointId'> = {
  state: 'active',
  failingSince: null,
  disableAt: null,
  disableReason: null,
  breaker: 'closed',
  reopensAt: null,
}

function publicState(state: ReplayedEndpoint['state']): EndpointState {
  return state === 'paused' || state === 'disabled' ? state : 'active'
}

async function expectFoldIsLiveState(run: Run): Promise<void> {
  const running = startRun(run)
  const { service, appended } = running
  try {
    for (const happening of run.happenings) {
      await running.happen(happening)
      expectLogTellsAll(service)
    }
    const exported = [...importJsonl(exportJsonl(service.log))]
    expect(exported.filter((record) => !isEndpointTransition(record))).toEqual([...service.log.entries()])
    expect(exported.filter(isEndpointTransition)).toEqual([...service.log.endpointEntries()])
    const { attempts, submitted } = service.stats()
    expect(attempts).toBe(appended.filter(({ event }) => event.type === 'attempt.started').length)
    expect(submitted).toBe(appended.filter(({ from }) => from === null).length)
  } finally {
    await running.stop()
  }
  expectLogTellsAll(service)
  expect(() => replay(appended)).not.toThrow()
}

test('at every quiet point of any run, the log folds to the live state of every event', async () => {
  await fc.assert(fc.asyncProperty(anyRun, expectFoldIsLiveState), { numRuns: 60 })
})

test('an inspection observer, even one that throws, changes nothing in the log', async () => {
  await fc.assert(
    fc.asyncProperty(anyRun, async (run) => {
      const plain = startRun(run)
      const inspected = startRun(run, {
        inspect: () => {
          throw new Error('broken')
        },
      })
      for (const happening of run.happenings) {
        await plain.happen(happening)
        await inspected.happen(happening)
      }
      await plain.stop()
      await inspected.stop()
      expect(inspected.appended).toEqual(plain.appended)
    }),
    { numRuns: 20 },
  )
})

test('an inspection observer may call the service: it never finds it in the middle of a step', async () => {
  let removing = (): void => undefined
  const { service, transport, quiet, register } = startEngine({
    inspect: (inspected) => {
      if (inspected.type === '@xstate.event' && inspected.event.type === 'attempt.started') removing()
    },
  })
  transport.respond(() => 'held')
  const endpoint = register()
  removing = () => {
    service.removeEndpoint(endpoint)
  }
  service.submitEvent(endpoint, 'a.b', 1)
  service.submitEvent(endpoint, 'a.b', 2)
  await quiet()
  expect(service.stats()).toMatchObject({ inFlight: 0, pendingBytes: 0, liveLanes: 0, events: { failed: 2 } })
  expect(transport.open).toEqual([])
  expectLogTellsAll(service)
})
