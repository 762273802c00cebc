// The lines of one endpoint that memory has not come to: there may be millions, one for each ordering key or event. They are
// found in the order in which their events joined, while the endpoint has few lines that could go on. Those that back off or
// are held do not count, so that they never keep the others waiting.
import { isoTime } from '../clock/iso-time.ts'
import { Task } from '../clock/scheduler.ts'
import type { EventRecord } from '../event/event-record.ts'
import type { EndpointLanes } from './endpoint-lanes.ts'
import { laneKeyOf } from './lane-key.ts'
import type { Lane } from './lane.ts'
import type { LaneHost } from './lane-host.ts'
import type { ReadEvent, TakesIn, Windows } from './windows.ts'

/** How long the search rests between two pages while there are lines that can go on. */
const paceMs = 10

export class UnseenLines extends Task implements TakesIn {
  readonly #lanes: EndpointLanes
  readonly #host: LaneHost
  readonly #windows: Windows
  #hasMore = false
  /** Whether its turn to be opened is yet to come. */
  #opens = false
  /** Whatever joined up to here is in memory, or behind the window of a line that is. */
  #seenSeq = 0
  /** The last that joined beyond. */
  #beyondSeq = 0

  constructor(lanes: EndpointLanes, host: LaneHost, windows: Windows) {
    super()
    this.#lanes = lanes
    this.#host = host
    this.#windows = windows
  }

  /** Whether there are any, or may be. */
  get hasMore(): boolean {
    return this.#hasMore
  }

  /** Whatever waits in them joined after this; Infinity when there are none, or the one line before them is not at its end. */
  get beginAfterSeq(): number {
    const isLater = this.#isFifo && (this.#lanes.find('')?.waiting.size ?? 0) > 0
    return this.#hasMore && !isLater ? this.#seenSeq : Infinity
  }

  /** Whether the line may be one. */
  has(laneKey: string): boolean {
    // The one line of most endpoints is the first that memory comes to.
    return this.#hasMore && !(laneKey === '' && this.#isFifo)
  }

  /** Whether `record`, which is about to join `lane`, stays in the home until memory comes to it. */
  takes(lane: Lane, record: EventRecord): boolean {
    const beyond = this.#hasMore ? lane.window?.unseen === true : this.#isSurplus(lane)
    if (!beyond) return false
    if (!this.#hasMore) {
      this.#hasMore = true
      this.#seenSeq = record.joinedSeq - 1
    }
    this.#beyondSeq = Math.max(this.#beyondSeq, record.joinedSeq)
    // Once it is durable, whoever looks for lines finds it.
    this.look()
    return true
  }

  /** After a restart: any line may hold something. */
  open(): void {
    this.#hasMore = true
    this.#opens = true
    if (this.#isFifo) this.#lanes.laneAt('').window?.open()
    this.#windows.open(this)
  }

  /** There may be room for more lines that can go on. */
  look(): void {
    if (!this.#hasMore || this.#opens || this.scheduled || !this.#wanted) return
    this.#windows.scheduler.schedule(this, this.#lanes.readyLines === 0 ? 0 : paceMs)
  }

  due(): void {
    this.takeIn()
    this.#host.turns.look()
  }

  takeIn(): void {
    this.#opens = false
    if (!this.#hasMore || !this.#wanted) return
    try {
      this.#readPage()
    } catch {
      this.#windows.awaitHome(this)
    }
  }

  /** Lets the lines go on that a dead letter holds and memory has not come to. */
  release(): void {
    if (!this.#hasMore) return
    const at = isoTime(this.#host.clock.now())
    const { journal, observer } = this.#host
    for (const record of this.#windows.readHolding(this.#lanes.endpoint.id)) {
      this.#windows.adopt(record)
      try {
        journal.stepAtRest(record, { type: 'line.released', at })
      } catch (error) {
        this.#windows.giveUp(record)
        throw error
      }
      observer.released(record)
    }
  }

  rest(): void {
    this.#windows.scheduler.cancel(this)
  }

  #readPage(): void {
    const { endpoint } = this.#lanes
    const limit = this.#windows.sizes.page
    const page = this.#windows.read({ endpointId: endpoint.id, afterSeq: this.#seenSeq, limit })
    const isDurable = this.#beyondSeq <= this.#windows.committedSeq
    for (const event of page.events) this.#found(event)
    this.#seenSeq = page.lastSeq
    if (!page.last) this.look()
    else if (isDurable) this.#hasMore = false
    else this.#windows.awaitCommit(this)
  }

  #found(event: ReadEvent): void {
    const { record } = event
    const { ordering = 'fifo', orderingKey } = record.submitted.event
    const { window } = this.#lanes.laneAt(laneKeyOf(ordering, orderingKey, record.id))
    if (window?.unseen === true) window.found(event, ordering !== 'none')
    else window?.foundBehind(record)
  }

  /** Whether the endpoint may deliver, and has too few lines that can go on. */
  get #wanted(): boolean {
    if (this.#lanes.health.state !== 'active' || this.#windows.closed) return false
    const { readyLines } = this.#lanes
    if (!this.#isFifo) return readyLines < this.#enough
    // Its one line looks after itself. Whatever else it may have, left from another ordering, comes after that.
    return readyLines === 0 && isIdle(this.#lanes.laneAt(''))
  }

  #isSurplus(lane: Lane): boolean {
    return !this.#isFifo && isIdle(lane) && this.#lanes.readyLines >= this.#enough
  }

  get #enough(): number {
    const { full, sizes } = this.#windows
    return this.#lanes.endpoint.settings.concurrency + (full ? sizes.fullLines : sizes.lines)
  }

  get #isFifo(): boolean {
    return this.#lanes.endpoint.settings.ordering === 'fifo'
  }
}

function isIdle({ waiting, haltedBy, window }: Lane): boolean {
  return waiting.size === 0 && haltedBy === null && window?.hasMore !== true
}
