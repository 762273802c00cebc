// Reads to a client what was recorded after the last step it was shown, as far as that is kept, and no faster than it
// reads. What is missing is said once, as `gap`.
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
  #gapTold = false

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
    for (const step of this.#ports.log.entries({ fromSeq: client.lastSeq + 1 })) {
      if (this.#left === 0) return this.#giveUp()
      if (step.seq > client.lastSeq + 1) this.#lookAtHole(client.lastSeq, step.seq)
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

  /** Whether anything is kept from that step on. */
  #reaches(seq: number): boolean {
    const { log } = this.#ports
    if (seq === 0) return true
    const from = { fromSeq: seq }
    return hasAny(log.entries(from)) || hasAny(log.endpointEntries(from))
  }

  /** Numbers between two steps are either those of endpoints' own records, which are not shown, or of what was evicted. */
  #lookAtHole(after: number, before: number): void {
    if (this.#gapTold) return
    let missing = before - after - 1
    for (const { seq } of this.#ports.log.endpointEntries({ fromSeq: after + 1 })) {
      if (seq >= before) break
      missing -= 1
    }
    if (missing > 0) this.#tellGap(after, before)
  }

  #tellGap(after: number, before: number | null): void {
    this.#gapTold = true
    this.#client.write(`event: gap\ndata: ${JSON.stringify({ after, before })}\n\n`)
  }
}

function hasAny(records: Iterable<unknown>): boolean {
  for (const _ of records) return true
  return false
}
