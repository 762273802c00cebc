// Reads to a client what was recorded after the last step it was shown, as far as that is kept, and no faster than it
// reads. What is missing is said before it goes on, as `gap`.
import { afterLoopTurn } from '../../clock/loop-turn.ts'
import type { Transition } from '../../log/transition.ts'
import type { TransitionLog } from '../../log/transition-log.ts'
import { isJudged } from '../faults.ts'
import type { FaultListener } from '../faults.ts'
import type { StreamClient } from './stream-client.ts'
import type { StreamMessage } from './stream-message.ts'

export interface CatchUpPorts {
  readonly log: TransitionLog
  readonly messageOf: (step: Transition) => StreamMessage
  /** Steps read at most; beyond, the client goes on with what is recorded from now on. */
  readonly limit: number
  readonly onFault: FaultListener
}

/** Steps read before anything else has its turn. */
const atOnce = 64

export class CatchUp {
  readonly #client: StreamClient
  readonly #ports: CatchUpPorts
  #left: number
  /** Up to where it was told of what was evicted. */
  #toldSeq = 0

  constructor(client: StreamClient, ports: CatchUpPorts) {
    this.#client = client
    this.#ports = ports
    this.#left = ports.limit
  }

  /** For one that has come back. @param lastSeq the last step that it was shown */
  start(lastSeq: number): void {
    this.#client.lastSeq = lastSeq
    this.#guarded(() => this.#begin(lastSeq))
  }

  /** For one that lags: it is told no more until it has read what it was sent. */
  fallBehind(): void {
    this.#client.live = false
    this.#client.onRead(this.#readOn)
  }

  #begin(lastSeq: number): void {
    if (!this.#reaches(lastSeq)) {
      // The log is another one, or all that came after is gone: numbers below the client's may be new.
      this.#tellGap(lastSeq, null)
      this.#client.lastSeq = 0
      this.#client.live = true
      return
    }
    this.#read()
  }

  readonly #readOn = (): void => this.#guarded(() => this.#read())

  /** The log is read in turns of its own, where nobody would catch what it throws. */
  #guarded(read: () => void): void {
    try {
      read()
    } catch (error) {
      this.#client.end('unreadable')
      if (!isJudged(error)) this.#ports.onFault(error, { where: 'stream', requestId: null })
    }
  }

  #read(): void {
    const client = this.#client
    let read = 0
    this.#lookForEvicted()
    for (const step of this.#ports.log.entries({ fromSeq: client.lastSeq + 1 })) {
      if (this.#left === 0) return this.#giveUp()
      if (!client.offer(this.#ports.messageOf(step))) return
      this.#left -= 1
      read += 1
      if (read === atOnce) return this.#pause()
    }
    client.live = true
  }

  #pause(): void {
    if (this.#client.lagging) this.#client.onRead(this.#readOn)
    else afterLoopTurn(this.#readOn)
  }

  #giveUp(): void {
    this.#tellGap(this.#client.lastSeq, null)
    // What is recorded but not told yet belongs to the gap or comes live; either way in order.
    this.#client.live = true
  }

  /** Whether the log is the one that it was shown that step of: it has it, or has evicted it. */
  #reaches(seq: number): boolean {
    const { log } = this.#ports
    return seq <= log.lastEvictedSeq || seq === 0 || hasAny(log.entries({ fromSeq: seq }))
  }

  /** Of what was evicted nothing tells where it was: somewhere up to the last of it. Also while it is read to. */
  #lookForEvicted(): void {
    const { lastSeq } = this.#client
    const { lastEvictedSeq } = this.#ports.log
    if (lastEvictedSeq <= lastSeq || lastEvictedSeq <= this.#toldSeq) return
    this.#toldSeq = lastEvictedSeq
    this.#tellGap(lastSeq, lastEvictedSeq + 1)
  }

  #tellGap(after: number, before: number | null): void {
    // How much goes on in the service is no tenant's business.
    const where = this.#client.filter.tenantId === null ? { after, before } : { after: null, before: null }
    this.#client.write(`event: gap\ndata: ${JSON.stringify(where)}\n\n`)
  }
}

function hasAny(records: Iterable<unknown>): boolean {
  for (const _ of records) return true
  return false
}
