import type { RetryPolicy } from '../retry/retry-policy.ts'
import type { TransportResult } from '../transport/transport.ts'
import type { Failure } from './failure.ts'

/** What an attempt's result means for the event. */
export type Outcome =
  | { readonly kind: 'succeeded'; readonly status: number; readonly snippet: string | null }
  /** Another attempt may succeed. */
  | {
      readonly kind: 'retriable'
      readonly failure: Failure
      readonly snippet: string | null
      readonly retryAfter: string | null
    }
  /** The endpoint, or the egress policy, refused it for good. `gone`: the endpoint wants no more events at all. */
  | { readonly kind: 'permanent'; readonly failure: Failure; readonly snippet: string | null; readonly gone: boolean }
  /** hookline itself ended the attempt. */
  | { readonly kind: 'interrupted'; readonly failure: Failure }

const gone = 410

/** The table of answers in the contract: 2xx delivers, 4xx refuses for good unless the policy names it, the rest may be retried. */
export function judge(result: TransportResult, policy: RetryPolicy): Outcome {
  if (result.kind === 'failed') {
    const { reason, reach } = result
    // With its code in front: the message is all that a status shows.
    const failure: Failure = { reason, message: `${reason}: ${result.message}`, reach }
    if (reason === 'aborted') return { kind: 'interrupted', failure }
    if (reason === 'egress_blocked' || reason === 'invalid_request') {
      return { kind: 'permanent', failure, snippet: null, gone: false }
    }
    return { kind: 'retriable', failure, snippet: null, retryAfter: null }
  }
  const { status, snippet, retryAfter } = result
  if (status >= 200 && status <= 299) return { kind: 'succeeded', status, snippet }
  const failure = failedStatus(status)
  if (status >= 400 && status <= 499 && !policy.retryableStatuses.includes(status)) {
    return { kind: 'permanent', failure, snippet, gone: status === gone }
  }
  return { kind: 'retriable', failure, snippet, retryAfter }
}

function failedStatus(status: number): Failure {
  return status >= 300 && status <= 399
    ? { reason: 'redirect', message: `HTTP ${status}: redirects are not followed`, status, reach: 'answered' }
    : { reason: 'status', message: `HTTP ${status}`, status, reach: 'answered' }
}
