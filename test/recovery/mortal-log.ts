import type { LogHome } from '../../src/log/log-home.ts'
import type { StoredEndpoints } from '../../src/log/stored-endpoints.ts'

/** What a process that has died would say, if anyone could ask it. */
export class ProcessDiedError extends Error {
  override readonly name = 'ProcessDiedError'
}

/** A log as one process sees it, which dies at one of its appends: from then on nothing it does has any effect. */
export interface MortalLog extends LogHome {
  readonly dead: boolean
  die(): void
}

/**
 * @param log outlives the process
 * @param diesAt the append it dies at, counted from 1
 * @param stored whether that append is stored
 */
export function createMortalLog(log: LogHome, diesAt = Infinity, stored = true): MortalLog {
  let appends = 0
  let dead = false
  const living = <T>(act: () => T): T => {
    if (dead) throw new ProcessDiedError('the process has died')
    return act()
  }
  const append = <T>(act: () => T): T =>
    living(() => {
      appends += 1
      dead = appends >= diesAt
      if (dead && stored) act()
      return living(act)
    })
  return {
    get dead() {
      return dead
    },
    die: () => {
      dead = true
    },
    durable: log.durable,
    append: (draft) => append(() => log.append(draft)),
    appendAll: (drafts) => append(() => log.appendAll(drafts)),
    appendEndpoint: (draft) => append(() => log.appendEndpoint(draft)),
    evict: (eventId) => living(() => log.evict(eventId)),
    evictEndpointRecord: (seq) => living(() => log.evictEndpointRecord(seq)),
    entries: (filter) => log.entries(filter),
    get lastEvictedSeq() {
      return log.lastEvictedSeq
    },
    endpointEntries: (filter) => log.endpointEntries(filter),
    subscribe: (listener) => log.subscribe(listener),
    subscribeToEndpoints: (listener) => log.subscribeToEndpoints(listener),
    onListenerError: (report) => log.onListenerError(report),
    flush: () => log.flush(),
    ...(log.storedEndpoints !== undefined && { storedEndpoints: mortalEndpoints(log.storedEndpoints, append) }),
  }
}

function mortalEndpoints(stored: StoredEndpoints, append: (act: () => void) => void): StoredEndpoints {
  return {
    all: () => stored.all(),
    put: (endpoint, at) => append(() => stored.put(endpoint, at)),
    remove: (endpointId, at) => append(() => stored.remove(endpointId, at)),
  }
}
