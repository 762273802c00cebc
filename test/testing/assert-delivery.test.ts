import { AssertionError } from 'node:assert'
import { expect, test } from 'vitest'
import { assertDelivery } from '../../src/testing/assert-delivery.ts'
import type { ExpectedDelivery } from '../../src/testing/expected-delivery.ts'
import { runToRest } from '../../src/testing/run-to-rest.ts'
import { startEngine } from '../support/start-engine.ts'
import type { ScriptedAnswer } from '../support/scripted-transport.ts'

async function delivered(...answers: ScriptedAnswer[]) {
  const { clock, service, transport, register } = startEngine()
  transport.respond(() => answers.shift() ?? 200)
  const eventId = service.submitEvent(register({ retry: { maxAttempts: 3, jitter: 0 } }), 'a', {})
  await runToRest(service, clock)
  return { service, eventId, assert: (expected: ExpectedDelivery) => assertDelivery(service, eventId, expected) }
}

function errorOf(call: () => void): unknown {
  try {
    call()
    return null
  } catch (error) {
    return error
  }
}

test('holds when every attempt and the status are as expected', async () => {
  const { assert } = await delivered(500, 'reset')
  const attempts = [
    { afterMs: 0, answered: 500 },
    { afterMs: 1000, failed: 'reset' },
    { afterMs: 2000, answered: 200 },
  ] as const
  assert({ status: 'delivered', attempts })
})

test('asks only for what is given', async () => {
  const { assert } = await delivered(500)
  assert({})
  assert({ status: 'delivered' })
  assert({ attempts: [{}, {}] })
  assert({ attempts: [{}, { afterMs: [750, 1250] }] })
})

test('counts a delay from the end of the attempt before', async () => {
  const { clock, service, transport, register } = startEngine({ timeoutMs: 3000 })
  transport.respond(({ attempt }) => (attempt === 1 ? 'held' : 200))
  const eventId = service.submitEvent(register(), 'a', {})
  await runToRest(service, clock)
  assertDelivery(service, eventId, { attempts: [{ failed: 'timeout' }, { afterMs: 1000, answered: 200 }] })
})

test('shows both timelines side by side, what differs marked, and what the event waits for', async () => {
  const { clock, service, transport, register } = startEngine()
  transport.respond(({ attempt }) => (attempt === 2 ? 'timeout' : 503))
  const eventId = service.submitEvent(register(), 'a', {})
  await clock.advance(1000)
  const error = errorOf(() =>
    assertDelivery(service, eventId, {
      status: 'delivered',
      attempts: [{ answered: 500 }, { afterMs: [750, 1250], failed: 'timeout' }, { afterMs: 2000, answered: 200 }],
    }),
  )
  expect(error).toBeInstanceOf(AssertionError)
  expect(error).toHaveProperty(
    'message',
    `event evt_1 is not as expected

  attempt  expected                               actual
✗ 1        answered 500                           after 0 ms, answered 503
  2        after 750 to 1250 ms, failed: timeout  after 1000 ms, failed: timeout
✗ 3        after 2000 ms, answered 200            none
✗ status   delivered                              backoff

now: attempt 2 failed (timeout: no answer within 30000 ms); attempt 3 is due at 2025-01-01T00:00:03.000Z`,
  )
})

test.each<[string, ExpectedDelivery]>([
  ['an attempt too many', { attempts: [{}] }],
  ['an attempt too few', { attempts: [{}, {}, {}] }],
  ['no attempt expected', { attempts: [] }],
  ['another status of the event', { status: 'failed' }],
  ['another answer', { attempts: [{ answered: 503 }, {}] }],
  ['a failure where there was none', { attempts: [{}, { failed: 'reset' }] }],
  ['a delay too long', { attempts: [{}, { afterMs: 999 }] }],
  ['a delay too short', { attempts: [{}, { afterMs: [1001, 2000] }] }],
])('fails for %s', async (_, expected) => {
  const { assert } = await delivered(500)
  expect(() => assert(expected)).toThrow(AssertionError)
})

test.each<[string, unknown, string]>([
  ['a misspelt key', { state: 'delivered' }, 'expected.state is not an option; valid are status, attempts'],
  ['a status there is not', { status: 'done' }, "expected.status must be 'pending' or"],
  ['a range upside down', { attempts: [{ afterMs: [2, 1] }] }, 'expected.attempts[0].afterMs must be milliseconds'],
  ['an answer in words', { attempts: [{ answered: '500' }] }, 'expected.attempts[0].answered must be a whole number'],
])('refuses %s', async (_, expected, message) => {
  const { assert } = await delivered()
  // Callers without types may pass anything.
  expect(() => assert(expected as ExpectedDelivery)).toThrow(message)
})
