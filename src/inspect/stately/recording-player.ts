// Plays a recorded log as if it happened now: record after record, at the pace they have or a multiple of it.
import type { Clock, Timer } from '../../clock/clock.ts'
import { afterLoopTurn } from '../../clock/loop-turn.ts'

/** What is played: records by their places, from 0. */
export interface Recording {
  readonly length: number
  /** When a record was appended, in milliseconds since 1970. */
  timeAt(place: number): number
}

/** No pause is longer than this, however long nothing happened: nobody watches an empty hour. */
export const longestPauseMs = 3000

/** How many records are played without letting anything else run. */
const sliceRecords = 50

export interface PlayerParts {
  readonly recording: Recording
  /** How many times as fast as recorded; Infinity without any pause. */
  readonly speed: number
  readonly clock: Clock
  /** Shows the record at a place. Must not throw. */
  readonly show: (place: number) => void
}

export class RecordingPlayer {
  readonly #parts: PlayerParts
  #place = 0
  /** When the next record is due, on the clock's monotonic scale. */
  #dueMs = 0
  #timer: Timer | null = null
  #state: 'ready' | 'playing' | 'over' = 'ready'

  constructor(parts: PlayerParts) {
    this.#parts = parts
  }

  /** Plays from the first record. Starting it again does nothing. */
  start(): void {
    if (this.#state !== 'ready') return
    this.#state = 'playing'
    this.#dueMs = this.#parts.clock.monotonic()
    this.#play()
  }

  stop(): void {
    this.#state = 'over'
    if (this.#timer !== null) this.#parts.clock.clearTimeout(this.#timer)
    this.#timer = null
  }

  readonly #play = (): void => {
    const { recording, clock, show } = this.#parts
    this.#timer = null
    for (let played = 0; played < sliceRecords; played += 1) {
      if (this.#state !== 'playing') return
      if (this.#place >= recording.length) return this.stop()
      const waitMs = this.#dueMs - clock.monotonic()
      if (waitMs > 0) {
        this.#timer = clock.setTimeout(this.#play, Math.ceil(waitMs))
        return
      }
      show(this.#place)
      this.#place += 1
      this.#dueMs += this.#pauseMs()
    }
    afterLoopTurn(this.#play)
  }

  /** Between the record just played and the next. */
  #pauseMs(): number {
    const { recording, speed } = this.#parts
    if (this.#place >= recording.length) return 0
    const gapMs = recording.timeAt(this.#place) - recording.timeAt(this.#place - 1)
    return Math.min(Math.max(gapMs / speed, 0), longestPauseMs)
  }
}
