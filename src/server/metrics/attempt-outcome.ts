import type { Failure, FailureReason } from '../../attempt/failure.ts'

/** Statuses that people look for by themselves: a wrong signature, an endpoint that is gone, one that is called too often. */
const ownStatuses = [401, 403, 410, 429] as const

type StatusOutcome = `http_${(typeof ownStatuses)[number]}` | 'http_4xx' | 'http_5xx' | 'http_other'

/** What came of an attempt, in few words: the set is closed, whatever endpoints answer. */
export type AttemptOutcome = 'succeeded' | Exclude<FailureReason, 'status'> | StatusOutcome

/** Every outcome there is, so that each has its place among the figures before it has occurred. */
export const attemptOutcomes: readonly AttemptOutcome[] = [
  'succeeded',
  'http_401',
  'http_403',
  'http_410',
  'http_429',
  'http_4xx',
  'http_5xx',
  'http_other',
  'redirect',
  'dns',
  'connect',
  'tls',
  'reset',
  'protocol',
  'timeout',
  'aborted',
  'egress_blocked',
  'invalid_request',
  'endpoint_removed',
  'internal',
]

export function failedOutcome({ reason, status }: Failure): AttemptOutcome {
  return reason === 'status' ? statusOutcome(status ?? 0) : reason
}

function statusOutcome(status: number): StatusOutcome {
  for (const own of ownStatuses) if (own === status) return `http_${own}`
  if (status >= 400 && status < 500) return 'http_4xx'
  return status >= 500 && status < 600 ? 'http_5xx' : 'http_other'
}
