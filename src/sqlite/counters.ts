// The one row that counts what the file holds and ever held. It is written in every commit, so that it is never wrong.
import { StorageError } from '../errors/errors.ts'
import type { Transition } from '../log/transition.ts'
import { isSettled } from '../statechart/resting-delivery.ts'
import { hexIn, integerIn } from './columns.ts'
import type { Database, Row, Statement } from './driver/database.ts'

export class Counters {
  /** The last record appended: its number and its sum. */
  lastSeq: number
  lastSum: string
  /** Records that were removed, superseded ones of endpoints included. */
  evicted: number
  /** The greatest number of an event's record that was removed; 0 for none. */
  lastEvicted: number
  submitted: number
  attempts: number
  /** Of the events that are in the file. */
  readonly settled: { delivered: number; failed: number; deadLettered: number }

  constructor(row: Row) {
    this.lastSeq = integerIn(row, 'last_seq')
    this.lastSum = hexIn(row, 'last_sum')
    this.evicted = integerIn(row, 'evicted')
    this.lastEvicted = integerIn(row, 'last_evicted')
    this.submitted = integerIn(row, 'submitted')
    this.attempts = integerIn(row, 'attempts')
    this.settled = {
      delivered: integerIn(row, 'delivered'),
      failed: integerIn(row, 'failed'),
      deadLettered: integerIn(row, 'dead_lettered'),
    }
  }

  /** Of an event. */
  noteEvicted(seq: number): void {
    if (seq > this.lastEvicted) this.lastEvicted = seq
  }

  countStarted({ event, from }: Transition): void {
    if (from === null) this.submitted += 1
    if (event.type === 'attempt.started') this.attempts += 1
  }

  countSettled({ from, to }: Transition): void {
    const wasSettled = from !== null && isSettled(from)
    if (isSettled(to) === wasSettled) return
    if (wasSettled) this.settled[from] -= 1
    if (isSettled(to)) this.settled[to] += 1
  }
}

/** Reads and writes the row. */
export class CountersRow {
  readonly #select: Statement
  readonly #update: Statement

  constructor(database: Database) {
    this.#select = database.prepare('SELECT * FROM counters')
    this.#update = database.prepare(
      'UPDATE counters SET last_seq = ?, last_sum = ?, evicted = ?, last_evicted = ?, submitted = ?, attempts = ?, ' +
        'delivered = ?, failed = ?, dead_lettered = ?',
    )
  }

  read(): Counters {
    const row = this.#select.get()
    if (row === undefined) throw new StorageError("the log's file is damaged: its counters are gone", 'damaged', false)
    return new Counters(row)
  }

  write({ lastSeq, lastSum, evicted, lastEvicted, submitted, attempts, settled }: Counters): void {
    const { delivered, failed, deadLettered } = settled
    const sum = Buffer.from(lastSum, 'hex')
    this.#update.run(lastSeq, sum, evicted, lastEvicted, submitted, attempts, delivered, failed, deadLettered)
  }
}
