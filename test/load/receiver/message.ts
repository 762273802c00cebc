/** One request as its receiver saw it. All are answered 200. */
export interface Arrival {
  readonly endpoint: number
  /** Of the event, as its body tells it; null when it tells none. */
  readonly number: number | null
  readonly eventId: string
  readonly sequence: number
  /** On the clock that all processes of the machine share. */
  readonly atMs: number
  readonly bytesRight: boolean
  readonly signatureRight: boolean
}

export type ReceiverOrder = { readonly type: 'count' } | { readonly type: 'take' }

export type ReceiverReply =
  | { readonly type: 'listening'; readonly port: number }
  /** How many events have arrived since the last `take`, each counted once. */
  | { readonly type: 'counted'; readonly events: number }
  /** What has arrived since the last one. */
  | { readonly type: 'taken'; readonly arrivals: readonly Arrival[] }
