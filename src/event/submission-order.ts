import type { ListingOrder } from './event-query.ts'
import type { EventRecord } from './event-record.ts'

/** Events in the order of their submission, so that one can go on from any of them without looking at those before it. */
export class SubmissionOrder {
  /** By `seq`. Of an event that is gone, its number alone, so that nothing else of it is kept. */
  #entries: (EventRecord | number)[] = []
  #gone = 0

  add(record: EventRecord): void {
    const { seq } = record.submitted
    const last = this.#entries[this.#entries.length - 1]
    if (last === undefined || seqOf(last) < seq) this.#entries.push(record)
    else this.#entries.splice(this.#indexOf(seq), 0, record)
  }

  remove(record: EventRecord): void {
    const { seq } = record.submitted
    const index = this.#indexOf(seq)
    if (this.#entries[index] !== record) return
    this.#entries[index] = seq
    this.#gone += 1
    if (this.#gone * 2 <= this.#entries.length) return
    this.#entries = this.#entries.filter((entry) => typeof entry !== 'number')
    this.#gone = 0
  }

  /** The next ones after `afterSeq`, which is null for the beginning: at most `limit`, fewer only when there are no more. */
  slice(order: ListingOrder, afterSeq: number | null, limit: number): readonly EventRecord[] {
    const found: EventRecord[] = []
    const step = order === 'newest' ? -1 : 1
    for (let index = this.#start(order, afterSeq); found.length < limit; index += step) {
      const entry = this.#entries[index]
      if (entry === undefined) break
      if (typeof entry !== 'number') found.push(entry)
    }
    return found
  }

  #start(order: ListingOrder, afterSeq: number | null): number {
    if (order === 'newest') return (afterSeq === null ? this.#entries.length : this.#indexOf(afterSeq)) - 1
    return afterSeq === null ? 0 : this.#indexOf(afterSeq + 1)
  }

  /** Of the first entry that is not before `seq`. */
  #indexOf(seq: number): number {
    let [low, high] = [0, this.#entries.length]
    while (low < high) {
      const middle = (low + high) >>> 1
      const entry = this.#entries[middle]
      if (entry !== undefined && seqOf(entry) < seq) low = middle + 1
      else high = middle
    }
    return low
  }
}

function seqOf(entry: EventRecord | number): number {
  return typeof entry === 'number' ? entry : entry.submitted.seq
}
