// The events of a running service as rows, moved on record by record. A reading of the log, bounded: what is not settled is
// bounded by the service's own limits, and of what has settled the newest are kept.
import { RingQueue } from '../../collections/ring-queue.ts'
import type { Transition } from '../../log/transition.ts'
import type { EventPage, EventQuery } from '../../recorded/recorded-event.ts'
import { LiveRow } from './live-row.ts'
import { noCounts } from './status-counts.ts'
import type { MutableCounts } from './status-counts.ts'
import type { StatusCounts } from './view-source.ts'

const defaultLimit = 100

export class LiveRows {
  readonly #maxSettled: number
  readonly #rows = new Map<string, LiveRow>()
  /** In the order of submission; those forgotten stand among them for a while. */
  #order: LiveRow[] = []
  /** In the order of settling. One that was redelivered may stand there more than once. */
  readonly #settled = new RingQueue<LiveRow>()
  readonly #counts = new Map<string, MutableCounts>()

  constructor(maxSettled: number) {
    this.#maxSettled = maxSettled
  }

  /** By endpoint, how many of its events are in each state. */
  get counts(): ReadonlyMap<string, StatusCounts> {
    return this.#counts
  }

  get(eventId: string): LiveRow | undefined {
    return this.#rows.get(eventId)
  }

  /** Takes in the next record. One of an event whose submission is not known any more counts for nothing. */
  take(transition: Transition): void {
    const { event, eventId } = transition
    const known = this.#rows.get(eventId)
    if (known !== undefined) this.#move(known, transition)
    else if (event.type === 'event.submitted') {
      const row = new LiveRow(transition, event)
      this.#rows.set(eventId, row)
      this.#order.push(row)
      this.#countsOf(row.endpointId).pending += 1
    }
  }

  /** The newest first, unless asked for otherwise. */
  find({ endpointId, status, text = '', limit = defaultLimit, after, order = 'newest' }: EventQuery): EventPage {
    const part = text.toLowerCase()
    const events: LiveRow[] = []
    const step = order === 'newest' ? -1 : 1
    for (let index = this.#startOf(after, step); ; index += step) {
      const row = this.#order[index]
      if (row === undefined) return { events, more: false }
      if (endpointId !== undefined && row.endpointId !== endpointId) continue
      if (status !== undefined && row.status !== status) continue
      if (!this.#rows.has(row.eventId) || !matches(row, part)) continue
      if (events.length === limit) return { events, more: true }
      events.push(row)
    }
  }

  /** Those who wait in a line, in order, and the dead letter that holds it. */
  line({ endpointId, laneKey }: LiveRow): { waiting: readonly LiveRow[]; haltedBy: LiveRow | null } {
    const rows: LiveRow[] = []
    let haltedBy: LiveRow | null = null
    for (const row of this.#order) {
      if (row.endpointId !== endpointId || row.laneKey !== laneKey) continue
      if (!row.settled) rows.push(row)
      else if (row.holdsLine) haltedBy = row
    }
    rows.sort((one, other) => one.joinedSeq - other.joinedSeq)
    return { waiting: rows, haltedBy }
  }

  #move(row: LiveRow, transition: Transition): void {
    if (transition.seq <= row.lastSeq) return
    const counts = this.#countsOf(row.endpointId)
    const wasSettled = row.settled
    counts[row.status] -= 1
    row.take(transition)
    counts[row.status] += 1
    if (!row.settled || wasSettled) return
    row.settledTimes += 1
    this.#settled.push(row)
    if (this.#settled.size > this.#maxSettled) this.#forgetOldest()
  }

  #forgetOldest(): void {
    const row = this.#settled.shift()
    if (row === undefined) return
    row.settledTimes -= 1
    // It was redelivered, or holds its line: it is listed again when it settles, or stays.
    if (row.settledTimes > 0 || !row.settled || row.holdsLine) return
    this.#rows.delete(row.eventId)
    const counts = this.#countsOf(row.endpointId)
    counts[row.status] -= 1
    if (Object.values(counts).every((count) => count === 0)) this.#counts.delete(row.endpointId)
    if (this.#order.length > 2 * this.#rows.size + 1000) {
      this.#order = this.#order.filter(({ eventId }) => this.#rows.has(eventId))
    }
  }

  #countsOf(endpointId: string): MutableCounts {
    let counts = this.#counts.get(endpointId)
    if (counts === undefined) this.#counts.set(endpointId, (counts = noCounts()))
    return counts
  }

  #startOf(after: string | undefined, step: number): number {
    const end = step === 1 ? 0 : this.#order.length - 1
    const seq = after === undefined ? undefined : this.#rows.get(after)?.submittedSeq
    if (seq === undefined) return end
    let low = 0
    let high = this.#order.length
    while (low < high) {
      const middle = (low + high) >>> 1
      if ((this.#order[middle]?.submittedSeq ?? Infinity) < seq) low = middle + 1
      else high = middle
    }
    return low + step
  }
}

function matches({ eventId, eventType, orderingKey }: LiveRow, part: string): boolean {
  if (part === '') return true
  return (
    eventId.toLowerCase().includes(part) ||
    eventType.toLowerCase().includes(part) ||
    orderingKey?.toLowerCase().includes(part) === true
  )
}
