import fc from 'fast-check'
import { expect, test } from 'vitest'
import { exportJsonl, importJsonl } from '../../src/log/jsonl.ts'
import { isEndpointTransition } from '../../src/log/transition.ts'
import { replay } from '../../src/replay/replay.ts'
import { startEngine } from '../support/start-engine.ts'
import { expectLogTellsAll } from './log-tells-all.ts'
import { anyRun, startRun } from './random-service.ts'
import type { Run } from './random-service.ts'

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
