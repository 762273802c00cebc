import type { ServerResponse } from 'node:http'

/** One who listens to a stream of server-sent events. Never made to wait for: one that does not read is dropped. */
export class StreamClient {
  readonly #response: ServerResponse
  readonly #maxBufferedBytes: number
  readonly #left: (() => void)[] = []

  constructor(response: ServerResponse, maxBufferedBytes: number) {
    this.#response = response
    this.#maxBufferedBytes = maxBufferedBytes
    response.once('close', () => {
      for (const left of this.#left.splice(0)) left()
    })
    // The socket's own trouble ends in 'close'; there is nobody to tell of it.
    response.on('error', () => undefined)
  }

  get open(): boolean {
    return !this.#response.destroyed && !this.#response.writableEnded
  }

  /**
   * Sends one event. False when the client is gone, or was dropped: it had left more unread than is kept for it.
   *
   * @param data one line of text, such as JSON
   */
  send(type: string, data: string): boolean {
    if (!this.open) return false
    this.#response.write(`event: ${type}\ndata: ${data}\n\n`)
    if (this.#response.writableLength <= this.#maxBufferedBytes) return true
    this.drop()
    return false
  }

  /** How much of what was sent it has not taken yet. */
  get unreadBytes(): number {
    return this.#response.writableLength
  }

  /** Calls back once it has taken all that was sent; only after a `send` that left something unread. */
  onRead(callback: () => void): void {
    this.#response.once('drain', callback)
  }

  /** Calls back once, when the client has gone, for whatever reason. */
  onLeft(callback: () => void): void {
    if (this.open) this.#left.push(callback)
    else callback()
  }

  drop(): void {
    this.#response.destroy()
  }
}
