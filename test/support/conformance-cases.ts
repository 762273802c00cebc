import { describe, expect, test } from 'vitest'
import { logConformance, type LogFactory } from '../../src/testing/index.ts'

/** One test for each rule that a home of the log has to keep. */
export function testLog(name: string, factory: LogFactory): void {
  describe(name, () => {
    for (const { name: rule, skipped, run } of logConformance(factory)) {
      test.skipIf(skipped !== null)(rule, { timeout: 60_000 }, async () => {
        await expect(run()).resolves.toBeUndefined()
      })
    }
  })
}
