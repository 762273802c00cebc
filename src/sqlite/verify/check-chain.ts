// Whether every record is what was written, and which are missing: by the checksums, record by record.
import { hexIn, integerIn } from '../columns.ts'
import type { Database } from '../driver/database.ts'
import { rawRecords } from '../raw-records.ts'
import type { RawRecord } from '../raw-records.ts'
import type { Faults } from './faults.ts'
import { beforeFirst, recordFault } from './record-fault.ts'
import type { RecordBefore } from './record-fault.ts'

/** What the records say of themselves. */
export interface Chain {
  readonly records: number
  /** 0 when there are none. */
  readonly firstSeq: number
  readonly lastSeq: number
  /** Records that are gone; retention removed them, or there is a fault. */
  readonly missing: number
  /** The events of which a record is not what was written, by their numbers. */
  readonly damagedEvents: ReadonlySet<number>
}

const mostGapsTold = 5

/** @param progress hears the `seq` of each record */
export function checkChain(database: Database, faults: Faults, progress: (seq: number) => void): Chain {
  const reading = new ChainReading(database, faults)
  for (const row of rawRecords(database)) {
    reading.read(row)
    progress(row.seq)
  }
  return reading.end()
}

class ChainReading {
  readonly #database: Database
  readonly #faults: Faults
  readonly #damagedEvents = new Set<number>()
  readonly #gaps: string[] = []
  #records = 0
  #firstSeq = 0
  #last: RecordBefore = beforeFirst
  #missing = 0

  constructor(database: Database, faults: Faults) {
    this.#database = database
    this.#faults = faults
  }

  read(row: RawRecord): void {
    const { seq, sum } = row
    if (this.#records === 0) this.#firstSeq = seq
    if (seq > this.#last.seq + 1) this.#skip(this.#last.seq + 1, seq - 1)
    const fault = recordFault(row, this.#last)
    if (fault !== null) this.#damaged(row, fault)
    this.#records += 1
    this.#last = { seq, sum }
  }

  end(): Chain {
    this.#checkCounters()
    return {
      records: this.#records,
      firstSeq: this.#firstSeq,
      lastSeq: this.#last.seq,
      missing: this.#missing,
      damagedEvents: this.#damagedEvents,
    }
  }

  #damaged({ seq, event }: RawRecord, why: string): void {
    const eventId = event === null ? undefined : idOf(this.#database, event)
    if (event !== null) this.#damagedEvents.add(event)
    const whose = event === null ? '' : ` of event ${eventId ?? 'unknown'}`
    this.#faults.add('record', `record ${seq}${whose} ${why}`, eventId === undefined ? { seq } : { seq, eventId })
  }

  #skip(from: number, to: number): void {
    this.#missing += to - from + 1
    if (this.#gaps.length < mostGapsTold) this.#gaps.push(from === to ? String(from) : `${from} to ${to}`)
  }

  #checkCounters(): void {
    const counters = this.#database.prepare('SELECT last_seq, last_sum, evicted FROM counters').get()
    if (counters === undefined) return this.#faults.add('index', 'the file has lost its counters')
    const lastSeq = integerIn(counters, 'last_seq')
    const evicted = integerIn(counters, 'evicted')
    if (lastSeq > this.#last.seq) this.#skip(this.#last.seq + 1, lastSeq)
    if (lastSeq < this.#last.seq) {
      this.#faults.add(
        'index',
        `the counters know of records up to ${lastSeq}, and there are some up to ${this.#last.seq}`,
      )
    } else if (lastSeq === this.#last.seq && hexIn(counters, 'last_sum') !== this.#last.sum) {
      this.#faults.add('record', `record ${lastSeq} is not the last that was written`, { seq: lastSeq })
    }
    if (this.#missing === evicted) return
    const gaps = this.#gaps.length === 0 ? 'none' : this.#gaps.join(', ')
    const message = `${this.#missing} records are missing (${gaps}), and retention removed ${evicted}`
    this.#faults.add('missing', message)
  }
}

function idOf(database: Database, event: number): string | undefined {
  const id = database.prepare('SELECT id FROM events WHERE number = ?').get(event)?.['id']
  return typeof id === 'string' ? id : undefined
}
