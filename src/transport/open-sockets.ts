import type { Socket } from 'node:net'

/** Counts the transport's sockets, from their making to their close, so that `close` can promise that none is left. */
export class OpenSockets {
  private open = 0
  private readonly waiting: (() => void)[] = []

  get count(): number {
    return this.open
  }

  add(socket: Socket): void {
    this.open++
    socket.once('close', this.closed)
  }

  /** Resolves when no socket is open. */
  none(): Promise<void> {
    if (this.open === 0) return Promise.resolve()
    return new Promise((resolve) => this.waiting.push(resolve))
  }

  private readonly closed = (): void => {
    this.open--
    if (this.open === 0) for (const resolve of this.waiting.splice(0)) resolve()
  }
}
