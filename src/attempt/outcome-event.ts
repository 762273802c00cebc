import type { DeliveryEvent } from '../../machines/delivery.ts'
import type { Outcome } from './outcome.ts'

/** What is known of an attempt when it ends, beside its outcome. */
export interface AttemptEnd {
  readonly attempt: number
  /** ISO 8601. */
  readonly at: string
  readonly durationMs: number
  /** Whether the event would hold its line, should the attempt have been its last. */
  readonly holdsLine: boolean
}

/** The machine event that reports an outcome. `retryAt` is when to try again, should the budget allow it. */
export function outcomeEvent(outcome: Outcome, end: AttemptEnd, retryAt: string): DeliveryEvent {
  const { attempt, at, durationMs, holdsLine } = end
  switch (outcome.kind) {
    case 'succeeded': {
      const { status, snippet } = outcome
      return { type: 'attempt.succeeded', attempt, at, status, durationMs, snippet }
    }
    case 'retriable': {
      const { failure, snippet } = outcome
      const failed = { type: 'attempt.failed', attempt, at, failure, durationMs, snippet, retryAt } as const
      return holdsLine ? { ...failed, holdsLine } : failed
    }
    case 'permanent': {
      const { failure, snippet } = outcome
      return { type: 'attempt.rejected', attempt, at, failure, durationMs, snippet }
    }
    case 'interrupted':
      return { type: 'attempt.interrupted', attempt, at, failure: outcome.failure, durationMs }
  }
}
