import type { AttemptDetails } from '../event/event-details.ts'
import { countAttempts } from '../explain/cause.ts'
import { durationText } from './duration-text.ts'
import type { RecordedExplanation } from './explain-recorded.ts'
import type { WaitReason } from './wait-spans.ts'
import type { BehindEvent, Wait } from './waits.ts'

/** How many attempts are told one by one: the first and the last ones. */
const attemptsTold = { first: 3, last: 12 } as const
/** How many waits are told one by one: the longest. */
const waitsTold = 5

/**
 * An explanation in sentences, for people. They hold texts of the log as they are: whoever shows them must make them
 * harmless where they are shown.
 */
export function explanationSentences(explanation: RecordedExplanation): string[] {
  return [...beginning(explanation), ...history(explanation), ...now(explanation), ...waitSentences(explanation)]
}

function beginning({ eventId, eventType, endpointId, submittedAt, sequence, orderingKey }: RecordedExplanation) {
  const line = orderingKey === null ? 'its line' : `the line of key ${orderingKey}`
  return [
    `Event ${eventId} (${eventType}) was submitted to endpoint ${endpointId} at ${submittedAt}, as number ${sequence} of ${line}.`,
  ]
}

/** Attempts and redeliveries, in the order in which they happened. */
function history({ attemptsMade, redeliveredAt }: RecordedExplanation): string[] {
  const { first, last } = attemptsTold
  const left = attemptsMade.length - first - last
  const redeliveries = redeliveredAt.map((at) => ({ at, sentence: `It was redelivered at ${at}.` }))
  const attempts = attemptsMade.map((attempt) => ({ at: attempt.startedAt, sentence: attemptSentence(attempt) }))
  const leftOut = { at: attemptsMade[first]?.startedAt ?? '', sentence: `… ${left} more attempts …` }
  const told = left <= 1 ? attempts : [...attempts.slice(0, first), leftOut, ...attempts.slice(-last)]
  return [...redeliveries, ...told]
    .sort((one, other) => Date.parse(one.at) - Date.parse(other.at))
    .map(({ sentence }) => sentence)
}

function now({
  status,
  text,
  at,
  seq,
  ahead,
  settledAt,
  submittedAt,
  attempts,
  lastError,
}: RecordedExplanation): string[] {
  if (settledAt !== null) {
    const laterMs = Date.parse(settledAt) - Date.parse(submittedAt)
    const later = laterMs < 0 ? 'by a clock that was set back' : `${durationText(laterMs)} after its submission`
    const when = `at ${settledAt}, ${later}`
    const error = lastError ?? 'no reason recorded'
    if (status === 'delivered') return [`It was delivered on attempt ${attempts} ${when}.`]
    if (status === 'failed') return [`It failed for good ${when}: ${error}.`]
    return [`It was given up after ${countAttempts(attempts)} ${when}; the last one: ${error}.`]
  }
  const place = ahead === null || ahead === 0 ? '' : ` ${before(ahead)} it in line.`
  return [`At ${at}, after record ${seq}, it was ${stateWords[status] ?? status}: ${text}.${place}`]
}

const stateWords: Readonly<Record<string, string>> = {
  pending: 'pending',
  delivering: 'delivering',
  backoff: 'in backoff',
}

function before(ahead: number): string {
  return ahead === 1 ? 'One event was before' : `${ahead} events were before`
}

function attemptSentence({
  attempt,
  startedAt,
  outcome,
  status,
  failure,
  durationMs,
  retryAt,
}: AttemptDetails): string {
  const began = `Attempt ${attempt} began at ${startedAt}`
  if (outcome === null) return `${began} and is not answered.`
  const took = durationText(durationMs ?? 0)
  if (outcome === 'succeeded') return `${began} and succeeded after ${took}: HTTP ${status ?? ''}.`
  const next = retryAt === null ? '' : ` The next was due at ${retryAt}.`
  const ended = { failed: 'failed', rejected: 'was refused for good', interrupted: 'was interrupted' }[outcome]
  return `${began} and ${ended} after ${took}: ${failure?.message ?? 'no reason recorded'}.${next}`
}

function waitSentences({ waits, settledAt }: RecordedExplanation): string[] {
  const totalMs = waits.reduce((sum, { ms }) => sum + ms, 0)
  if (totalMs === 0) return []
  const groups = groupWaits(waits)
  const told = groups.slice(0, waitsTold).map(waitText)
  const rest = groups.slice(waitsTold)
  const restMs = rest.reduce((sum, { ms }) => sum + ms, 0)
  if (rest.length > 0) told.push(`${durationText(restMs)} for ${rest.length} other reasons`)
  const inLine = settledAt === null ? 'It has been in line for' : 'It was in line for'
  return [`${inLine} ${durationText(totalMs)}: ${told.join('; ')}.`]
}

interface WaitGroup extends Pick<Wait, 'reason' | 'behind'> {
  ms: number
}

/** What it waited for several times is told once; behind several events, each. The longest comes first. */
function groupWaits(waits: readonly Wait[]): WaitGroup[] {
  const groups = new Map<string, WaitGroup>()
  for (const { reason, behind, ms } of waits) {
    const name = `${reason} ${behind?.eventId ?? ''}`
    const group = groups.get(name)
    if (group === undefined) groups.set(name, { reason, behind, ms })
    else groups.set(name, { reason, behind: addUp(group.behind, behind), ms: group.ms + ms })
  }
  return [...groups.values()].sort((one, other) => other.ms - one.ms)
}

function addUp(one: BehindEvent | null, other: BehindEvent | null): BehindEvent | null {
  if (one === null || other === null) return one ?? other
  const spentMs = { ...one.spentMs }
  for (const reason of reasonsIn(other.spentMs)) spentMs[reason] = (spentMs[reason] ?? 0) + (other.spentMs[reason] ?? 0)
  return { eventId: one.eventId, attempts: one.attempts + other.attempts, spentMs }
}

function waitText({ reason, behind, ms }: WaitGroup): string {
  const duration = durationText(ms)
  if (behind === null) return `${duration} ${waitWords[reason]}`
  if (reason === 'lineHalted') return `${duration} while dead letter ${behind.eventId} held the line`
  const spent = reasonsIn(behind.spentMs).map((one) => `${durationText(behind.spentMs[one] ?? 0)} ${waitWords[one]}`)
  return `${duration} behind ${behind.eventId} (${[countAttempts(behind.attempts), ...spent].join(', ')})`
}

function reasonsIn(spentMs: BehindEvent['spentMs']): WaitReason[] {
  // Its keys are reasons, whatever else Object.keys may promise.
  return Object.keys(spentMs) as WaitReason[]
}

const waitWords: Readonly<Record<WaitReason, string>> = {
  inFlight: 'in flight',
  endpointDisabled: 'while the endpoint was disabled',
  endpointPaused: 'while the endpoint was paused',
  lineHalted: 'while the line was held',
  behind: 'behind other events',
  backoff: 'in backoff',
  breakerOpen: 'while the breaker was open',
  rateLimited: 'held by rate limits',
  waitingForTurn: 'waiting for its turn among the endpoints',
}
