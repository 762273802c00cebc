import type { LogRecord } from './transition.ts'
import type { TransitionLog } from './transition-log.ts'

/** What of a log is read: one that has no endpoints' records of its own may go without their method. */
export type ReadableLog = Pick<TransitionLog, 'entries'> & Partial<Pick<TransitionLog, 'endpointEntries'>>

/** Every record of a log, those of events and of endpoints, in the order of their `seq`. */
export function* mergedRecords(log: ReadableLog): Iterable<LogRecord> {
  const ofEndpoints = (log.endpointEntries?.() ?? [])[Symbol.iterator]()
  let next = ofEndpoints.next()
  for (const transition of log.entries()) {
    for (; next.done !== true && next.value.seq < transition.seq; next = ofEndpoints.next()) yield next.value
    yield transition
  }
  for (; next.done !== true; next = ofEndpoints.next()) yield next.value
}
