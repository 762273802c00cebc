import fc from 'fast-check'
import { expect, test } from 'vitest'
import { recordLog, runAgain } from './record-log.ts'
import type { Behaviour } from './record-log.ts'

interface Use {
  readonly afterMs: number
  readonly endpoint: number
  readonly what: 'submit' | 'pause' | 'resume' | 'redeliver'
  readonly orderingKey: string | null
}

const useOf: fc.Arbitrary<Use> = fc.record({
  afterMs: fc.integer({ min: 1, max: 3000 }),
  endpoint: fc.nat({ max: 2 }),
  what: fc.oneof(
    { weight: 20, arbitrary: fc.constant('submit' as const) },
    { weight: 1, arbitrary: fc.constantFrom('pause' as const, 'redeliver' as const) },
    { weight: 3, arbitrary: fc.constant('resume' as const) },
  ),
  orderingKey: fc.constantFrom(null, 'a', 'b'),
})

const scenario = fc.record({
  uses: fc.array(useOf, { minLength: 1, maxLength: 60 }),
  orderings: fc.tuple(...[0, 1, 2].map(() => fc.constantFrom('fifo' as const, 'key' as const, 'none' as const))),
  whenExhausted: fc.constantFrom('park' as const, 'halt' as const),
  /** Of answers, one after the other, whoever asks. */
  statuses: fc.array(fc.constantFrom(200, 200, 200, 200, 500, 503, 422, 429, 302, 'silent' as const), {
    minLength: 1,
    maxLength: 40,
  }),
  // Even, and deadlines odd: which of two things comes first that are due at the same moment is chance.
  latenciesMs: fc.array(fc.integer({ min: 1, max: 2000 }).map(twice), { minLength: 1, maxLength: 10 }),
  retry: fc.record({
    maxAttempts: fc.integer({ min: 1, max: 5 }),
    initialDelayMs: fc.integer({ min: 1, max: 5000 }),
    jitter: fc.constant(0),
  }),
  timeoutMs: fc.integer({ min: 250, max: 2500 }).map((half) => twice(half) + 1),
})

test('whatever happened comes out as recorded when no chance was in it', { timeout: 60_000 }, async () => {
  await fc.assert(
    fc.asyncProperty(scenario, async ({ uses, orderings, whenExhausted, statuses, latenciesMs, retry, timeoutMs }) => {
      let asked = 0
      const behaviour: Behaviour = () => {
        asked += 1
        return { status: statuses[asked % statuses.length]!, afterMs: latenciesMs[asked % latenciesMs.length]! }
      }
      const log = await recordLog(behaviour, { retry, timeoutMs }, async ({ service, clock, register }) => {
        const endpointIds = orderings.map((ordering) => register({ ordering, whenExhausted }))
        for (const { afterMs, endpoint, what, orderingKey } of uses) {
          await clock.advance(afterMs)
          const endpointId = endpointIds[endpoint]!
          if (what === 'submit') {
            service.submitEvent(endpointId, 'a', {}, orderingKey === null ? {} : { orderingKey })
          } else if (what === 'pause') service.pauseEndpoint(endpointId)
          else if (what === 'resume') service.resumeEndpoint(endpointId)
          else service.redeliverDeadLetters(endpointId)
        }
      })
      const { recorded, control } = await runAgain(log, { retry, timeoutMs })
      expect(control).toEqual(recorded)
    }),
    { numRuns: 60 },
  )
})

function twice(milliseconds: number): number {
  return 2 * milliseconds
}
