import { allLogRules } from './all-log-rules.ts'
import type { ConformanceRule } from './conformance-rule.ts'
import { Homes } from './homes.ts'
import { checkFactory } from './log-factory.ts'
import type { CheckedFactory, LogFactory } from './log-factory.ts'

/** One rule that a home of the log has to keep. */
export interface ConformanceCase {
  /** The rule. */
  readonly name: string
  /** Why it is not checked; null: it is. */
  readonly skipped: string | null
  /** Checks it, on homes of its own. Rejects when it does not hold, most often with an `AssertionError`. */
  readonly run: () => Promise<void>
}

/**
 * What every home of the log must do, as cases for any test runner.
 *
 * @throws InvalidOptionError
 * @example
 * for (const { name, skipped, run } of logConformance({ open: () => myLog() })) {
 *   test(name, { skip: skipped ?? false }, run)
 * }
 */
export function logConformance(factory: LogFactory): readonly ConformanceCase[] {
  const names = allLogRules.map(({ name }) => name)
  const checked = checkFactory(factory, names)
  return allLogRules.map((rule) => caseOf(rule, checked))
}

function caseOf(rule: ConformanceRule, checked: CheckedFactory): ConformanceCase {
  const { name, needs } = rule
  const reason = [name, ...needs].map((each) => checked.skip.get(each)).find((found) => found !== undefined)
  const skipped = reason ?? null
  return {
    name,
    skipped,
    run: async () => {
      if (skipped !== null) throw new Error(`"${name}" is skipped: ${skipped}`)
      const homes = new Homes(checked)
      try {
        await rule.check(homes)
      } finally {
        await homes.disposeAll()
      }
    },
  }
}
