// One record of a log as the viewer shows it, without what is not to be shown: payloads, answers and idempotency keys come
// through only when they were asked for.
import type { LogRecord } from '../../log/transition.ts'

export interface RecordView {
  readonly seq: number
  readonly at: string
  /** The statechart that took the step: `delivery`, `endpoint` or `breaker`. */
  readonly machine: string
  readonly type: string
  readonly from: string | null
  readonly to: string
  readonly attempt: number | null
  readonly status: number | null
  readonly durationMs: number | null
  readonly failure: { readonly reason: string; readonly message: string } | null
  readonly retryAt: string | null
  readonly rateLimitedMs: number | null
  /** The first bytes of the answer; null also where it is not to be shown. */
  readonly snippet: string | null
  /** The machine event, whole except for what is not shown, as JSON. */
  readonly event: string
}

/** How much of one text is sent to the page. */
const longestText = 64 * 1024

/** @param payloads whether payloads, answers and idempotency keys are shown */
export function viewRecord({ seq, at, machine, event, from, to }: LogRecord, payloads: boolean): RecordView {
  const failure = 'failure' in event ? event.failure : null
  return {
    seq,
    at,
    machine: machine.split('@', 1).join(''),
    type: event.type,
    from,
    to,
    attempt: 'attempt' in event ? event.attempt : null,
    status: 'status' in event ? event.status : (failure?.status ?? null),
    durationMs: 'durationMs' in event ? event.durationMs : null,
    failure: failure === null ? null : { reason: failure.reason, message: failure.message },
    retryAt: 'retryAt' in event && to === 'backoff' ? event.retryAt : null,
    rateLimitedMs: ('rateLimitedMs' in event ? event.rateLimitedMs : null) ?? null,
    snippet: payloads && 'snippet' in event ? event.snippet : null,
    event: cutText(JSON.stringify(event, payloads ? undefined : hideContents, 2)),
  }
}

/** A body or an answer as text. The fold does not check them: in a damaged log they may be anything. */
export function contentText(content: unknown): string {
  return typeof content === 'string' ? content : JSON.stringify(content ?? null)
}

/** A text that is not too long to show. */
export function cutText(text: string): string {
  if (text.length <= longestText) return text
  return `${text.slice(0, longestText)}… (${text.length - longestText} characters more)`
}

const hidden: ReadonlySet<string> = new Set(['body', 'snippet', 'idempotencyKey'])

function hideContents(name: string, value: unknown): unknown {
  if (value === null || !hidden.has(name)) return value
  return `(${Buffer.byteLength(contentText(value))} bytes, not shown)`
}
