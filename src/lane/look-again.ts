import { Task } from '../clock/scheduler.ts'
import type { Turns } from './turns.ts'

/** When the turns are to look again, though nothing has ended and nobody has come. */
export class LookAgain extends Task {
  /** Someone waits only behind requests in flight, and those keep the process alive. */
  override readonly keepsAlive = false
  readonly #turns: Turns

  constructor(turns: Turns) {
    super()
    this.#turns = turns
  }

  due(): void {
    this.#turns.look()
  }
}
