import type { LogPlace, LogPlacePorts } from '../../src/testing/index.ts'
import { ModelLog, ModelPlace } from '../support/model-log.ts'

/** The model of a durable log, for a simulated run. */
export class ModelLogPlace implements LogPlace {
  readonly #place = new ModelPlace()
  #home: ModelLog | null = null

  open({ schedule }: LogPlacePorts): ModelLog {
    return (this.#home = new ModelLog(this.#place, schedule))
  }

  crash(): void {
    this.#home?.die()
  }

  dispose(): void {
    this.#home = null
  }
}
