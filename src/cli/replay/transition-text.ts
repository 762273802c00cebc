import type { LogRecord } from '../../log/transition.ts'
import { durationText } from '../../recorded/duration-text.ts'

/** How much is shown of what an endpoint answered. */
const snippetLength = 100

/** What a record tells, in a few words. Texts of the log come as they are, and may be anything. */
export function transitionText({ event }: LogRecord): string {
  const attempt = 'attempt' in event ? `attempt ${event.attempt} ` : ''
  switch (event.type) {
    case 'event.submitted':
      return `submitted, number ${event.sequence} of its line`
    case 'attempt.started':
      return `${attempt}started${heldText(event.rateLimitedMs)}`
    case 'attempt.succeeded':
      return `${attempt}succeeded: HTTP ${event.status} after ${durationText(event.durationMs)}${snippetText(event.snippet)}`
    case 'attempt.failed':
    case 'attempt.rejected':
      return `${attempt}${event.type === 'attempt.failed' ? 'failed' : 'refused for good'}: ${failureText(event)}${snippetText(event.snippet)}`
    case 'attempt.interrupted':
      return `${attempt}interrupted: ${failureText(event)}`
    case 'event.abandoned':
      return `abandoned: ${event.failure.message}`
    case 'endpoint.disabled':
      return `endpoint.disabled: ${event.reason}`
    case 'threshold.reached':
    case 'probe.failed':
      return `${event.type}: ${event.failures} failures in a row, open until ${event.reopensAt}`
    default:
      return event.type
  }
}

function heldText(rateLimitedMs: number | undefined): string {
  return rateLimitedMs === undefined ? '' : `, held by rate limits for ${durationText(rateLimitedMs)}`
}

function failureText({ failure, durationMs }: { failure: { message: string }; durationMs: number }): string {
  return `${failure.message} after ${durationText(durationMs)}`
}

/** The fold does not check what it does not need: a damaged log may hold anything there. */
function snippetText(snippet: unknown): string {
  if (typeof snippet !== 'string' || snippet === '') return ''
  const shown = snippet.length > snippetLength ? `${snippet.slice(0, snippetLength)}…` : snippet
  return ` "${shown}"`
}
