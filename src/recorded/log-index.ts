// The index of a log file, made as the file is folded: every record is checked against those before it, and what is
// needed to tell the state at any of them is kept.
import { DivergenceError } from '../errors/errors.ts'
import { isEndpointTransition } from '../log/transition.ts'
import type { LogRecord, Transition } from '../log/transition.ts'
import { foldEndpoint } from '../replay/fold-endpoint.ts'
import type { FoldedEndpoint } from '../replay/fold-endpoint.ts'
import { foldTransition } from '../replay/fold.ts'
import { isInLine } from './delivery-statuses.ts'
import { EventStates } from './event-states.ts'
import { EventTable } from './event-table.ts'
import { Grouping } from './grouping.ts'
import { LineHistory } from './line-history.ts'
import { RecordTable } from './record-table.ts'

export class LogIndex {
  readonly records = new RecordTable()
  readonly events = new EventTable()
  readonly lines = new LineHistory()
  /** By their numbers, in the order of their first records. */
  readonly endpointIds: string[] = []
  /** The first record of each, whether its own or an event's. */
  readonly endpointFirst: number[] = []
  readonly #endpointNumbers = new Map<string, number>()
  // Where the fold stands.
  readonly #states = new EventStates()
  readonly #endpointStates = new Map<string, FoldedEndpoint>()
  #seq = 0
  #recordsOfEvents: Grouping | null = null
  #recordsOfEndpoints: Grouping | null = null

  /** Folds the next record. @throws DivergenceError when it does not follow; nothing has changed then */
  add(record: LogRecord, offset: number, length: number): void {
    const { seq, endpointId } = record
    if (seq <= this.#seq) throw new DivergenceError(`record ${seq} comes after record ${this.#seq}`, seq)
    if (Number.isNaN(Date.parse(record.at))) throw new DivergenceError(`record ${seq} has no time: "at" is none`, seq)
    if (isEndpointTransition(record)) {
      this.#endpointStates.set(endpointId, foldEndpoint(this.#endpointStates.get(endpointId), record))
      this.records.add(record, -1, this.#endpointFor(endpointId), offset, length)
    } else {
      this.#addEvents(record, offset, length)
    }
    this.#seq = seq
  }

  /** To be called once, after the last record. */
  seal(): void {
    this.#recordsOfEvents = new Grouping(this.records.eventColumn, this.events.length)
    this.#recordsOfEndpoints = new Grouping(this.records.endpointColumn, this.endpointIds.length)
    this.lines.seal(this.events.lanes)
  }

  /** The records of each event. */
  get ofEvents(): Grouping {
    return sealed(this.#recordsOfEvents)
  }

  /** The records of each endpoint's own. */
  get ofEndpoints(): Grouping {
    return sealed(this.#recordsOfEndpoints)
  }

  /** -1 for an id that the log does not know. */
  endpointNumber(endpointId: string): number {
    return this.#endpointNumbers.get(endpointId) ?? -1
  }

  #addEvents(record: Transition, offset: number, length: number): void {
    const { eventId, event: cause } = record
    const known = this.events.numberOf(eventId)
    const state = foldTransition(this.#states.get(known), record)
    const endpoint = this.#endpointFor(record.endpointId)
    const event = cause.type === 'event.submitted' ? this.events.add(eventId, endpoint, cause) : known
    this.#states.put(event, state)
    this.records.add(record, event, -1, offset, length)
    const lane = this.events.laneOf(event)
    if (lane >= 0) this.#followLine(lane, event, state.context.holdsLine)
  }

  #followLine(lane: number, event: number, holdsLine: boolean): void {
    const record = this.records.length - 1
    const wasInLine = isInLine(this.records.fromCode(record))
    const isInLineNow = isInLine(this.records.toCode(record))
    if (isInLineNow && !wasInLine) this.lines.join(lane, event, record)
    else if (wasInLine && !isInLineNow) this.lines.leave(lane, event, record, holdsLine)
    else if (!isInLineNow && !holdsLine) this.lines.release(lane, event, record)
  }

  #endpointFor(endpointId: string): number {
    const known = this.#endpointNumbers.get(endpointId)
    if (known !== undefined) return known
    const number = this.endpointIds.length
    this.endpointIds.push(endpointId)
    this.endpointFirst.push(this.records.length)
    this.#endpointNumbers.set(endpointId, number)
    return number
  }
}

function sealed(grouping: Grouping | null): Grouping {
  if (grouping === null) throw new Error('recorded log: the index was read before it was sealed')
  return grouping
}
