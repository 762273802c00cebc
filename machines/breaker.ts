// One endpoint's health, as seen by its answers: whether attempts may go out, or must wait, or one probe may try.
// Holds no clock: the core draws the end of the cooldown and reports when it is over.
import { setup } from 'xstate'

export type BreakerState = 'closed' | 'open' | 'halfOpen'

export interface BreakerContext {
  /** Failed attempts in a row. */
  readonly failures: number
  /** How many in a row open the breaker. */
  readonly threshold: number
  /** When the cooldown ends and one probe may go out; ISO 8601; null unless open. */
  readonly reopensAt: string | null
}

export interface BreakerInput {
  readonly threshold: number
}

export type BreakerEvent =
  | { readonly type: 'attempt.succeeded' }
  /** `cooldownEndsAt` is when a breaker that opens on this failure may be probed. */
  | { readonly type: 'attempt.failed'; readonly cooldownEndsAt: string }
  | { readonly type: 'cooldown.elapsed' }

const breaker = setup({
  types: { context: {} as BreakerContext, events: {} as BreakerEvent, input: {} as BreakerInput },
  guards: {
    isLastStraw: ({ context }) => context.failures + 1 >= context.threshold,
  },
})

const countFailure = breaker.assign(({ context }) => ({ failures: context.failures + 1 }))
const forgetFailures = breaker.assign({ failures: 0, reopensAt: null })
const startCooldown = breaker.assign(({ event }) => ({
  reopensAt: event.type === 'attempt.failed' ? event.cooldownEndsAt : null,
}))
const endCooldown = breaker.assign({ reopensAt: null })

export const breakerMachine = breaker.createMachine({
  id: 'breaker',
  version: '1',
  context: ({ input }) => ({
    failures: 0,
    threshold: (input as BreakerInput | undefined)?.threshold ?? 1,
    reopensAt: null,
  }),
  initial: 'closed',
  states: {
    closed: {
      on: {
        'attempt.succeeded': { actions: forgetFailures },
        'attempt.failed': [
          { guard: 'isLastStraw', target: 'open', actions: [countFailure, startCooldown] },
          { actions: countFailure },
        ],
      },
    },
    open: {
      on: {
        'cooldown.elapsed': { target: 'halfOpen', actions: endCooldown },
      },
    },
    halfOpen: {
      on: {
        'attempt.succeeded': { target: 'closed', actions: forgetFailures },
        'attempt.failed': { target: 'open', actions: [countFailure, startCooldown] },
      },
    },
  },
})

/** What each state takes no notice of, on purpose: answers of attempts that were under way when the breaker opened. */
export const breakerIgnores: Readonly<Record<BreakerState, readonly BreakerEvent['type'][]>> = {
  closed: ['cooldown.elapsed'],
  open: ['attempt.succeeded', 'attempt.failed'],
  halfOpen: ['cooldown.elapsed'],
}
