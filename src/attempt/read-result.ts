// What a transport reported, made fit to be judged and stored. A transport may be the user's own, and an answer is a
// stranger's text.
import type { Redaction } from '../endpoint/redaction.ts'
import type { Reach, TransportFailureReason, TransportResult } from '../transport/transport.ts'

const reasons: Readonly<Record<TransportFailureReason, true>> = {
  dns: true,
  connect: true,
  tls: true,
  reset: true,
  protocol: true,
  timeout: true,
  aborted: true,
  egress_blocked: true,
  invalid_request: true,
}
const reaches: Readonly<Record<Reach, true>> = { notSent: true, unknown: true, answered: true }
const longestMessage = 300

/**
 * The same result, without what `redaction` keeps back, its message on one line.
 *
 * @throws Error when it is none: the fault is the transport's
 */
export function readResult(result: TransportResult, redaction: Redaction): TransportResult {
  if (result.kind === 'answered') {
    const { status, snippet } = result
    if (!Number.isInteger(status)) throw new Error('the transport reported an answer without a status')
    if (snippet === null) return result
    const shown = redaction.apply(snippet)
    return shown === snippet ? result : { ...result, snippet: shown }
  }
  const { reason, reach, message } = result
  if (!Object.hasOwn(reasons, reason) || !Object.hasOwn(reaches, reach)) {
    throw new Error('the transport reported a failure without a reason and a reach that it may have')
  }
  const shown = redaction.apply(oneLine(message))
  return shown === message ? result : { ...result, message: shown }
}

function oneLine(message: string): string {
  return message.slice(0, longestMessage).replaceAll(/\p{Cc}+/gu, ' ')
}
