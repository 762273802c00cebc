import type { Arrival } from './arrival.ts'

/** What the controller tells the receivers' process. */
export type ReceiversOrder =
  | { readonly type: 'start'; readonly seed: number }
  /** Every request is answered 2xx from now on. */
  | { readonly type: 'heal' }
  | { readonly type: 'tell' }

/** What it answers. */
export type ReceiversReply =
  | { readonly type: 'started'; readonly port: number }
  | { readonly type: 'healed' }
  | { readonly type: 'received'; readonly arrivals: readonly Arrival[]; readonly more: boolean }
