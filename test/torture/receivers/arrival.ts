import type { ReceivedAttempt } from '../../soak/receivers/received-attempt.ts'

/** One request as its receiver saw it. */
export interface Arrival extends ReceivedAttempt {
  readonly body: string
  /** What its endpoint's version header said. */
  readonly version: number
}
