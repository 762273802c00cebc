import type { AttemptFact, EventFact, Facts } from '../facts.ts'
import { readAnswerText } from '../receivers/received-attempt.ts'
import { isSuccess } from './is-success.ts'

// Whether the log took each answer for what it was. Every answer names the request it belongs to, in its text.
//
// Once an endpoint has sent a late answer too many on a connection, nothing tells which of its own later requests there an
// answer belongs to: each may be taken for the next. That is the endpoint's own doing. Attempts that were mistaken so are
// counted and allowed, as long as the answer is one of the very endpoint that spoiled the connection. An answer of any
// other endpoint, on any other connection, or too many in the packet of the true one, is a violation.

/** An event is delivered when, and only when, the receiver of its own endpoint answered that very attempt with 2xx. */
export function checkAnswers({ events }: Facts): string[] {
  return Array.from(events.values()).flatMap((event) =>
    event.attempts.flatMap((attempt) => {
      const mistake = isOwnDoing(event, attempt) ? null : mistakeIn(event, attempt)
      const wrong = misjudged(attempt) ?? mistake
      return wrong === null ? [] : [`${event.eventId} attempt ${attempt.attempt}: ${wrong}`]
    }),
  )
}

/** Whatever the answer was, 2xx delivers and nothing else does. */
function misjudged({ end }: AttemptFact): string | null {
  if (end === null) return null
  const status = statusIn(end)
  const delivers = status !== null && isSuccess(status)
  return delivers === (end.type === 'attempt.succeeded') ? null : `${String(status)} was taken for ${end.type}`
}

/** How many attempts ended with an answer that belonged to another request of their own endpoint, or to none. */
export function countMistaken({ events }: Facts): number {
  let count = 0
  for (const event of events.values()) for (const attempt of event.attempts) if (isMistaken(event, attempt)) count++
  return count
}

/** Whether the endpoint's own answers too many made the attempt end in another way than it answered. */
export function isMistaken(event: EventFact, attempt: AttemptFact): boolean {
  return mistakeIn(event, attempt) !== null && isOwnDoing(event, attempt)
}

function isOwnDoing({ endpoint }: EventFact, { end, received }: AttemptFact): boolean {
  const named = end === null ? null : textIn(end)
  return received[0]?.afterSurplus === true && (named === null || named.endpoint === endpoint.number)
}

function mistakeIn(event: EventFact, { end, received, attempt }: AttemptFact): string | null {
  if (end === null) return null
  const named = textIn(end)
  if (named !== null) {
    const isOwn = named.endpoint === event.endpoint.number && named.eventId === event.eventId
    if (named.kind !== 'true' || !isOwn || named.attempt !== attempt) {
      const whose = `endpoint ${named.endpoint}, ${named.eventId} attempt ${named.attempt}`
      return `an attempt at endpoint ${event.endpoint.number} was settled by the ${named.kind} answer to ${whose}`
    }
  }
  const truth = received[0]?.status ?? null
  const status = statusIn(end)
  if (status !== null) {
    return status === truth ? null : `the log says ${status}, its receiver answered ${String(truth)}`
  }
  const reach = 'failure' in end ? end.failure.reach : null
  return reach === 'notSent' && received.length > 0 ? 'the log says it was not sent, and it arrived' : null
}

function statusIn(end: NonNullable<AttemptFact['end']>): number | null {
  if (end.type === 'attempt.succeeded') return end.status
  return 'failure' in end ? (end.failure.status ?? null) : null
}

function textIn(end: NonNullable<AttemptFact['end']>) {
  return 'snippet' in end && end.snippet !== null ? readAnswerText(end.snippet) : null
}
