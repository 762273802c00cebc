import type { FaultKind, FaultRates } from './fault-rates.ts'
import type { History } from './history.ts'
import { ProcessDiedError } from './process-life.ts'
import type { SeededSource } from './seeded-source.ts'
import { AppendRefusedError } from './log-of-life.ts'
import type { AppendFate } from './log-of-life.ts'

/** So many crashes are enough for one run. */
const mostCrashes = 12

/** What befalls the process and its log: decided at every append and every request, from draws of its own. */
export class Fate implements AppendFate {
  readonly #history: History
  readonly #faults: FaultRates
  readonly #appends: SeededSource
  readonly #sends: SeededSource
  readonly #commits: SeededSource
  readonly #crash: () => boolean
  #crashes = 0
  /** Whether a log in a place of its own can make nothing durable. */
  diskIsFull = false
  /** From then on nothing befalls anyone. */
  healed = false

  /** @param crash kills the process; false when none lives */
  constructor(history: History, faults: FaultRates, draws: SeededSource, crash: () => boolean) {
    this.#history = history
    this.#faults = faults
    this.#appends = draws.stream('appends')
    this.#sends = draws.stream('sends')
    this.#commits = draws.stream('commits')
    this.#crash = crash
  }

  beforeAppend(): void {
    if (this.#mayDie('crashesBeforeAppend', this.#appends)) throw new ProcessDiedError()
    if (this.#happens('appendFailures', this.#appends)) throw new AppendRefusedError()
  }

  afterAppend(): void {
    this.#mayDie('crashesAfterAppend', this.#appends)
  }

  beforeCommit(): void {
    this.#mayDie('crashesAtCommit', this.#commits)
  }

  afterCommit(): void {
    this.#mayDie('crashesAtCommit', this.#commits)
  }

  /** The disk is full from now on, until {@link spaceReturns}. */
  fillDisk(): void {
    if (this.healed) return
    this.#history.faults.fullDisks += 1
    this.diskIsFull = true
  }

  spaceReturns(): void {
    this.diskIsFull = false
  }

  readonly afterSend = (): void => {
    this.#mayDie('crashesAfterSend', this.#sends)
  }

  /** The process dies between two steps, unless it has died often enough. */
  crashAtRest(): void {
    if (this.healed || this.#crashes >= mostCrashes || !this.#die()) return
    this.#history.faults.crashesAtRest += 1
  }

  #mayDie(kind: FaultKind, draws: SeededSource): boolean {
    if (this.#crashes >= mostCrashes || !this.#happens(kind, draws)) return false
    return this.#die()
  }

  /** False when there is no process that could. */
  #die(): boolean {
    const died = this.#crash()
    if (died) this.#crashes += 1
    return died
  }

  #happens(kind: FaultKind, draws: SeededSource): boolean {
    const happens = draws.chance(this.#faults[kind]) && !this.healed
    if (happens) this.#history.faults[kind] += 1
    return happens
  }
}
