import type { LogHome } from '../../src/log/log-home.ts'
import { memoryLog } from '../../src/log/memory-log.ts'

/** What a {@link FailingLog} throws. */
export class DiskFullError extends Error {
  override readonly name = 'DiskFullError'
}

/** A log in memory that refuses some appends, as a full disk would. */
export interface FailingLog extends LogHome {
  /** How often it was asked to append, refusals included. */
  readonly calls: number
  /** Decides, by the number of the call from 1, which appends are refused from now on. */
  refuse(when: (call: number) => boolean): void
}

export function createFailingLog(when: (call: number) => boolean = () => false): FailingLog {
  const log = memoryLog()
  let refuses = when
  let calls = 0
  return {
    durable: false,
    get calls() {
      return calls
    },
    refuse(next) {
      refuses = next
    },
    append(draft) {
      calls += 1
      if (refuses(calls)) throw new DiskFullError(`append ${calls}: no space left`)
      return log.append(draft)
    },
    // As a transaction does: when one is refused, none is kept.
    appendAll(drafts) {
      drafts.forEach(() => {
        calls += 1
        if (refuses(calls)) throw new DiskFullError(`append ${calls}: no space left`)
      })
      return log.appendAll(drafts)
    },
    evict: (eventId) => log.evict(eventId),
    appendEndpoint(draft) {
      calls += 1
      if (refuses(calls)) throw new DiskFullError(`append ${calls}: no space left`)
      return log.appendEndpoint(draft)
    },
    evictEndpointRecord: (seq) => log.evictEndpointRecord(seq),
    endpointEntries: (filter) => log.endpointEntries(filter),
    subscribeToEndpoints: (listener) => log.subscribeToEndpoints(listener),
    flush: () => log.flush(),
    entries: (filter) => log.entries(filter),
    get lastEvictedSeq() {
      return log.lastEvictedSeq
    },
    subscribe: (listener) => log.subscribe(listener),
    onListenerError: (report) => log.onListenerError(report),
  }
}
