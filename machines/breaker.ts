// Whether attempts may go out to an endpoint that has been failing: all, none for a while, or one probe at a time.
// Holds no clock and counts nothing: the core counts failures, draws the end of the cooldown and reports when it is over.
import { setup } from 'xstate'

export type BreakerState = 'closed' | 'open' | 'halfOpen'

export interface BreakerContext {
  /** How many attempts had failed in a row when it opened; 0 when closed. */
  readonly failures: number
  /** When the cooldown ends and one probe may go out; ISO 8601; null unless open. */
  readonly reopensAt: string | null
}

/** Times are ISO 8601 strings. `failures`: how many attempts have failed in a row, the last included. */
export type BreakerEvent =
  /** As many attempts have failed in a row as are allowed. */
  | {
      readonly type: 'threshold.reached'
      readonly at: string
      readonly failures: number
      readonly reopensAt: string
    }
  | { readonly type: 'cooldown.elapsed'; readonly at: string }
  | { readonly type: 'probe.succeeded'; readonly at: string }
  | { readonly type: 'probe.failed'; readonly at: string; readonly failures: number; readonly reopensAt: string }
  /** The endpoint was changed, and what failed before says nothing of it. */
  | { readonly type: 'breaker.reset'; readonly at: string }

const breaker = setup({
  types: { context: {} as BreakerContext, events: {} as BreakerEvent },
})

const quiet: BreakerContext = { failures: 0, reopensAt: null }

// Each event says all there is to know, so that the context follows from the last one alone.
const forgetFailures = breaker.assign(quiet)
const startCooldown = breaker.assign(({ context, event }) =>
  'reopensAt' in event ? { failures: event.failures, reopensAt: event.reopensAt } : context,
)
const endCooldown = breaker.assign({ reopensAt: null })

export const breakerMachine = breaker.createMachine({
  id: 'breaker',
  version: '1',
  context: quiet,
  initial: 'closed',
  states: {
    closed: {
      on: {
        'threshold.reached': { target: 'open', actions: startCooldown },
      },
    },
    open: {
      on: {
        'cooldown.elapsed': { target: 'halfOpen', actions: endCooldown },
        'breaker.reset': { target: 'closed', actions: forgetFailures },
      },
    },
    halfOpen: {
      on: {
        'probe.succeeded': { target: 'closed', actions: forgetFailures },
        'probe.failed': { target: 'open', actions: startCooldown },
        'breaker.reset': { target: 'closed', actions: forgetFailures },
      },
    },
  },
})

const probes = ['probe.succeeded', 'probe.failed'] as const

/** What each state takes no notice of, on purpose. `open`: answers of attempts that were under way when it opened. */
export const breakerIgnores: Readonly<Record<BreakerState, readonly BreakerEvent['type'][]>> = {
  closed: ['cooldown.elapsed', ...probes, 'breaker.reset'],
  open: ['threshold.reached', ...probes],
  halfOpen: ['threshold.reached', 'cooldown.elapsed'],
}
