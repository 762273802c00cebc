// The index of a log file: what is needed to tell the state at any record without folding again.
import { isEndpointTransition } from '../log/transition.ts'
import type { LogRecord } from '../log/transition.ts'
import type { FoldedLog } from '../replay/folded-log.ts'
import { EventTable } from './event-table.ts'
import { Grouping } from './grouping.ts'
import { LineHistory } from './line-history.ts'
import { RecordTable } from './record-table.ts'

const settledFrom = 3

export class LogIndex {
  readonly records = new RecordTable()
  readonly events = new EventTable()
  readonly lines = new LineHistory()
  /** By their numbers, in the order of their first records. */
  readonly endpointIds: string[] = []
  /** The first record of each, whether its own or an event's. */
  readonly endpointFirst: number[] = []
  readonly #endpointNumbers = new Map<string, number>()
  #recordsOfEvents: Grouping | null = null
  #recordsOfEndpoints: Grouping | null = null

  /** Takes in a record that has just been folded. */
  add(record: LogRecord, folded: FoldedLog, offset: number, length: number): void {
    const index = this.records.length
    const endpoint = this.#endpointFor(record.endpointId, index)
    if (isEndpointTransition(record)) {
      this.records.add(record, -1, endpoint, offset, length)
      return
    }
    const state = folded.events.get(record.eventId)
    if (state === undefined) return // it was folded, so it is there
    const event = record.from === null ? this.events.add(state, endpoint) : this.events.numberOf(record.eventId)
    this.records.add(record, event, -1, offset, length)
    const lane = this.events.laneOf(event)
    if (lane >= 0) this.#followLine(lane, event, index, state.state.context.holdsLine)
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

  #followLine(lane: number, event: number, record: number, holdsLine: boolean): void {
    const wasInLine = this.records.fromCode(record) < settledFrom
    const isInLine = this.records.toCode(record) < settledFrom
    if (isInLine && !wasInLine) this.lines.join(lane, event, record)
    else if (wasInLine && !isInLine) {
      this.lines.leave(event, record)
      if (holdsLine) this.lines.halt(lane, event, record)
    } else if (!isInLine && !holdsLine) this.lines.release(lane, event, record)
  }

  #endpointFor(endpointId: string, record: number): number {
    const known = this.#endpointNumbers.get(endpointId)
    if (known !== undefined) return known
    const number = this.endpointIds.length
    this.endpointIds.push(endpointId)
    this.endpointFirst.push(record)
    this.#endpointNumbers.set(endpointId, number)
    return number
  }
}

function sealed(grouping: Grouping | null): Grouping {
  if (grouping === null) throw new Error('recorded log: the index was read before it was sealed')
  return grouping
}
