import type { LogRecord } from '../../../log/transition.ts'
import type { ServiceSettings } from '../../../service-options.ts'
import type { Finding, History } from '../history.ts'

/** A run that is over. */
export interface Facts {
  readonly history: History
  /** How the service was set. */
  readonly settings: ServiceSettings
  /** What the log still holds, in its own order. */
  readonly kept: readonly LogRecord[]
}

/** A promise, checked over a whole run. */
export interface Rule {
  /** What is promised; a report names it. */
  readonly name: string
  readonly check: (facts: Facts) => Iterable<Finding>
}
