// Steps of an endpoint's own that the log takes late: what happened meanwhile still counts, and in its order.
import { describe, expect, test } from 'vitest'
import { isEndpointTransition } from '../../src/log/transition.ts'
import { exportJsonl, importJsonl } from '../../src/log/jsonl.ts'
import { replay } from '../../src/replay/replay.ts'
import { createFailingLog } from '../support/failing-log.ts'
import { startEngine } from '../support/start-engine.ts'

/** Two requests in flight to one endpoint, and a log that takes nothing more. */
async function startOwing(options: Parameters<ReturnType<typeof startEngine>['register']>[0]) {
  const log = createFailingLog()
  const engine = startEngine({ log, retry: { maxAttempts: 5, initialDelayMs: 2000, multiplier: 1, jitter: 0 } })
  const { service, transport, register, quiet } = engine
  transport.respond(() => 'held')
  const endpoint = register({ ordering: 'none', concurrency: 2, ...options })
  for (const n of [1, 2]) service.submitEvent(endpoint, 'a.b', { n })
  await quiet()
  const [one, other] = transport.open
  log.refuse(() => true)
  return { ...engine, log, endpoint, one: one!, other: other! }
}

describe('while the log does not take the steps of an endpoint', () => {
  test('a breaker about to open is reset all the same, and what replaces it starts from the log’s state', async () => {
    const { service, log, clock, transport, endpoint, one, other } = await startOwing({
      breaker: { failures: 1, cooldownMs: 100 },
    })
    one.answer(503)
    service.updateEndpoint(endpoint, { breaker: { failures: 2, cooldownMs: 100 } })
    log.refuse(() => false)
    await clock.advance(1000)
    expect(Array.from(service.log.endpointEntries(), ({ event }) => event.type)).toEqual([
      'threshold.reached',
      'breaker.reset',
    ])
    transport.respond(() => 503)
    other.answer(503)
    await clock.advance(20_000)
    expect(() => replay(importJsonl(exportJsonl(service.log)))).not.toThrow()
    const last = [...importJsonl(exportJsonl(service.log))].filter(isEndpointTransition).at(-1)
    expect(last?.to).toBe(service.getEndpoint(endpoint).health.breaker?.state)
  })

  test('a success ends the failures before it', async () => {
    const { service, log, clock, endpoint, one, other } = await startOwing({ autoDisable: { afterMs: 60_000 } })
    one.answer(503)
    other.answer(200)
    log.refuse(() => false)
    await clock.advance(1000)
    expect(service.getEndpoint(endpoint).health.failingSince).toBeNull()
  })

  test('failures count from the first, however many there are', async () => {
    const { service, log, clock, transport, endpoint, one, other } = await startOwing({
      autoDisable: { afterMs: 2000, warningMs: 0 },
    })
    one.answer(503)
    await clock.advance(500)
    other.answer(503)
    log.refuse(() => false)
    transport.respond(() => 503)
    await clock.advance(1500)
    expect(service.getEndpoint(endpoint)).toMatchObject({ state: 'disabled', health: { disableReason: 'failing' } })
  })
})
