// Proves of a log's file that it is whole: that SQLite can read it, that every record is what was written and follows from
// those before it, and that the index says what the records say. Changes nothing, in memory that does not grow with it.
import { StorageError } from '../../errors/errors.ts'
import { DatabaseError } from '../driver/database.ts'
import type { Database } from '../driver/database.ts'
import { settledStatuses } from '../schema.ts'
import { lastSeqIn } from '../raw-records.ts'
import { checkChain } from './check-chain.ts'
import type { Chain } from './check-chain.ts'
import { checkCounters } from './check-counters.ts'
import { checkEndpoints } from './check-endpoints.ts'
import { checkEvents } from './check-events.ts'
import type { EventTotals } from './check-events.ts'
import { Faults } from './faults.ts'
import type { Fault } from './faults.ts'

export interface FileReport {
  readonly records: number
  /** 0 when there are none. */
  readonly firstSeq: number
  readonly lastSeq: number
  /** Records up to the last that are not there: retention removed them, or there is a fault. */
  readonly removed: number
  readonly events: number
  readonly statuses: Readonly<Record<'unsettled' | keyof typeof settledStatuses, number>>
  /** Those registered. */
  readonly endpoints: number
  /** The first hundred. */
  readonly faults: readonly Fault[]
  readonly faultCount: number
}

/** What is being done, and how much of it is done. */
export interface VerifyProgress {
  readonly doing: 'the file' | 'checksums' | 'events'
  readonly done: number
  readonly of: number
}

/** So many faults of its own SQLite tells. */
const mostOfSqlite = 100

const noRecords: Chain = { records: 0, firstSeq: 0, lastSeq: 0, missing: 0, damagedEvents: new Set() }
const noEvents: EventTotals = { events: 0, byStatus: [0, 0, 0, 0], attempts: 0 }

export function verifyFile(database: Database, onProgress: (progress: VerifyProgress) => void): FileReport {
  const faults = new Faults()
  const lastSeq = read(faults, 'the counters', () => lastSeqIn(database)) ?? 0
  onProgress({ doing: 'the file', done: 0, of: 1 })
  read(faults, 'the file', () => checkPages(database, faults))
  const chain = read(faults, 'the records', () =>
    checkChain(database, faults, (seq) => onProgress({ doing: 'checksums', done: seq, of: lastSeq })),
  )
  const { records, firstSeq, missing, damagedEvents, ...last } = chain ?? noRecords
  const totals = read(faults, 'the events', () =>
    checkEvents(database, damagedEvents, faults, (done) => onProgress({ doing: 'events', done, of: records })),
  )
  const endpoints = read(faults, 'the endpoints', () => checkEndpoints(database, faults))
  if (chain !== null && totals !== null) {
    read(faults, 'the counters', () => checkCounters(database, chain, totals, faults))
  }
  const { events, byStatus } = totals ?? noEvents
  const settled = (status: keyof typeof settledStatuses): number => byStatus[settledStatuses[status]] ?? 0
  return {
    records,
    firstSeq,
    lastSeq: last.lastSeq,
    removed: missing,
    events,
    statuses: {
      unsettled: byStatus[0] ?? 0,
      delivered: settled('delivered'),
      failed: settled('failed'),
      deadLettered: settled('deadLettered'),
    },
    endpoints: endpoints ?? 0,
    faults: faults.told,
    faultCount: faults.count,
  }
}

/** Null when what is to be read cannot be, which is a fault of its own. */
function read<T>(faults: Faults, what: string, check: () => T): T | null {
  try {
    return check()
  } catch (error) {
    if (!isDamage(error)) throw error
    faults.add('file', `${what} cannot be read to the end: ${error.message}`)
    return null
  }
}

/** A RangeError is what a driver has for a number that JavaScript has not: hookline writes none. */
function isDamage(error: unknown): error is Error {
  return error instanceof DatabaseError || error instanceof StorageError || error instanceof RangeError
}

/** SQLite's own check of its pages, tables and indexes. */
function checkPages(database: Database, faults: Faults): void {
  for (const row of database.prepare(`PRAGMA integrity_check(${mostOfSqlite})`).all()) {
    const message = String(Object.values(row)[0])
    if (message !== 'ok') faults.add('file', `SQLite: ${message.replaceAll('\n', ' ')}`)
  }
}
