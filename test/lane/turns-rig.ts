import { Scheduler } from '../../src/clock/scheduler.ts'
import { Turn } from '../../src/lane/turn.ts'
import { TurnTaker } from '../../src/lane/turn-taker.ts'
import { Turns } from '../../src/lane/turns.ts'
import type { TurnsSettings } from '../../src/lane/turns.ts'
import { createVirtualClock } from '../../src/testing/virtual-clock.ts'
import type { VirtualClock } from '../../src/testing/virtual-clock.ts'

/** Someone with `left` requests to send, one lane for each request in flight. */
export class Taker extends TurnTaker {
  readonly name: string
  left: number
  readonly held: number[] = []
  readonly #rig: TurnsRig
  readonly #turns: Turn[] = []

  constructor(rig: TurnsRig, name: string, left: number) {
    super()
    this.#rig = rig
    this.name = name
    this.left = left
  }

  get wantsTurn(): boolean {
    return this.left > 0
  }

  takeTurn(): boolean {
    if (this.left === 0) return false
    this.left -= 1
    const turn = new Turn(this)
    this.#turns.push(turn)
    this.#rig.turns.begin(turn)
    this.#rig.starts.push(this.name)
    return this.left > 0
  }

  turnHeld(waitMs: number): void {
    this.held.push(waitMs)
  }

  /** Its oldest attempt in flight ends. */
  end(): void {
    const turn = this.#turns.shift()
    if (turn === undefined) throw new Error(`${this.name} has nothing in flight`)
    this.#rig.turns.release(turn)
  }
}

/** The turns of a service without a service, on a clock that is told to move. */
export class TurnsRig {
  readonly clock: VirtualClock = createVirtualClock()
  readonly scheduler = new Scheduler(this.clock)
  readonly turns: Turns
  /** Who started, in order. */
  readonly starts: string[] = []
  quiets = 0

  constructor(settings: Partial<TurnsSettings> & Pick<TurnsSettings, 'concurrency'>) {
    const complete = { timeoutMs: 30_000, rateLimit: null, ...settings }
    this.turns = new Turns(complete, this.clock, this.scheduler, () => (this.quiets += 1))
  }

  offer(name: string, left = 1): Taker {
    const taker = new Taker(this, name, left)
    this.turns.offer(taker)
    return taker
  }

  offerMany(count: number, name: string, left = 1): Taker[] {
    return Array.from({ length: count }, () => this.offer(name, left))
  }

  /** Takers that have each had an attempt that took `tookMs`, and want no more for now. */
  async known(count: number, name: string, tookMs: number): Promise<Taker[]> {
    const takers: Taker[] = []
    for (let made = 0; made < count; made += 1) {
      const taker = this.offer(name)
      await Promise.resolve()
      takers.push(taker)
    }
    await this.clock.advance(tookMs)
    for (const taker of takers) taker.end()
    await Promise.resolve()
    return takers
  }

  /** `taker` has `left` more requests to send. */
  again(taker: Taker, left = 1): void {
    taker.left += left
    this.turns.offer(taker)
  }
}
