import { LinkedList } from '../collections/linked-list.ts'
import type { Linked } from '../collections/linked-list.ts'
import { CapacityError, PayloadTooLargeError } from '../errors/errors.ts'
import { inBatch } from '../errors/in-batch.ts'
import type { Readings } from '../event/readings.ts'
import type { ServiceLimits } from '../service-limits.ts'
import type { Submission } from './submission.ts'

/** What waits for one endpoint, from its first event until none is left. */
export class Backlog implements Linked<Backlog> {
  previous: Backlog | null = null
  next: Backlog | null = null
  /** What is known of its oldest event: no event of it joined a line before this record. Whoever looks for the oldest has it. */
  oldestSeq: number | null = null
  readonly endpointId: string
  events = 0
  bytes = 0

  constructor(endpointId: string) {
    this.endpointId = endpointId
  }
}

/** How much may wait at once. It refuses before anything is stored, and never drops what is stored. */
export class Capacity {
  readonly #limits: ServiceLimits
  readonly #readings: Readings
  readonly #byEndpoint = new Map<string, Backlog>()
  /** In the order in which they began. */
  readonly #backlogs = new LinkedList<Backlog>()
  #bytes = 0

  constructor(limits: ServiceLimits, readings: Readings) {
    this.#limits = limits
    this.#readings = readings
  }

  /** Bytes of the bodies of all events that are not settled. */
  get pendingBytes(): number {
    return this.#bytes
  }

  /** In the order in which they began. */
  get backlogs(): Pick<LinkedList<Backlog>, 'last' | 'size'> {
    return this.#backlogs
  }

  /** An endpoint's events that are not settled, and the bytes of their bodies; null when there are none. */
  backlogOf(endpointId: string): Backlog | null {
    return this.#byEndpoint.get(endpointId) ?? null
  }

  /** @throws PayloadTooLargeError */
  checkPayload({ payloadBytes, where }: Pick<Submission, 'payloadBytes' | 'where'>): void {
    const limit = this.#limits.payloadBytes
    if (payloadBytes <= limit) return
    const excess = `the payload's JSON has ${payloadBytes} bytes; limits.payloadBytes allows ${limit}`
    throw new PayloadTooLargeError(inBatch(where, excess), limit)
  }

  /**
   * Whether so many more events, of so many bytes in all, may wait. `where` is the path of what names them in a batch.
   *
   * @throws CapacityError
   */
  checkRoom(events: number, bytes: number, where = ''): void {
    const { pendingEvents, pendingBytes } = this.#limits
    const { open } = this.#readings
    if (open + events > pendingEvents) {
      refuse(`${open} events wait and limits.pendingEvents is ${pendingEvents}`, 'limits.pendingEvents', where)
    }
    if (this.#bytes + bytes > pendingBytes) {
      refuse(`${this.#bytes} bytes wait and limits.pendingBytes is ${pendingBytes}`, 'limits.pendingBytes', where)
    }
  }

  /** So many more `events` of an endpoint wait, with so many bytes in all. */
  take(endpointId: string, bytes: number, events = 1): void {
    this.#bytes += bytes
    let backlog = this.#byEndpoint.get(endpointId)
    if (backlog === undefined) {
      backlog = new Backlog(endpointId)
      this.#byEndpoint.set(endpointId, backlog)
      this.#backlogs.push(backlog)
    }
    backlog.events += events
    backlog.bytes += bytes
  }

  /** One of them waits no more. */
  giveBack(endpointId: string, bytes: number): void {
    this.#bytes -= bytes
    const backlog = this.#byEndpoint.get(endpointId)
    if (backlog === undefined) return
    backlog.events -= 1
    backlog.bytes -= bytes
    if (backlog.events > 0) return
    this.#byEndpoint.delete(endpointId)
    this.#backlogs.remove(backlog)
  }
}

function refuse(full: string, limit: string, where: string): never {
  const message = `${full}: nothing was stored; submit again when some have settled`
  throw new CapacityError(inBatch(where, message), limit)
}
