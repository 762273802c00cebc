import { CapacityError, PayloadTooLargeError } from '../errors/errors.ts'
import { inBatch } from '../errors/in-batch.ts'
import type { Readings } from '../event/readings.ts'
import type { ServiceLimits } from '../service-limits.ts'
import type { Submission } from './submission.ts'

/** What waits for one endpoint. */
export interface Backlog {
  readonly events: number
  readonly bytes: number
}

const nothing: Backlog = { events: 0, bytes: 0 }

/** How much may wait at once. It refuses before anything is stored, and never drops what is stored. */
export class Capacity {
  readonly #limits: ServiceLimits
  readonly #readings: Readings
  readonly #backlogs = new Map<string, { events: number; bytes: number }>()
  #bytes = 0

  constructor(limits: ServiceLimits, readings: Readings) {
    this.#limits = limits
    this.#readings = readings
  }

  /** Bytes of the bodies of all events that are not settled. */
  get pendingBytes(): number {
    return this.#bytes
  }

  /** Endpoints that events wait for. */
  get endpointIds(): Iterable<string> {
    return this.#backlogs.keys()
  }

  /** An endpoint's events that are not settled, and the bytes of their bodies. */
  backlogOf(endpointId: string): Backlog {
    return this.#backlogs.get(endpointId) ?? nothing
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
    const backlog = this.#backlogs.get(endpointId)
    if (backlog === undefined) {
      this.#backlogs.set(endpointId, { events, bytes })
      return
    }
    backlog.events += events
    backlog.bytes += bytes
  }

  /** One of them waits no more. */
  giveBack(endpointId: string, bytes: number): void {
    this.#bytes -= bytes
    const backlog = this.#backlogs.get(endpointId)
    if (backlog === undefined) return
    backlog.events -= 1
    backlog.bytes -= bytes
    if (backlog.events <= 0) this.#backlogs.delete(endpointId)
  }
}

function refuse(full: string, limit: string, where: string): never {
  const message = `${full}: nothing was stored; submit again when some have settled`
  throw new CapacityError(inBatch(where, message), limit)
}
