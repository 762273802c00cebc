/** What became of one event that was to be submitted. */
export interface Submission {
  readonly number: number
  readonly endpoint: number
  /** When its request was due. */
  readonly dueMs: number
  /** When it was given to the connections for the first time. */
  readonly sentMs: number
  /** Null as long as nobody has acknowledged it. */
  readonly acknowledgedMs: number | null
  readonly eventId: string | null
  /** Answers other than 202, by status; 0 is none at all. */
  readonly refusals: readonly number[]
}

export interface LoadOrder {
  readonly type: 'submit'
  readonly url: string
  readonly key: string
  readonly endpointIds: readonly string[]
  /** The first event's number. */
  readonly from: number
  readonly perSecond: number
  /** For how long; null: until `stop`. */
  readonly seconds: number | null
}

export type SubmitterOrder = LoadOrder | { readonly type: 'stop' }

/** Comes when nothing is under way any more. */
export interface SubmitterReply {
  readonly type: 'submitted'
  readonly submissions: readonly Submission[]
}
