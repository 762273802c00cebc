import { Worker } from 'node:worker_threads'
import { isWithin, type KillPlace, type KillPoint } from '../kill-point.ts'

/** Waits until it is armed, and then exactly as long as it is told: the thread it kills may be within a call meanwhile. */
const assassin = `
  const { workerData } = require('node:worker_threads')
  const delay = new Int32Array(workerData)
  Atomics.wait(delay, 0, 0)
  const end = process.hrtime.bigint() + BigInt(delay[0]) * 1000n
  while (process.hrtime.bigint() < end);
  process.kill(process.pid, 'SIGKILL')`

/** Kills its own process when the place it was given is passed for the given time. */
export class KillSwitch {
  readonly #place: KillPlace | null
  readonly #delayMicros: number
  readonly #armed = new SharedArrayBuffer(Int32Array.BYTES_PER_ELEMENT)
  #left: number

  constructor(point: KillPoint | null) {
    this.#place = point?.place ?? null
    this.#left = point?.passing ?? 0
    this.#delayMicros = point?.delayMicros ?? 0
    if (this.#place === null || !isWithin(this.#place)) return
    new Worker(assassin, { eval: true, workerData: this.#armed }).unref()
  }

  get place(): KillPlace | null {
    return this.#place
  }

  pass(place: KillPlace): void {
    if (place !== this.#place || (this.#left -= 1) !== 0) return
    if (isWithin(place)) {
      const delay = new Int32Array(this.#armed)
      // 0 is what the other thread waits for to change.
      Atomics.store(delay, 0, 1 + this.#delayMicros)
      Atomics.notify(delay, 0)
    } else {
      process.kill(process.pid, 'SIGKILL')
    }
  }
}
