import type { RequestFault } from '../faults.ts'

/** One request as its receiver saw it: what really arrived, and what was really answered. */
export interface ReceivedAttempt {
  /** Whose path it came to. */
  readonly endpoint: number
  readonly eventId: string
  readonly attempt: number
  readonly sequence: number
  /** When it was whole, in milliseconds since the Unix epoch. */
  readonly at: number
  /** The generations of the endpoint's secret whose signatures it bore. */
  readonly signedBy: readonly number[]
  /** Whether the endpoint's own header came exactly once, with its value, and every engine header once. */
  readonly headersRight: boolean
  readonly fault: RequestFault
  /** Whether a late answer too many had been drawn for an earlier request of its connection. */
  readonly afterSurplus: boolean
  /** The status of its one true answer; null while none was written to an open connection. */
  status: number | null
}

/** What the text of every answer starts with, so that the log shows whose answer it took for whose. */
export interface AnswerName {
  /** `surplus`: an answer that no request had asked for. */
  readonly kind: 'true' | 'surplus'
  readonly endpoint: number
  readonly eventId: string
  readonly attempt: number
}

/** The status of an answer too many that comes late, which nothing else uses. */
export const lateSurplusStatus = 577
/** The status of an answer too many in the packet of the true one: taken for an answer, it would deliver. */
export const packedSurplusStatus = 299

export function answerText({ kind, endpoint, eventId, attempt }: AnswerName): string {
  return `${kind} ${endpoint} ${eventId} ${attempt}.`
}

/** Null for text that names no request. */
export function readAnswerText(text: string): AnswerName | null {
  const [, kind, endpoint, eventId, attempt] = /^(true|surplus) (\d+) (\S+) (\d+)\./.exec(text) ?? []
  if (kind === undefined || eventId === undefined) return null
  return { kind: kind === 'true' ? kind : 'surplus', endpoint: Number(endpoint), eventId, attempt: Number(attempt) }
}
