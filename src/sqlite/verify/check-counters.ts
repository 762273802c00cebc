import { integerIn } from '../columns.ts'
import type { Database } from '../driver/database.ts'
import { settledStatuses } from '../schema.ts'
import type { Chain } from './check-chain.ts'
import type { EventTotals } from './check-events.ts'
import type { Faults } from './faults.ts'

/** Whether what is counted is what is there. What was ever submitted or attempted may be gone; what is settled is there. */
export function checkCounters(database: Database, chain: Chain, totals: EventTotals, faults: Faults): void {
  const counters = database.prepare('SELECT submitted, attempts, delivered, failed, dead_lettered FROM counters').get()
  // That they are gone has been said.
  if (counters === undefined) return
  const settled = (status: number): number => totals.byStatus[status] ?? 0
  const counted: readonly (readonly [string, number])[] = [
    ['delivered', settled(settledStatuses.delivered)],
    ['failed', settled(settledStatuses.failed)],
    ['dead_lettered', settled(settledStatuses.deadLettered)],
  ]
  for (const [column, there] of counted) {
    const count = integerIn(counters, column)
    if (count !== there) faults.add('index', `the counter "${column}" is ${count}, and the log has ${there}`)
  }
  // Of an event whose record is damaged the attempts are not known.
  const isWhole = chain.missing === 0 && chain.damagedEvents.size === 0
  const kept: readonly (readonly [string, number])[] = [
    ['submitted', totals.events],
    ['attempts', totals.attempts],
  ]
  for (const [column, there] of kept) {
    const count = integerIn(counters, column)
    if (count < there || (isWhole && count > there)) {
      faults.add('index', `the counter "${column}" is ${count}, and the log has ${there}`)
    }
  }
}
