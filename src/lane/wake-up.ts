import { Task } from '../clock/scheduler.ts'
import type { Lane } from './lane.ts'

/** When a lane is to look at its head again. */
export class WakeUp extends Task {
  readonly #lane: Lane

  constructor(lane: Lane) {
    super()
    this.#lane = lane
  }

  due(): void {
    this.#lane.wake()
  }
}
