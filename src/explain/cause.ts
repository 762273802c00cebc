// What can hold an event, each with its sentence. The same words for a running service and for a recorded log.
import type { DisableReason } from '../../machines/endpoint.ts'
import type { RestingDelivery } from '../../machines/sequencer.ts'

/** What an event waits for, or why it waits no more. */
export type ExplanationReason =
  | 'delivered'
  | 'failed'
  | 'deadLettered'
  | 'inFlight' // a request is under way
  | 'serviceClosed' // the service was shut down before its turn
  | 'logHeld' // the log cannot write what it was given, and no attempt starts before it can
  | 'logStopped' // the log has failed for good
  | 'endpointUnregistered' // the service was restarted, and its endpoint was not registered again yet
  | 'endpointDisabled'
  | 'endpointPaused'
  | 'lineHalted' // a dead letter holds the line until a person decides
  | 'behind' // other events of its line come first
  | 'backoff' // its last attempt failed and the next is not due
  | 'breakerOpen'
  | 'rateLimited'
  | 'waitingForTurn' // it is next; other endpoints have the requests in flight, or a claim to them

export interface Cause {
  readonly reason: ExplanationReason
  /** When it ends by itself, ISO 8601; null when only an answer or a person can end it. */
  readonly until: string | null
  /** The same, for people. */
  readonly text: string
}

/** Null for an event that is not settled, nor under way. */
export function causeOfState({ value, context }: RestingDelivery): Cause | null {
  const { attempts, deliveredAt, lastError } = context
  const error = lastError ?? 'no reason recorded'
  switch (value) {
    case 'delivered':
      return cause('delivered', `delivered on attempt ${attempts} at ${deliveredAt ?? ''}`)
    case 'failed':
      return cause('failed', `failed for good: ${error}`)
    case 'deadLettered':
      return cause('deadLettered', `given up after ${countAttempts(attempts)}; the last one: ${error}`)
    case 'delivering':
      return cause('inFlight', `attempt ${attempts} is in flight`)
    case 'pending':
    case 'backoff':
      return null
  }
}

export const closedBeforeItsTurn = cause('serviceClosed', 'the service was shut down before its turn')

export const logHeld = cause(
  'logHeld',
  'the log cannot write to its disk; no attempt starts before it can, which it tries every second',
)

export const logStopped = cause(
  'logStopped',
  'the log has failed for good; mend or replace its disk, and start the service again',
)

export function endpointUnregistered(endpointId: string): Cause {
  const text = `endpoint ${endpointId} was not registered again after a restart; registerEndpoint with its id lets its line go on`
  return cause('endpointUnregistered', text)
}

export function endpointDisabled(endpointId: string, reason: DisableReason | null, since: string | null): Cause {
  const because = reason === 'failing' ? `it has only failed since ${since ?? ''}` : 'it answered 410'
  const text = `endpoint ${endpointId} is disabled, because ${because}; resumeEndpoint lets its line go on`
  return cause('endpointDisabled', text)
}

export function endpointPaused(endpointId: string): Cause {
  return cause('endpointPaused', `endpoint ${endpointId} is paused; resumeEndpoint lets its line go on`)
}

export function lineHalted(deadLetterId: string): Cause {
  const text = `dead letter ${deadLetterId} holds the line; redeliver it, or resumeEndpoint to go on without it`
  return cause('lineHalted', text)
}

const ordinary: ReadonlySet<ExplanationReason> = new Set(['inFlight', 'backoff', 'waitingForTurn'])

/** Whatever holds the head of a line holds those behind it. */
export function behindHead(headId: string, head: RestingDelivery, { reason, until, text }: Cause): Cause {
  // Of what its state says already there is no need to say more.
  const more = ordinary.has(reason) ? '' : `: ${text}`
  return cause('behind', `behind event ${headId}, which is ${progressOf(head)}${more}`, until)
}

function progressOf({ value, context: { attempts, retryAt } }: RestingDelivery): string {
  if (value === 'delivering') return `delivering, on attempt ${attempts}`
  const state = value === 'backoff' ? `in backoff until ${retryAt ?? ''}` : value
  return `${state} after ${countAttempts(attempts)}`
}

/** `context` of an event in backoff whose next attempt is not due. */
export function backingOff({ attempts, lastError, retryAt }: RestingDelivery['context']): Cause {
  const text = `attempt ${attempts} failed (${lastError ?? ''}); attempt ${attempts + 1} is due at ${retryAt ?? ''}`
  return cause('backoff', text, retryAt)
}

/** `failures`: how many attempts have failed in a row. */
export function breakerOpen(endpointId: string, reopensAt: string | null, failures: number): Cause {
  const text = `the breaker of endpoint ${endpointId} is open until ${reopensAt ?? ''}, after ${failures} failed attempts in a row`
  return cause('breakerOpen', text, reopensAt)
}

export function breakerProbing(endpointId: string): Cause {
  return cause(
    'breakerOpen',
    `the breaker of endpoint ${endpointId} is half open, and waits for the answer to its probe`,
  )
}

/** @param limit whose it is: `rate limit of endpoint ep_1` */
export function rateLimited(limit: string, until: string): Cause {
  return cause('rateLimited', `the ${limit} holds it until ${until}`, until)
}

export const waitingForTurn = cause(
  'waitingForTurn',
  'it is next in its line and waits for its turn among the endpoints',
)

/** Of two causes that both hold an event, the one that ends last. */
export function laterOf(one: Cause | null, other: Cause | null): Cause | null {
  if (one === null || other === null) return one ?? other
  return Date.parse(one.until ?? '') > Date.parse(other.until ?? '') ? one : other
}

export function countAttempts(attempts: number): string {
  return attempts === 1 ? '1 attempt' : `${attempts} attempts`
}

function cause(reason: ExplanationReason, text: string, until: string | null = null): Cause {
  return { reason, until, text }
}
