import { CapacityError, PayloadTooLargeError } from '../errors/errors.ts'
import { inBatch } from '../errors/in-batch.ts'
import type { Readings } from '../event/readings.ts'
import type { ServiceLimits } from '../service-limits.ts'
import type { Submission } from './submission.ts'

/** How much may wait at once. It refuses before anything is stored, and never drops what is stored. */
export class Capacity {
  readonly #limits: ServiceLimits
  readonly #readings: Readings
  #bytes = 0

  constructor(limits: ServiceLimits, readings: Readings) {
    this.#limits = limits
    this.#readings = readings
  }

  /** Bytes of the bodies of all events that are not settled. */
  get pendingBytes(): number {
    return this.#bytes
  }

  /** @throws PayloadTooLargeError */
  checkPayload({ payloadBytes, where }: Pick<Submission, 'payloadBytes' | 'where'>): void {
    const limit = this.#limits.payloadBytes
    if (payloadBytes <= limit) return
    const excess = `the payload's JSON has ${payloadBytes} bytes; limits.payloadBytes allows ${limit}`
    throw new PayloadTooLargeError(inBatch(where, excess))
  }

  /** Whether so many more events, of so many bytes in all, may wait. @throws CapacityError */
  checkRoom(events: number, bytes: number): void {
    const { pendingEvents, pendingBytes } = this.#limits
    const { open } = this.#readings
    if (open + events > pendingEvents) {
      throw new CapacityError(
        `${open} events wait and limits.pendingEvents is ${pendingEvents}: nothing was stored; submit again when some have settled`,
        'limits.pendingEvents',
      )
    }
    if (this.#bytes + bytes > pendingBytes) {
      throw new CapacityError(
        `${this.#bytes} bytes wait and limits.pendingBytes is ${pendingBytes}: nothing was stored; submit again when some have settled`,
        'limits.pendingBytes',
      )
    }
  }

  take(bytes: number): void {
    this.#bytes += bytes
  }

  giveBack(bytes: number): void {
    this.#bytes -= bytes
  }
}
