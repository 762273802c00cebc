// The events of one line that memory holds: its first ones, so many as its window takes. Those behind them stand in the log's
// home and come in when the window runs low, in their order.
import type { EventRecord } from '../event/event-record.ts'
import type { EndpointLanes } from './endpoint-lanes.ts'
import type { Lane } from './lane.ts'
import type { TakesIn, Windows } from './windows.ts'

export class LineWindow implements TakesIn {
  readonly #lane: Lane
  readonly #lanes: EndpointLanes
  readonly #windows: Windows
  /** Whether events of the line may stand in the home that memory has not come to yet: before all that it holds of the line. */
  #unseen: boolean
  #hasMore = false
  /** Where the window ends: what joined up to here is in it, or was. */
  #takenSeq = 0
  /** The last that joined behind the window. */
  #beyondSeq = 0

  constructor(lane: Lane, lanes: EndpointLanes, windows: Windows) {
    this.#lane = lane
    this.#lanes = lanes
    this.#windows = windows
    this.#unseen = lanes.unseenLines?.has(lane.key) === true
  }

  get unseen(): boolean {
    return this.#unseen
  }

  /** Whether events stand behind the window, or may. */
  get hasMore(): boolean {
    return this.#hasMore
  }

  get takenSeq(): number {
    return this.#takenSeq
  }

  /** `record` is about to join the line, at its end. False when it stays behind the window: it is in the home alone. */
  takes(record: EventRecord): boolean {
    if (this.#lanes.unseenLines?.takes(this.#lane, record) === true) {
      this.#unseen = true
      return false
    }
    this.#unseen = false
    if (this.#hasMore || this.#lane.waiting.size >= this.#windows.longestLine) {
      this.#hasMore = true
      this.#beyondSeq = record.joinedSeq
      return false
    }
    this.entered(record)
    return true
  }

  /** `record` is in the window. */
  entered(record: EventRecord): void {
    if (record.joinedSeq > this.#takenSeq) this.#takenSeq = record.joinedSeq
    this.#windows.entered(record)
  }

  /** An event has left the window. */
  left(): void {
    this.#windows.left()
    if (this.#hasMore && this.#lane.waiting.size <= this.#windows.lineLength >> 1) this.takeIn()
  }

  /** Memory has come to the line: `first`, which waits in it or holds it, is the first of it. */
  found({ record, lastAt }: { readonly record: EventRecord; readonly lastAt: string }, hasMore: boolean): void {
    this.#unseen = false
    this.#hasMore = hasMore
    this.#takeUp([record], lastAt)
  }

  /** Another event of the line stands behind the window. */
  foundBehind(record: EventRecord): void {
    if (record.joinedSeq <= this.#takenSeq) return
    this.#hasMore = true
    if (this.#lane.waiting.size === 0) this.takeIn()
  }

  /** Before its first event: the line may hold any. */
  open(): void {
    this.#unseen = false
    this.#hasMore = true
    this.#windows.open(this)
  }

  takeIn(): void {
    try {
      while (this.#readPage());
    } catch {
      this.#windows.awaitHome(this)
    }
  }

  /** Whether to read on. */
  #readPage(): boolean {
    const { waiting, key } = this.#lane
    const begins = this.#takenSeq === 0
    // At a start there may be very many lines, and the first of each are wanted first.
    const length = begins ? this.#windows.sizes.fullLine : this.#windows.lineLength
    const limit = length - waiting.size
    if (!this.#hasMore || limit <= 0 || this.#windows.closed || this.#lanes.health.removed) return false
    const { endpoint } = this.#lanes
    const page = this.#windows.read({ endpointId: endpoint.id, laneKey: key, afterSeq: this.#takenSeq, limit })
    if (page.last && this.#beyondSeq <= this.#windows.committedSeq) this.#hasMore = false
    const [first] = page.events
    const records = page.events.map(({ record }) => record)
    if (first !== undefined && begins) this.#takeUp(records, first.lastAt)
    else this.#lane.takeIn(records)
    if (page.lastSeq > this.#takenSeq) this.#takenSeq = page.lastSeq
    if (page.last && this.#hasMore) this.#windows.awaitCommit(this)
    return !page.last && first === undefined
  }

  #takeUp(records: readonly EventRecord[], firstAt: string): void {
    const [first] = records
    const haltedBy = first?.resting.context.holdsLine === true ? first : null
    if (haltedBy !== null) this.#holds(haltedBy)
    const waiting = haltedBy === null ? records : records.slice(1)
    // The head behind a dead letter was never tried.
    this.#lane.takeUp({ waiting, haltedBy, headMovedAt: firstAt, lastSequence: this.#lane.sequence })
  }

  #holds(record: EventRecord): void {
    if (record.joinedSeq > this.#takenSeq) this.#takenSeq = record.joinedSeq
    this.#windows.adopt(record)
  }
}
