import type { IncomingHttpHeaders, IncomingMessage } from 'node:http'
import { headerText } from './header-text.ts'

/**
 * What the receiver did: the status it sent, `'hang'`, `'reset'`, or `'gone'` when the client closed the connection
 * before the answer was due. Null until then.
 */
export type RespondedWith = number | 'hang' | 'reset' | 'gone' | null

/** A request as it arrived, whole. */
export interface ReceivedRequest {
  readonly method: string
  /** Path with query. */
  readonly path: string
  /** Names in lower case. */
  readonly headers: IncomingHttpHeaders
  /** The body as text (UTF-8). */
  readonly body: string
  /** Place in the order of arrival over all paths, from 1. */
  readonly receivedAt: number
  /** `X-Event-Id` */
  readonly eventId: string | null
  /** `X-Event-Type` */
  readonly eventType: string | null
  /** `X-Event-Attempt`; null when absent or not a number from 1. */
  readonly attempt: number | null
  /** `X-Event-Sequence`; null when absent or not a number from 1. */
  readonly sequence: number | null
  /** Whether both signatures, `X-Signature` and the Standard Webhooks one, hold; null when no secret was given. */
  readonly signatureValid: boolean | null
  readonly respondedWith: RespondedWith
  /** The body parsed as JSON. */
  json(): unknown
}

/** The receiver's own view of a request: it alone writes the answer down. */
export class RecordedRequest implements ReceivedRequest {
  readonly method: string
  readonly path: string
  readonly headers: IncomingHttpHeaders
  readonly body: string
  readonly receivedAt: number
  readonly eventId: string | null
  readonly eventType: string | null
  readonly attempt: number | null
  readonly sequence: number | null
  readonly signatureValid: boolean | null
  respondedWith: RespondedWith = null

  constructor(message: IncomingMessage, body: string, receivedAt: number, signatureValid: boolean | null) {
    const { headers } = message
    this.method = message.method ?? ''
    this.path = message.url ?? ''
    this.headers = headers
    this.body = body
    this.receivedAt = receivedAt
    this.eventId = headerText(headers, 'x-event-id')
    this.eventType = headerText(headers, 'x-event-type')
    this.attempt = headerCount(headers, 'x-event-attempt')
    this.sequence = headerCount(headers, 'x-event-sequence')
    this.signatureValid = signatureValid
  }

  json(): unknown {
    return JSON.parse(this.body)
  }
}

/** A number as hookline writes it; anything else is null. */
function headerCount(headers: IncomingHttpHeaders, name: string): number | null {
  const value = headerText(headers, name)
  return value !== null && /^[1-9]\d{0,14}$/.test(value) ? Number(value) : null
}
