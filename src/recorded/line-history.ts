// Who stood in which line, from which record to which. A line at any moment is read from it, without folding again.
import { wholeNumbers } from './column.ts'
import { Grouping } from './grouping.ts'

/** Not yet: larger than any record's place. */
const never = 2 ** 31 - 1

/** One time that an event stood in a line, by the places of records in the file. */
export interface Stay {
  readonly event: number
  /** The record with which it joined. */
  readonly from: number
  /** The record with which it left: from there on it is not in line. Infinity when it never did. */
  readonly to: number
}

/** One time that a dead letter held a line, likewise. */
export type Halt = Stay

export class LineHistory {
  readonly #laneOf = wholeNumbers()
  readonly #eventOf = wholeNumbers()
  readonly #from = wholeNumbers()
  readonly #to = wholeNumbers()
  /** What a line is sorted by: the record with which the event joined at the end. Back at the front, it keeps its old one. */
  readonly #rank = wholeNumbers()
  /** Of each event its last stay so far; -1 when it has had none. */
  readonly #lastStay = wholeNumbers()
  readonly #halts = new Map<number, { event: number; from: number; to: number }[]>()
  #stays: Grouping | null = null
  /** Of each stay, in the order of its lane, the latest end of all up to it: those before the first later one are over. */
  #latestEnd = new Int32Array(0)

  /** An event joins at the end of a line; the dead letter that holds it comes back to its front. */
  join(lane: number, event: number, record: number): void {
    while (this.#lastStay.length <= event) this.#lastStay.push(-1)
    const halt = this.#openHalt(lane)
    const former = halt?.event === event ? this.#lastStay.at(event) : -1
    if (halt?.event === event) halt.to = record
    this.#lastStay.set(event, this.#laneOf.length)
    this.#laneOf.push(lane)
    this.#eventOf.push(event)
    this.#from.push(record)
    this.#to.push(never)
    this.#rank.push(former >= 0 ? this.#rank.at(former) : record)
  }

  /** An event has settled, and may hold the line as a dead letter. */
  leave(lane: number, event: number, record: number, holdsLine: boolean): void {
    this.#to.set(this.#lastStay.at(event), record)
    if (!holdsLine) return
    const halts = this.#halts.get(lane)
    const halt = { event, from: record, to: never }
    if (halts === undefined) this.#halts.set(lane, [halt])
    else halts.push(halt)
  }

  /** A dead letter lets its line go on without it. */
  release(lane: number, event: number, record: number): void {
    const halt = this.#openHalt(lane)
    if (halt?.event === event) halt.to = record
  }

  /** To be called once, after the last record. */
  seal(lanes: number): void {
    this.#stays = new Grouping(this.#laneOf, lanes)
    this.#latestEnd = new Int32Array(this.#laneOf.length)
    for (let lane = 0; lane < lanes; lane += 1) {
      let latest = -1
      for (const stay of this.#stays.of(lane)) {
        latest = Math.max(latest, this.#to.at(stay))
        this.#latestEnd[stay] = latest
      }
    }
  }

  /** The events that stand in a line after a record, in order. */
  waitingAt(lane: number, record: number): number[] {
    const standing: number[] = []
    this.#eachSince(lane, record, record, (stay) => standing.push(stay))
    standing.sort((one, other) => this.#rank.at(one) - this.#rank.at(other))
    return standing.map((stay) => this.#eventOf.at(stay))
  }

  /** How many there are. */
  countAt(lane: number, record: number): number {
    let count = 0
    this.#eachSince(lane, record, record, () => (count += 1))
    return count
  }

  /** The dead letter that holds a line after a record; -1 when none does. */
  holderAt(lane: number, record: number): number {
    const halts = this.#halts.get(lane) ?? []
    for (let last = halts.length - 1; last >= 0; last -= 1) {
      const halt = halts[last]
      if (halt !== undefined && halt.from <= record) return record < halt.to ? halt.event : -1
    }
    return -1
  }

  /** Everyone who was in line before an event at some time between two records, in the order of their places. */
  staysBefore(lane: number, event: number, from: number, to: number): Stay[] {
    const stays: number[] = []
    let rank = never
    this.#eachSince(lane, from, to, (stay) => {
      if (this.#eventOf.at(stay) === event) rank = Math.min(rank, this.#rank.at(stay))
      else stays.push(stay)
    })
    return stays
      .filter((stay) => this.#rank.at(stay) < rank)
      .sort((one, other) => this.#rank.at(one) - this.#rank.at(other))
      .map((stay) => ({ event: this.#eventOf.at(stay), from: this.#from.at(stay), to: endOf(this.#to.at(stay)) }))
  }

  /** The times that dead letters held a line. */
  haltsOf(lane: number): Halt[] {
    return (this.#halts.get(lane) ?? []).map(({ event, from, to }) => ({ event, from, to: endOf(to) }))
  }

  #openHalt(lane: number): { event: number; to: number } | undefined {
    const halt = this.#halts.get(lane)?.at(-1)
    return halt?.to === never ? halt : undefined
  }

  /** Calls `visit` with each stay that overlaps the records `first` to `last`. */
  #eachSince(lane: number, first: number, last: number, visit: (stay: number) => void): void {
    const stays = this.#stays?.of(lane) ?? new Int32Array(0)
    for (let place = this.#firstOpen(stays, first); place < stays.length; place += 1) {
      const stay = stays[place] ?? 0
      if (this.#from.at(stay) > last) return
      if (this.#to.at(stay) > first) visit(stay)
    }
  }

  #firstOpen(stays: Int32Array, record: number): number {
    let low = 0
    let high = stays.length
    while (low < high) {
      const middle = (low + high) >>> 1
      if ((this.#latestEnd[stays[middle] ?? 0] ?? 0) <= record) low = middle + 1
      else high = middle
    }
    return low
  }
}

function endOf(record: number): number {
  return record === never ? Infinity : record
}
