import type { ServerKind } from '../faults.ts'
import type { ReceivedAttempt } from './received-attempt.ts'

/** Where servers of each kind listen. */
export type Ports = Readonly<Record<ServerKind, readonly number[]>>

/** What the soak tells the receivers' process. */
export type ReceiversOrder =
  | {
      readonly type: 'start'
      readonly seed: number
      readonly servers: Readonly<Record<ServerKind, number>>
      readonly key: string
      readonly cert: string
    }
  /** Every server listens and answers 200 from now on. */
  | { readonly type: 'heal' }
  | { readonly type: 'tell' }

/** What it answers. */
export type ReceiversReply =
  | { readonly type: 'started'; readonly ports: Ports }
  | { readonly type: 'healed' }
  | { readonly type: 'received'; readonly attempts: readonly ReceivedAttempt[]; readonly more: boolean }
