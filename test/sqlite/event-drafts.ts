// Records of events beside those of test/log/drafts.ts, not numbered yet.
import type { DeliveryStatus } from '../../machines/delivery.ts'
import type { TransitionDraft } from '../../src/log/transition.ts'
import { attemptStarted } from '../log/drafts.ts'

const failure = { reason: 'status', message: 'HTTP 503', status: 503, reach: 'answered' } as const

/** Its first attempt succeeded, `ms` after the epoch. */
export function attemptSucceeded(eventId: string, ms = 1000): TransitionDraft {
  const at = new Date(ms).toISOString()
  const event = { type: 'attempt.succeeded', attempt: 1, at, durationMs: 5, snippet: null, status: 200 } as const
  return { ...attemptStarted(eventId), at, event, from: 'delivering', to: 'delivered' }
}

/** Its first attempt failed, and was the last. */
export function attemptFailed(eventId: string, ms: number, holdsLine: boolean): TransitionDraft {
  const at = new Date(ms).toISOString()
  const failed = { type: 'attempt.failed', attempt: 1, at, failure, durationMs: 5, snippet: null, retryAt: at } as const
  const event = holdsLine ? { ...failed, holdsLine } : failed
  return { ...attemptStarted(eventId), at, event, from: 'delivering', to: 'deadLettered' }
}

export function redeliveryRequested(eventId: string, from: DeliveryStatus): TransitionDraft {
  const { at, ...started } = attemptStarted(eventId)
  return { ...started, at, event: { type: 'redelivery.requested', at, budget: 3 }, from, to: 'pending' }
}
