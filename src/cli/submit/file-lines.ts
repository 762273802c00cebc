import { createReadStream } from 'node:fs'
import { stdin } from 'node:process'
import { addAbortSignal } from 'node:stream'

/** A line of a file: its number from 1, and its bytes without the end; null when there are too many. */
export interface FileLine {
  readonly number: number
  readonly bytes: Buffer | null
}

const chunkBytes = 256 * 1024
const lineEnd = 0x0a
const byteOrderMark = Buffer.from([0xef, 0xbb, 0xbf])

/** What is to be read: a file, or the standard input when it is `-`. An abort ends it with an `AbortError`. */
export function openLines(file: string, signal: AbortSignal): AsyncIterable<Buffer> {
  if (file !== '-') return createReadStream(file, { highWaterMark: chunkBytes, signal }) as AsyncIterable<Buffer>
  // Nobody gave it an encoding, so it gives bytes.
  return addAbortSignal(signal, stdin) as AsyncIterable<Buffer>
}

/** Cuts what comes into lines. Gives together those that came together, so that nobody waits for what is not there yet. */
export async function* readLines(chunks: AsyncIterable<Buffer>, longestBytes: number): AsyncIterable<FileLine[]> {
  const rest = new UnendedLine(longestBytes)
  let number = 1
  for await (const chunk of chunks) {
    const lines: FileLine[] = []
    let start = 0
    for (let end = chunk.indexOf(lineEnd); end !== -1; end = chunk.indexOf(lineEnd, start)) {
      rest.add(chunk.subarray(start, end))
      lines.push({ number, bytes: withoutMark(rest.take(), number) })
      number += 1
      start = end + 1
    }
    rest.add(chunk.subarray(start))
    if (lines.length > 0) yield lines
  }
  if (!rest.empty) yield [{ number, bytes: withoutMark(rest.take(), number) }]
}

/** What has come of a line. Of one that is too long nothing is kept. */
class UnendedLine {
  readonly #longestBytes: number
  #pieces: Buffer[] = []
  #bytes = 0

  constructor(longestBytes: number) {
    this.#longestBytes = longestBytes
  }

  get empty(): boolean {
    return this.#bytes === 0
  }

  add(piece: Buffer): void {
    if (piece.length === 0) return
    this.#bytes += piece.length
    if (this.#bytes > this.#longestBytes) this.#pieces = []
    else this.#pieces.push(piece)
  }

  take(): Buffer | null {
    const bytes = this.#bytes > this.#longestBytes ? null : Buffer.concat(this.#pieces)
    this.#pieces = []
    this.#bytes = 0
    return bytes
  }
}

function withoutMark(bytes: Buffer | null, number: number): Buffer | null {
  if (bytes === null || number !== 1) return bytes
  const marked = bytes.subarray(0, byteOrderMark.length).equals(byteOrderMark)
  return marked ? bytes.subarray(byteOrderMark.length) : bytes
}
