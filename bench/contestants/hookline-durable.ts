import { sqliteLog } from '../../src/sqlite/index.ts'
import type { ContestantSettings, PacedContestant, RestartedContestant } from './contestant.ts'
import { startHookline } from './hookline.ts'

/** Everything is kept: what is removed is another chapter. */
const retention = { settledEvents: 10_000_000, ageMs: 365 * 86_400_000 }

/** hookline with its log in a file. */
export function startHooklineDurable(settings: ContestantSettings): PacedContestant & RestartedContestant {
  if (settings.logFile === null) throw new Error('hookline-durable needs a file')
  return startHookline(settings, { log: sqliteLog(settings.logFile), retention })
}
