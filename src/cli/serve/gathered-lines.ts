import type { Clock, Timer } from '../../clock/clock.ts'

/** How long a line waits at most for others to be written with it. */
const gatheringMs = 50
const mostLength = 64 * 1024

/**
 * Writes a line at once when none was written lately, and those that follow it closely together: a write costs more than making
 * the line does.
 */
export class GatheredLines {
  readonly #clock: Pick<Clock, 'setTimeout'>
  readonly #stream: { write(text: string): void }
  #waiting = ''
  #timer: Timer | null = null

  constructor(clock: Pick<Clock, 'setTimeout'>, stream: { write(text: string): void }) {
    this.#clock = clock
    this.#stream = stream
  }

  write(line: string): void {
    this.#waiting += line
    if (this.#timer !== null && this.#waiting.length < mostLength) return
    this.flush()
    this.#timer ??= this.#clock.setTimeout(this.#gathered, gatheringMs)
  }

  /** Writes what waits. */
  flush(): void {
    if (this.#waiting === '') return
    const text = this.#waiting
    this.#waiting = ''
    this.#stream.write(text)
  }

  readonly #gathered = (): void => {
    this.#timer = null
    if (this.#waiting === '') return
    this.flush()
    this.#timer = this.#clock.setTimeout(this.#gathered, gatheringMs)
  }
}
