import { expect, test } from 'vitest'
import { runProgram } from '../../src/cli/program.ts'
import { exported, writeLogFile } from '../support/log-files.ts'
import { startEngine } from '../support/start-engine.ts'
import { runHookline } from './run-program.ts'
import { createTestTerminal } from './test-terminal.ts'

/** Two events in line; the first fails twice and succeeds after three seconds. */
async function recordLine(): Promise<string> {
  const { transport, clock, service, register } = startEngine()
  transport.respond(({ eventId, attempt }) => (eventId === 'evt_1' && attempt < 3 ? 503 : 200))
  const endpointId = register()
  service.submitEvent(endpointId, 'order.created', { n: 1 })
  service.submitEvent(endpointId, 'order.paid', { n: 1 })
  await clock.advance(10_000)
  return writeLogFile(exported(service))
}

test('says in sentences why an event was where it was', async () => {
  const terminal = createTestTerminal()
  const file = await recordLine()
  expect(await runProgram(['explain', file, 'evt_2', '--until', '2025-01-01T00:00:01.500Z'], terminal)).toBe(0)
  expect(terminal.printed.split('\n')).toEqual([
    'Event evt_2 (order.paid) was submitted to endpoint ep_1 at 2025-01-01T00:00:00.000Z, as number 2 of its line.',
    'At 2025-01-01T00:00:01.500Z, after record 6, it was pending: behind event evt_1, which is in backoff until 2025-01-01T00:00:03.000Z after 2 attempts. One event was before it in line.',
    'It has been in line for 1.5 s: 1.5 s behind evt_1 (2 attempts, 1.5 s in backoff).',
  ])
})

test('gives the same as data', async () => {
  const terminal = createTestTerminal()
  expect(await runProgram(['explain', await recordLine(), 'evt_2', '--json'], terminal)).toBe(0)
  expect(JSON.parse(terminal.printed)).toMatchObject({
    eventId: 'evt_2',
    reason: 'delivered',
    settledAt: '2025-01-01T00:00:03.000Z',
    waits: [{ reason: 'behind', behind: { eventId: 'evt_1', attempts: 3, spentMs: { backoff: 3000 } }, ms: 3000 }],
    problem: null,
  })
})

test('ends with 1 for an event that the log does not know, and with 2 without one', async () => {
  const file = await recordLine()
  const [unknown, none] = await Promise.all([runHookline(['explain', file, 'evt_9']), runHookline(['explain', file])])
  expect(unknown).toMatchObject({ code: 1, stdout: '' })
  expect(unknown.stderr).toBe('hookline: no event has the id "evt_9" (string) in this log up to record 10\n')
  expect(none.code).toBe(2)
})
