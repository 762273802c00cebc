import type { Failure } from '../attempt/failure.ts'
import type { RecordedAnswer } from './endpoint-history.ts'

type TransportReason = Extract<RecordedAnswer, { kind: 'failed' }>['reason']

const transportReasons: Readonly<Record<TransportReason, true>> = {
  dns: true,
  connect: true,
  tls: true,
  reset: true,
  protocol: true,
  egress_blocked: true,
  invalid_request: true,
}

/** Refusals that are about the time, or how much was sent by then: another event would have got them too. */
const ofTheMoment: ReadonlySet<number> = new Set([408, 425, 429])

/** What an endpoint did, when this came of it. A file may hold anything: what is no failure of ours counts as a reset. */
export function answerToFailure(failure: Failure, retryAfterMs: number | null): RecordedAnswer {
  const { reason, message, status, reach } = failure
  if (reason === 'timeout') return { kind: 'silent' }
  if (status !== undefined && Number.isInteger(status)) {
    // An endpoint that is gone would be disabled when it says so; its disabling is a happening of its own.
    return { kind: 'answered', status: status === 410 ? 400 : status, retryAfterMs }
  }
  return {
    kind: 'failed',
    reason: isTransportReason(reason) ? reason : 'reset',
    message: plainMessage(message, reason),
    reach,
  }
}

/** Whether a failure for good is about this event alone, so that it would have failed at any other time too. */
export function isAboutEvent({ status }: Failure): boolean {
  return status === undefined || !ofTheMoment.has(status)
}

function isTransportReason(reason: string): reason is TransportReason {
  return Object.hasOwn(transportReasons, reason)
}

/** A record has the reason before the message, where it will be put again. */
function plainMessage(message: string, reason: string): string {
  return message.startsWith(`${reason}: `) ? message.slice(reason.length + 2) : message
}
