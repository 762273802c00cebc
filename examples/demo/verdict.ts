import type { DemoResult } from './start-demo.ts'

/** One thing hookline promises, and what came of it. */
export interface Promised {
  readonly what: string
  readonly got: string
  readonly kept: boolean
}

/** Holds a run against everything it promised. */
export function verdictOn(result: DemoResult): Promised[] {
  const { submitted, delivered, deadLetters, merchant, replayProblem } = result
  const accepted = merchant.accepted - merchant.duplicates
  return [
    { what: 'events delivered', got: `${delivered} of ${submitted}`, kept: delivered === submitted },
    { what: 'events the shops have', got: `${accepted} of ${submitted}`, kept: accepted === submitted },
    { what: 'dead letters', got: String(deadLetters), kept: deadLetters === 0 },
    none('order violations', merchant.orderViolations),
    none('signature failures', merchant.signatureFailures),
    { what: 'state rebuilt from the log', got: replayProblem ?? 'the same', kept: replayProblem === null },
  ]
}

function none(what: string, count: number): Promised {
  return { what, got: String(count), kept: count === 0 }
}
