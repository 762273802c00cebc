import { LogFormatError } from '../errors/errors.ts'

/** No line may be longer: what has no line ends is no log, and must not fill the memory. */
const longestLineBytes = 256 * 1024 * 1024

const lineEnd = 0x0a
const byteOrderMark = Buffer.from([0xef, 0xbb, 0xbf])

/** Hears each line, its number from 1, and where in the file its bytes stand. Says whether to go on. */
export type LineListener = (text: string, line: number, offset: number, length: number) => boolean

/** Cuts the bytes of a file into lines, in whatever pieces they come. What the listener throws goes to the caller. */
export class LineSplitter {
  readonly #listener: LineListener
  readonly #longestBytes: number
  /** Of the line that has not ended yet. */
  #pieces: Buffer[] = []
  #pieceBytes = 0
  #offset = 0
  #line = 1

  constructor(listener: LineListener, longestBytes = longestLineBytes) {
    this.#listener = listener
    this.#longestBytes = longestBytes
  }

  /** Returns whether the listener wants to go on. @throws LogFormatError for a line that is too long */
  push(chunk: Buffer): boolean {
    let start = 0
    for (let end = chunk.indexOf(lineEnd); end !== -1; end = chunk.indexOf(lineEnd, start)) {
      if (!this.#endLine(chunk, start, end)) return false
      start = end + 1
    }
    if (start < chunk.length) this.#keep(chunk.subarray(start))
    return true
  }

  /** The last line, if it has no end: its text, and its number. */
  rest(): { readonly text: string; readonly line: number; readonly offset: number; readonly length: number } {
    const bytes = Buffer.concat(this.#pieces)
    const start = this.#offset === 0 ? markLength(bytes) : 0
    const text = bytes.toString('utf8', start)
    return { text, line: this.#line, offset: this.#offset + start, length: bytes.length - start }
  }

  #endLine(chunk: Buffer, start: number, end: number): boolean {
    if (this.#pieceBytes === 0) return this.#tell(chunk, start, end)
    this.#keep(chunk.subarray(start, end))
    const bytes = Buffer.concat(this.#pieces)
    this.#pieces = []
    this.#pieceBytes = 0
    return this.#tell(bytes, 0, bytes.length)
  }

  #tell(bytes: Buffer, start: number, end: number): boolean {
    const skipped = this.#offset === 0 ? markLength(bytes) : 0
    const text = bytes.toString('utf8', start + skipped, end)
    const goesOn = this.#listener(text, this.#line, this.#offset + skipped, end - start - skipped)
    this.#offset += end - start + 1
    this.#line += 1
    return goesOn
  }

  /** Copied: the chunk's bytes are another's as soon as the next is read. */
  #keep(piece: Buffer): void {
    this.#pieceBytes += piece.length
    if (this.#pieceBytes > this.#longestBytes) {
      const message = `line ${this.#line} of the log is longer than ${this.#longestBytes} bytes; no record is`
      throw new LogFormatError(message, this.#line)
    }
    this.#pieces.push(Buffer.from(piece))
  }
}

function markLength(bytes: Buffer): number {
  return bytes.subarray(0, byteOrderMark.length).equals(byteOrderMark) ? byteOrderMark.length : 0
}
