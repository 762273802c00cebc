import type { Terminal } from './terminal.ts'

/** Nobody needs to be told of what is over sooner. */
const silentMs = 1000
const everyMs = 200

/** Tells how far a command is, once it has taken over a second. */
export class Progress {
  readonly #terminal: Terminal
  readonly #startedMs: number
  #toldMs: number

  constructor(terminal: Terminal) {
    this.#terminal = terminal
    this.#startedMs = terminal.clock.monotonic()
    this.#toldMs = this.#startedMs + silentMs - everyMs
  }

  /** `line` is asked for only when it is to be shown. Cheap enough for an inner loop's every thousandth step. */
  tell(line: () => string): void {
    const nowMs = this.#terminal.clock.monotonic()
    if (nowMs - this.#toldMs < everyMs) return
    this.#toldMs = nowMs
    this.#terminal.progress(line())
  }

  /** How long it has taken so far. */
  get elapsedMs(): number {
    return this.#terminal.clock.monotonic() - this.#startedMs
  }

  end(): void {
    this.#terminal.progress(null)
  }
}
