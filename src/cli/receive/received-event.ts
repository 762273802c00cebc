import type { IncomingHttpHeaders } from 'node:http'
import type { SignatureVerdict } from './signature-verdict.ts'

/** One request, as it is told: a line of `--json` is exactly this. */
export interface ReceivedEvent {
  /** When it had arrived, ISO 8601. */
  readonly at: string
  readonly path: string
  readonly eventId: string | null
  readonly eventType: string | null
  readonly sequence: number | null
  readonly attempt: number | null
  readonly signature: SignatureVerdict
  /** The status it was answered with, or `hang`. */
  readonly answer: number | 'hang'
  /** Whether the same event had been accepted before. */
  readonly duplicate: boolean
  /** How many numbers of its line were passed over just before it. */
  readonly gap: number
  readonly bytes: number
  /** The beginning of the body, as text. */
  readonly body: string
}

/** What a request says of the event it carries. Null for what is not there, or is not what hookline sends. */
export type EventHeaders = Pick<ReceivedEvent, 'eventId' | 'eventType' | 'sequence' | 'attempt'>

const longestText = 200

export function readEventHeaders(headers: IncomingHttpHeaders): EventHeaders {
  return {
    eventId: textOf(headers, 'x-event-id') ?? textOf(headers, 'webhook-id'),
    eventType: textOf(headers, 'x-event-type'),
    sequence: numberOf(headers, 'x-event-sequence'),
    attempt: numberOf(headers, 'x-event-attempt'),
  }
}

function textOf(headers: IncomingHttpHeaders, name: string): string | null {
  const value = headers[name]
  return typeof value === 'string' && value !== '' && value.length <= longestText ? value : null
}

function numberOf(headers: IncomingHttpHeaders, name: string): number | null {
  const text = textOf(headers, name)
  return text !== null && /^[1-9][0-9]{0,14}$/.test(text) ? Number(text) : null
}
