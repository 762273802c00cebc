import type { Homes } from './homes.ts'
import type { Need } from './log-factory.ts'

/** A rule for every home of a log, and how it is checked. */
export interface ConformanceRule {
  /** What must hold. */
  readonly name: string
  readonly needs: readonly Need[]
  /** Throws when it does not hold. */
  check(homes: Homes): Promise<void>
}
