// When groups are committed, and who is told. A group that could not be written for a reason that may pass is held, and
// offered again; for any other reason the home stops for good. Nobody is ever told that something is durable that is not.
import type { Clock, Timer } from '../clock/clock.ts'
import type { StorageError } from '../errors/errors.ts'
import type { LogCondition } from '../log/log-home.ts'
import { callListener } from '../notices/call-listener.ts'

/** How long after a group could not be written it is offered again, where nobody asks sooner. */
const offerAgainMs = 1000

/**
 * A group is committed once a turn of the event loop brought nothing for it, and after so many turns at the latest. What it
 * costs to commit is much the same for ten records as for a hundred, and answers that come together are read in several
 * turns.
 */
const mostTurns = 4

export interface CommitPorts {
  /** Calls back soon, once: not within the call. What is appended until then is committed together. */
  readonly schedule: (commit: () => void) => void
  readonly clock: Pick<Clock, 'setTimeout' | 'clearTimeout'>
  /** Writes all that was appended. @throws StorageError, and nothing was written */
  readonly write: () => void
  /** Hears what an act or a listener throws. */
  readonly report: (error: unknown) => void
}

interface Waiter {
  readonly resolve: () => void
  readonly reject: (error: StorageError) => void
}

export class CommitCycle {
  readonly #ports: CommitPorts
  readonly #listeners: ((condition: LogCondition, error: Error | null) => void)[] = []
  #condition: LogCondition = 'writable'
  /** Why it is held or has stopped. */
  #error: StorageError | null = null
  #ended: StorageError | null = null
  #scheduled = false
  /** Of the event loop, since the group was to be committed. */
  #turns = 0
  /** Whether something was appended in this one. */
  #grew = false
  #timer: Timer | null = null
  #acts: ((error: Error | null) => void)[] = []
  #waiters: Waiter[] = []

  constructor(ports: CommitPorts) {
    this.#ports = ports
  }

  get condition(): LogCondition {
    return this.#condition
  }

  /** Why nothing new is taken; null when it is. */
  get error(): StorageError | null {
    return this.#error
  }

  /** Something was appended. What is held is not offered more often for it. */
  wanted(): void {
    this.#grew = true
    if (this.#condition === 'writable') this.#schedule()
  }

  afterCommit(act: (error: Error | null) => void): void {
    this.#acts.push(act)
    if (this.#condition !== 'held') this.#schedule()
  }

  flush(): Promise<void> {
    return new Promise((resolve, reject) => {
      this.#waiters.push({ resolve, reject })
      this.#schedule()
    })
  }

  onCondition(report: (condition: LogCondition, error: Error | null) => void): void {
    this.#listeners.push(report)
  }

  /** Nothing can be written any more. */
  stop(error: StorageError): void {
    if (this.#condition === 'stopped') return
    this.#clearTimer()
    this.#change('stopped', error)
    this.#schedule()
  }

  /** The file is closed. What was not written by now never will be. */
  end(error: StorageError): void {
    this.#clearTimer()
    this.#ended = error
    this.#tell(error)
  }

  #schedule(): void {
    if (this.#scheduled) return
    this.#scheduled = true
    this.#ports.schedule(this.#commit)
  }

  readonly #commit = (): void => {
    this.#scheduled = false
    if (this.#mayGrow()) return this.#schedule()
    this.#turns = 0
    this.#clearTimer()
    if (this.#ended !== null) return this.#tell(this.#ended)
    if (this.#condition === 'stopped') return this.#tell(this.#error)
    try {
      this.#ports.write()
    } catch (error) {
      this.#failed(error as StorageError) // as the port promises
      return
    }
    if (this.#condition === 'held') this.#change('writable', null)
    this.#tell(null)
  }

  /** Whether the group is left to grow for another turn. */
  #mayGrow(): boolean {
    const grew = this.#grew
    this.#grew = false
    this.#turns += 1
    return grew && this.#turns < mostTurns && this.#condition === 'writable' && this.#ended === null
  }

  #failed(error: StorageError): void {
    if (!error.recoverable) {
      this.stop(error)
      return
    }
    // Those who act once it is durable wait on: it is held, and nothing of it is lost.
    const waiters = this.#waiters
    this.#waiters = []
    for (const { reject } of waiters) reject(error)
    this.#timer = this.#ports.clock.setTimeout(() => {
      this.#timer = null
      this.#schedule()
    }, offerAgainMs)
    if (this.#condition === 'held') this.#error = error
    else this.#change('held', error)
  }

  /** A microtask later: subscribers have heard of the records then. */
  #tell(error: StorageError | null): void {
    if (this.#acts.length === 0 && this.#waiters.length === 0) return
    const acts = this.#acts
    const waiters = this.#waiters
    this.#acts = []
    this.#waiters = []
    queueMicrotask(() => {
      for (const act of acts) callListener(act, error, this.#ports.report)
      for (const { resolve, reject } of waiters) {
        if (error === null) resolve()
        else reject(error)
      }
    })
  }

  #change(condition: LogCondition, error: StorageError | null): void {
    this.#condition = condition
    this.#error = error
    queueMicrotask(() => {
      for (const report of this.#listeners) {
        callListener(() => report(condition, error), undefined, this.#ports.report)
      }
    })
  }

  #clearTimer(): void {
    if (this.#timer !== null) this.#ports.clock.clearTimeout(this.#timer)
    this.#timer = null
  }
}
