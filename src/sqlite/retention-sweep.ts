// Chooses what the policy does not keep, oldest first, a little at a time. The commit removes it, within a time of its own.
import type { SettledStatus, SweepPolicy, Swept } from '../log/stored-events.ts'
import { integerIn, integerOrNullIn, textIn } from './columns.ts'
import type { CommittedState } from './committed-state.ts'
import type { Row } from './driver/database.ts'
import { settledStatusOf } from './event-change.ts'
import type { FileReading, Query } from './file-reading.ts'

/** So many events at most are chosen in one step, and no more once their bodies come to so many bytes. */
const mostEvents = 128
const mostBytes = 4 * 1024 * 1024
/** Empty pages are given back when they are more than a quarter of the file and more than 4 MiB: so many in one step. */
const largestEmptyPart = 0.25
const fewestEmptyPages = 1024
const pagesGivenBack = 128

export class RetentionSweep {
  readonly #state: CommittedState
  readonly #oldestSettled: Query
  readonly #oldestDeadLetters: Query
  readonly #countDeadLetters: Query
  readonly #pages: Query
  readonly #emptyPages: Query

  constructor(reading: FileReading, state: CommittedState) {
    this.#state = state
    const oldest = (which: string): Query =>
      reading.query(
        `SELECT id, status, settled_at, bytes FROM events WHERE ${which} ORDER BY settled_at LIMIT ${mostEvents}`,
      )
    this.#oldestSettled = oldest('status < 3')
    // Those that hold a line are left out: a person has yet to decide on them.
    this.#oldestDeadLetters = oldest('status = 3 AND joined IS NULL')
    this.#countDeadLetters = reading.query('SELECT count(*) AS events FROM events WHERE status = 3 AND joined IS NULL')
    this.#pages = reading.query('PRAGMA page_count')
    this.#emptyPages = reading.query('PRAGMA freelist_count')
  }

  step(policy: SweepPolicy): Swept {
    const removed = { delivered: 0, failed: 0, deadLettered: 0 }
    const { group, writable } = this.#state
    if (!writable) return { removed, more: false }
    // What was chosen before is not all removed yet.
    if (group.removedEvents.size > 0) return { removed, more: true }
    const chosen = this.#choose(policy)
    for (const { eventId, status } of chosen) {
      group.removedEvents.add(eventId)
      removed[status] += 1
    }
    // Also while deliveries go on and there is always something to remove, as long as that is little.
    if (chosen.length < mostEvents && this.#tooManyEmptyPages()) group.freedPages = pagesGivenBack
    if (!group.empty) this.#state.wanted()
    return { removed, more: chosen.length > 0 || group.freedPages > 0 }
  }

  #choose(policy: SweepPolicy): readonly Chosen[] {
    const { delivered, failed, deadLettered } = this.#state.counters.settled
    const surplus = delivered + failed - policy.settledEvents
    const settled = unkept(this.#oldestSettled.all(), surplus, policy.settledBeforeMs)
    // The count would be of no use: those that hold a line are in it, and are kept besides.
    const tooMany = deadLettered > policy.deadLetters
    const deadLetters = tooMany ? integerIn(this.#countDeadLetters.get() ?? {}, 'events') - policy.deadLetters : 0
    const old = unkept(this.#oldestDeadLetters.all(), deadLetters, policy.deadLettersBeforeMs)
    return this.#fewEnough([...settled, ...old])
  }

  /** None that is put back in line just now, and no more than one step may take. */
  #fewEnough(events: readonly Chosen[]): readonly Chosen[] {
    if (events.length === 0) return events
    const uncommitted = this.#state.group.eventIds()
    const chosen: Chosen[] = []
    let bytes = 0
    for (const event of events) {
      if (uncommitted.has(event.eventId)) continue
      chosen.push(event)
      bytes += event.bytes
      if (chosen.length === mostEvents || bytes >= mostBytes) break
    }
    return chosen
  }

  #tooManyEmptyPages(): boolean {
    const empty = integerIn(this.#emptyPages.get() ?? {}, 'freelist_count')
    return empty > fewestEmptyPages && empty > largestEmptyPart * integerIn(this.#pages.get() ?? {}, 'page_count')
  }
}

interface Chosen {
  readonly eventId: string
  readonly status: SettledStatus
  readonly bytes: number
}

/** Of rows with the oldest first: the first `surplus`, and those from before `beforeMs`. */
function unkept(rows: readonly Row[], surplus: number, beforeMs: number): Chosen[] {
  const chosen: Chosen[] = []
  for (const row of rows) {
    const status = settledStatusOf(integerOrNullIn(row, 'status'))
    if (status === null || (chosen.length >= surplus && integerIn(row, 'settled_at') >= beforeMs)) break
    chosen.push({ eventId: textIn(row, 'id'), status, bytes: integerIn(row, 'bytes') })
  }
  return chosen
}
