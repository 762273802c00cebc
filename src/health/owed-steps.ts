import { Task } from '../clock/scheduler.ts'
import type { Scheduler } from '../clock/scheduler.ts'

/** How long before the log is offered again what it could not take. */
const appendAgainMs = 1000

/** Steps of an endpoint's own that the log has not taken yet, in order. They are offered again until it takes them. */
export class OwedSteps extends Task {
  readonly #scheduler: Scheduler
  readonly #refused: (error: unknown) => void
  readonly #allTaken: () => void
  readonly #steps: (() => void)[] = []

  /** `refused` hears what the log threw, each time it does; `allTaken` that no step is left. */
  constructor(scheduler: Scheduler, refused: (error: unknown) => void, allTaken: () => void) {
    super()
    this.#scheduler = scheduler
    this.#refused = refused
    this.#allTaken = allTaken
  }

  /** Whether there is none. */
  get settled(): boolean {
    return this.#steps.length === 0
  }

  /** Takes `step`, which throws when the log refuses it, now or as soon as those before it are taken. */
  take(step: () => void): void {
    this.#steps.push(step)
    if (this.#steps.length === 1) this.due()
  }

  due(): void {
    try {
      for (let step = this.#steps[0]; step !== undefined; step = this.#steps[0]) {
        step()
        this.#steps.shift()
      }
    } catch (error) {
      this.#scheduler.schedule(this, appendAgainMs)
      this.#refused(error)
      return
    }
    this.#allTaken()
  }
}
