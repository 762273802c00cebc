import type { CheckedAttempt, CheckedDelivery } from './expected-delivery.ts'

/** One attempt that was made. */
export interface AttemptSeen {
  readonly afterMs: number
  readonly answered: number | null
  readonly failed: string | null
  readonly inFlight: boolean
}

interface DeliverySeen {
  readonly status: string
  readonly attempts: readonly AttemptSeen[]
}

interface Row {
  readonly name: string
  readonly expected: string
  readonly actual: string
  readonly same: boolean
}

/** What was expected and what was seen, side by side, a line each; null when they agree. */
export function deliveryDifference(expected: CheckedDelivery, seen: DeliverySeen): string | null {
  const rows = [...attemptRows(expected.attempts, seen.attempts), statusRow(expected, seen)]
  if (rows.every(({ same }) => same)) return null
  const head: Row = { name: 'attempt', expected: 'expected', actual: 'actual', same: true }
  const all = [head, ...rows]
  const width = (of: (row: Row) => string): number => Math.max(...all.map((row) => of(row).length))
  const nameWidth = width(({ name }) => name)
  const expectedWidth = width((row) => row.expected)
  return all
    .map(({ name, expected: left, actual, same }) =>
      `${same ? ' ' : '✗'} ${name.padEnd(nameWidth)}  ${left.padEnd(expectedWidth)}  ${actual}`.trimEnd(),
    )
    .join('\n')
}

function attemptRows(expected: CheckedDelivery['attempts'], seen: readonly AttemptSeen[]): Row[] {
  const length = Math.max(expected?.length ?? 0, seen.length)
  return Array.from({ length }, (_, index) => {
    const wanted = expected?.[index]
    const made = seen[index]
    const expectedText = wanted === undefined ? (expected === null ? 'any' : 'none') : expectedAttempt(wanted)
    const same = expected === null || (wanted !== undefined && made !== undefined && agree(wanted, made))
    return {
      name: String(index + 1),
      expected: expectedText,
      actual: made === undefined ? 'none' : attemptSeen(made),
      same,
    }
  })
}

function statusRow({ status }: CheckedDelivery, seen: DeliverySeen): Row {
  const expected = status ?? 'any'
  return { name: 'status', expected, actual: seen.status, same: status === null || status === seen.status }
}

function agree({ afterMs, answered, failed }: CheckedAttempt, made: AttemptSeen): boolean {
  if (afterMs !== null && (made.afterMs < afterMs[0] || made.afterMs > afterMs[1])) return false
  return (answered === null || answered === made.answered) && (failed === null || failed === made.failed)
}

function expectedAttempt({ afterMs, answered, failed }: CheckedAttempt): string {
  const parts: string[] = []
  if (afterMs !== null) parts.push(`after ${afterMs[0] === afterMs[1] ? afterMs[0] : afterMs.join(' to ')} ms`)
  if (answered !== null) parts.push(`answered ${answered}`)
  if (failed !== null) parts.push(`failed: ${failed}`)
  return parts.length === 0 ? 'any' : parts.join(', ')
}

function attemptSeen({ afterMs, answered, failed, inFlight }: AttemptSeen): string {
  const result = inFlight ? 'in flight' : answered === null ? `failed: ${failed ?? ''}` : `answered ${answered}`
  return `after ${afterMs} ms, ${result}`
}
