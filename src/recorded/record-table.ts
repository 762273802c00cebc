// What is kept in memory of each record of a file: where it stands, when it happened, whom it concerns and what changed.
import type { DeliveryStatus } from '../../machines/delivery.ts'
import { breakerChart } from '../health/charts.ts'
import type { LogRecord } from '../log/transition.ts'
import { bigNumbers, codes, wholeNumbers } from './column.ts'
import { deliveryStatuses, statusCode } from './delivery-statuses.ts'
import { TextTable } from './text-table.ts'

export class RecordTable {
  readonly #seqs = bigNumbers()
  readonly #times = bigNumbers()
  readonly #offsets = bigNumbers()
  readonly #lengths = wholeNumbers()
  readonly #events = wholeNumbers()
  readonly #endpoints = wholeNumbers()
  readonly #attempts = wholeNumbers()
  /** Of an event's record both states; of an endpoint's own, which machine it is of. */
  readonly #steps = codes()
  readonly #types = codes()
  readonly #typeNames = new TextTable()

  get length(): number {
    return this.#seqs.length
  }

  /** `event` is -1 for an endpoint's own record, `endpoint` its owner then; of an event's record it is -1. */
  add(record: LogRecord, event: number, endpoint: number, offset: number, length: number): void {
    this.#seqs.push(record.seq)
    this.#times.push(Date.parse(record.at))
    this.#offsets.push(offset)
    this.#lengths.push(length)
    this.#events.push(event)
    this.#endpoints.push(endpoint)
    this.#attempts.push(record.attempts)
    this.#types.push(this.#typeNames.numberOf(record.event.type))
    const isBreaker = record.machine === breakerChart.version ? 1 : 0
    this.#steps.push(event === -1 ? isBreaker : statusCode(record.from) * 8 + statusCode(record.to))
  }

  /** The event of each record; -1 for an endpoint's own. */
  get eventColumn() {
    return this.#events
  }

  /** The endpoint of each record of an endpoint's own; -1 for an event's. */
  get endpointColumn() {
    return this.#endpoints
  }

  seqAt(record: number): number {
    return this.#seqs.at(record)
  }

  /** In milliseconds since 1970. */
  timeAt(record: number): number {
    return this.#times.at(record)
  }

  /** Where its bytes stand in the file. */
  bytesAt(record: number): { readonly offset: number; readonly length: number } {
    return { offset: this.#offsets.at(record), length: this.#lengths.at(record) }
  }

  eventAt(record: number): number {
    return this.#events.at(record)
  }

  attemptsAt(record: number): number {
    return this.#attempts.at(record)
  }

  typeAt(record: number): string {
    return this.#typeNames.textOf(this.#types.at(record))
  }

  /** The code of the status that an event's record leads to. */
  toCode(record: number): number {
    return this.#steps.at(record) & 7
  }

  /** The code of the status it leaves. */
  fromCode(record: number): number {
    return this.#steps.at(record) >> 3
  }

  statusAt(record: number): DeliveryStatus {
    return deliveryStatuses[this.toCode(record)] ?? 'pending'
  }

  /** Whether an endpoint's own record is of its breaker. */
  isBreakerAt(record: number): boolean {
    return this.#steps.at(record) === 1
  }

  /** The last record that is numbered at most `seq`; -1 when there is none. */
  placeOfSeq(seq: number): number {
    return this.#seqs.lastAtMost(seq)
  }

  /** The last record before the first that is later than a time; -1 when there is none. Times may have gone back. */
  placeAtTime(timeMs: number): number {
    for (let record = 0; record < this.length; record += 1) if (this.timeAt(record) > timeMs) return record - 1
    return this.length - 1
  }
}
