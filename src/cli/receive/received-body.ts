import type { IncomingMessage } from 'node:http'

/** A body, or why there is none: it is too large, too much is being read at once, or its sender left. */
export type ReceivedBody = Buffer | 'tooLarge' | 'busy' | 'gone'

/** How much the receiver reads: of one body, and of all that are being read at once. */
export interface BodyLimits {
  readonly bodyBytes: number
  readonly allBytes: number
}

/** Reads bodies, and never holds more of them than the limits say. */
export class BodyReader {
  readonly #limits: BodyLimits
  #heldBytes = 0

  constructor(limits: BodyLimits) {
    this.#limits = limits
  }

  read(request: IncomingMessage): Promise<ReceivedBody> {
    return new Promise((resolve) => {
      const chunks: Buffer[] = []
      let bytes = 0
      const end = (outcome: ReceivedBody): void => {
        this.#heldBytes -= bytes
        bytes = 0
        request.off('data', take)
        resolve(outcome)
      }
      const take = (chunk: Buffer): void => {
        bytes += chunk.length
        this.#heldBytes += chunk.length
        chunks.push(chunk)
        if (bytes > this.#limits.bodyBytes) end('tooLarge')
        else if (this.#heldBytes > this.#limits.allBytes) end('busy')
      }
      request.on('data', take)
      request.once('end', () => end(Buffer.concat(chunks)))
      request.once('error', () => end('gone'))
      request.once('close', () => end('gone'))
    })
  }
}
