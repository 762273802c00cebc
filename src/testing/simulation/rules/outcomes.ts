import type { EventHistory, Finding, RequestHistory } from '../history.ts'
import type { Rule } from './rule.ts'

/** An attempt is logged as what its first result means: a failure is never called final that may pass. */
export const outcomes: Rule = {
  name: 'an attempt ends as it was answered',
  *check({ history }) {
    for (const event of history.events.values()) {
      for (const request of event.requests) yield* checkRequest(event, request)
    }
  },
}

function* checkRequest({ eventId, records }: EventHistory, request: RequestHistory): Iterable<Finding> {
  const { attempt } = request
  const end = records.find(
    ({ record: { event } }) => 'attempt' in event && event.attempt === attempt && event.type !== 'attempt.started',
  )
  const expected = meaningOf(request)
  if (end === undefined || expected === null) return
  const { type } = end.record.event
  const tookMs = request.resultMs - request.sentMs
  if ('durationMs' in end.record.event && end.life === request.life && end.record.event.durationMs !== tookMs) {
    const message = `attempt ${attempt} of ${eventId} took ${tookMs} ms, and the log says ${end.record.event.durationMs}`
    yield { message, seq: end.record.seq, eventId }
  }
  // A process that died before it could log the answer does not know it.
  const isLost = type === 'attempt.interrupted' && end.life !== request.life
  if (type === expected || isLost) return
  const { seq } = end.record
  const result = JSON.stringify(request.result)
  yield { message: `attempt ${attempt} of ${eventId} was logged as ${type}, and what came was ${result}`, seq, eventId }
}

/** The machine event that a request's first result means; null: there is none. */
export function meaningOf({ result, policy }: RequestHistory): string | null {
  if (result === null || policy === null) return null
  if (result.kind === 'failed') return result.reason === 'aborted' ? 'attempt.interrupted' : 'attempt.failed'
  const { status } = result
  if (status >= 200 && status <= 299) return 'attempt.succeeded'
  const isFinal = status >= 400 && status <= 499 && !policy.retryableStatuses.includes(status)
  return isFinal ? 'attempt.rejected' : 'attempt.failed'
}
