import type { ServerResponse } from 'node:http'
import { isWanted } from './stream-filter.ts'
import type { StreamFilter } from './stream-filter.ts'
import type { StreamMessage } from './stream-message.ts'

/**
 * Why a stream ends: its client reads too slowly, the server closes, it has been open for long enough, its client's key lets in
 * no more, or what the client has missed cannot be read just now.
 */
export type StreamEnd = 'slow' | 'closing' | 'age' | 'key' | 'unreadable'

export interface StreamClientOptions {
  readonly filter: StreamFilter
  /** Whether its key would let it in now. */
  readonly isLetIn: () => boolean
  /** What it may leave unread before it is dropped. */
  readonly bufferedBytes: number
  readonly openedAtMs: number
  /** Called once, when it has gone or its answer has ended. */
  readonly onLeft: () => void
  /** Called once, when it is dropped. */
  readonly onDropped: () => void
}

/** One who listens to a stream of server-sent events. Nobody waits for it: one that does not read on is dropped. */
export class StreamClient {
  readonly filter: StreamFilter
  readonly isLetIn: () => boolean
  readonly openedAtMs: number
  /** The last step it was shown, or could have been shown had it wanted it. */
  lastSeq = 0
  /** Whether it hears of steps as they are recorded; while it is still read to from the log, it does not. */
  live = false
  /** Set at a heartbeat after its end: at the next one it is cut off. */
  overdue = false
  readonly #response: ServerResponse
  readonly #bufferedBytes: number
  readonly #onDropped: () => void
  /** Heartbeats since it was found to have much unread and has not read it; null while it keeps up. */
  #stalledBeats: number | null = null

  constructor(response: ServerResponse, options: StreamClientOptions) {
    const { filter, isLetIn, bufferedBytes, openedAtMs, onLeft, onDropped } = options
    this.filter = filter
    this.isLetIn = isLetIn
    this.openedAtMs = openedAtMs
    this.#response = response
    this.#bufferedBytes = bufferedBytes
    this.#onDropped = onDropped
    response.once('close', onLeft)
    // Its own trouble ends in 'close'; there is nobody to tell of it.
    response.on('error', () => undefined)
  }

  get open(): boolean {
    return !this.#response.destroyed && !this.#response.writableEnded
  }

  /** Whether it has left half of what it may unread. */
  get lagging(): boolean {
    return this.#response.writableLength > this.#bufferedBytes / 2
  }

  /** False when it was dropped, or is gone. */
  offer(message: StreamMessage): boolean {
    if (message.step.seq <= this.lastSeq) return this.open
    this.lastSeq = message.step.seq
    return isWanted(this.filter, message) ? this.write(message.text) : this.open
  }

  /** Sends text that is already in the form of server-sent events. False when it was dropped, or is gone. */
  write(text: string): boolean {
    if (!this.open) return false
    this.#response.write(text)
    if (this.#response.writableLength <= this.#bufferedBytes) return true
    this.#drop()
    return false
  }

  /** Calls back once it has read all it was sent. Only for one that lags. */
  onRead(callback: () => void): void {
    this.#stalledBeats = 0
    this.#response.once('drain', () => {
      this.#stalledBeats = null
      callback()
    })
  }

  /** Finds out whether it is still there, and drops it when it has read too little since the last time but one. */
  beat(): void {
    if (this.#stalledBeats === null) this.write(': \n\n')
    else if (this.#stalledBeats > 0) this.#drop()
    else this.#stalledBeats += 1
  }

  end(reason: StreamEnd): void {
    if (this.open) this.#response.end(`event: end\ndata: ${JSON.stringify({ reason })}\n\n`)
  }

  /** Cuts it off, with whatever it has left unread. */
  destroy(): void {
    this.#response.destroy()
  }

  #drop(): void {
    this.end('slow')
    this.#onDropped()
  }
}
