import type { LogRecord } from '../../log/transition.ts'
import type { FaultKind } from './fault-rates.ts'
import type { Violation } from './history.ts'

/** What a simulated run did, and every promise it broke. */
export interface SimulationReport {
  readonly seed: number
  /** Whether every promise was kept. */
  readonly ok: boolean
  /** Those that were not, in the order found; empty when `ok`. */
  readonly violations: readonly Violation[]
  /** How often each kind of fault befell the run. */
  readonly faults: Readonly<Record<FaultKind, number>>
  /** How often the process died. */
  readonly crashes: number
  /** How often the service was started again on its log: after a crash, or after a shutdown. */
  readonly restarts: number
  readonly endpoints: number
  /** Events in the log. */
  readonly events: number
  /** Attempts begun, and requests that left. */
  readonly attempts: number
  readonly requests: number
  /** Requests that an endpoint accepted although it had accepted their event before. */
  readonly duplicates: number
  /** Events by where they ended, those included that retention has removed since. */
  readonly delivered: number
  readonly failed: number
  readonly deadLettered: number
  /** Virtual time from the start until everything had settled. */
  readonly virtualMs: number
  /** A hash of the log and of all requests: the same for the same seed and options. */
  readonly fingerprint: string
  /** Every record ever appended, those included that retention has removed since. */
  readonly log: readonly LogRecord[]
}
