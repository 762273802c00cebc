import type { LogRecord, Transition } from '../log/transition.ts'
import { isEndpointTransition } from '../log/transition.ts'

/** A record that was appended, and is not committed yet. */
export interface GroupedRecord {
  readonly seq: number
  /** One of `recordKinds`. */
  readonly kind: number
  readonly endpointId: string
  /** Null for the configuration of an endpoint, which is no transition. */
  readonly record: LogRecord | null
  /** Whether it says that its endpoint was removed. */
  readonly endsEndpoint: boolean
  readonly line: string
  /** Of the record appended before it, whichever that is. */
  readonly previous: string
  readonly sum: string
  /** Retention took it before it was ever written. */
  dropped: boolean
}

/** The transition of an event that it holds; null when it is of an endpoint. */
export function transitionOf({ record }: GroupedRecord): Transition | null {
  return record === null || isEndpointTransition(record) ? null : record
}
