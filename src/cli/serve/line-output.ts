import { writeSync } from 'node:fs'
import type { Clock, Timer } from '../../clock/clock.ts'

/** What waits for a reader that does not read; beyond it, lines are dropped. */
const mostWaiting = 16 * 1024 * 1024
const againMs = 20
/** How long the end of the process waits for a reader, at most. */
const lastMs = 1000

/** What `LineOutput` writes to: returns how many bytes it took, and throws `EAGAIN` while it takes none. */
export type TakeBytes = (bytes: Uint8Array) => number

/**
 * The output of a process whose reader may be slow, have stopped reading or be gone: none of them holds the process up, nor its
 * end. A pipe must be one that does not block, as those of `process.stdout` are.
 */
export class LineOutput {
  readonly #clock: Pick<Clock, 'setTimeout' | 'monotonic'>
  readonly #take: TakeBytes
  #waiting = ''
  /** Of what waits, the part that is being written. */
  #begun: Uint8Array = new Uint8Array()
  #timer: Timer | null = null

  constructor(clock: Pick<Clock, 'setTimeout' | 'monotonic'>, take: TakeBytes) {
    this.#clock = clock
    this.#take = take
  }

  write(text: string): void {
    if (this.#begun.length + this.#waiting.length + text.length > mostWaiting) return
    this.#waiting += text
    if (this.#timer === null) this.#goOn()
  }

  /** Writes what waits, before the process ends. What the reader does not take within a second is lost. */
  end(): void {
    const untilMs = this.#clock.monotonic() + lastMs
    while (!this.#offer() && this.#clock.monotonic() < untilMs) sleep(againMs)
    this.#waiting = ''
    this.#begun = new Uint8Array()
  }

  readonly #goOn = (): void => {
    this.#timer = this.#offer() ? null : this.#clock.setTimeout(this.#goOn, againMs)
  }

  /** False when something waits still. */
  #offer(): boolean {
    for (;;) {
      if (this.#begun.length === 0) {
        if (this.#waiting === '') return true
        this.#begun = Buffer.from(this.#waiting)
        this.#waiting = ''
      }
      try {
        this.#begun = this.#begun.subarray(this.#take(this.#begun))
      } catch (error) {
        if (isBusy(error)) return false
        // Whoever read it is gone, or a disk is full. The service goes on without these lines.
        this.#begun = new Uint8Array()
      }
    }
  }
}

/** The process's own output. */
export function toStandardOutput(): TakeBytes {
  const { fd } = process.stdout
  return (bytes) => writeSync(fd, bytes)
}

function isBusy(error: unknown): boolean {
  return error instanceof Error && 'code' in error && (error.code === 'EAGAIN' || error.code === 'EBUSY')
}

function sleep(durationMs: number): void {
  Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, durationMs)
}
