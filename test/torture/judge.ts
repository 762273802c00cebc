import { checkAnswers } from '../soak/rules/answers.ts'
import { checkArrivalOrder } from '../soak/rules/arrival-order.ts'
import { checkAttempts } from '../soak/rules/attempts.ts'
import { checkDuplicates } from '../soak/rules/duplicates.ts'
import { checkFold } from '../soak/rules/fold.ts'
import { checkOrder } from '../soak/rules/order.ts'
import type { Evidence } from './evidence.ts'
import { checkAcknowledged } from './rules/acknowledged.ts'
import { checkDuplicatesByKills } from './rules/duplicates-by-kills.ts'
import { checkInterrupted } from './rules/interrupted.ts'
import { checkInvented } from './rules/invented.ts'
import { checkPlaces } from './rules/places.ts'
import { checkSettings } from './rules/settings.ts'
import { checkSettled } from './rules/settled.ts'
import type { Statuses } from './service/message.ts'

/** What is wrong, by rule; every rule has its entry. */
export type Violations = Readonly<Record<string, readonly string[]>>

/** What is seen while a run goes on. */
export interface Sightings {
  /** Calls that were answered as nothing documents it, ends and starts that were none. */
  readonly surprises: readonly string[]
  /** What the file did not hold, or held differently, after a death. */
  readonly archiveWrong: readonly string[]
  readonly statuses: Statuses
  readonly drained: boolean
  /** What the part was to try, and did not. */
  readonly untried: readonly string[]
}

export function judge(
  evidence: Evidence,
  { surprises, archiveWrong, statuses, drained, untried }: Sightings,
): Violations {
  const { facts } = evidence
  return {
    'every acknowledged event is kept': checkAcknowledged(evidence),
    'nothing is invented, nothing made twice': checkInvented(evidence),
    'everything settles once all is healed': drained ? checkSettled(evidence) : ['the service did not drain in time'],
    'delivered means answered 2xx by that very endpoint': checkAnswers(facts),
    'attempts are numbered, in the log first, sent once': checkAttempts(facts),
    'what a kill cut off is recorded as interrupted': checkInterrupted(evidence),
    'lines keep their order': checkOrder(facts),
    'receivers see the order': checkArrivalOrder(facts),
    'places go on where they were': checkPlaces(evidence),
    'duplicates come from unknown ends alone': checkDuplicates(facts),
    'no line has more duplicates than there were kills': checkDuplicatesByKills(evidence),
    'endpoints come back as they were': checkSettings(evidence),
    'the file keeps every record, unchanged': archiveWrong,
    'the log folds to the live state': checkFold(facts, statuses),
    'calls, starts and ends are as documented': surprises,
    'all that was to be tried was tried': [...untried, ...checkTried(evidence)],
  }
}

/** A run in which nothing happened proves nothing. */
function checkTried({ submissions, arrivals, deaths }: Evidence): string[] {
  const counts = {
    'submission was acknowledged': submissions.filter(({ fate }) => fate === 'acknowledged').length,
    'request arrived': arrivals.length,
    'process died': deaths.length,
  }
  return Object.entries(counts)
    .filter(([, count]) => count === 0)
    .map(([what]) => `no ${what}`)
}
