// A text that someone else wrote, with what must not be shown of it covered up. All covers are found in the text as it
// came: a mark that stands for one piece can neither hide nor make another, whatever the pieces are.
import { shortestHidden } from './confidential-text.ts'

/** What stands for a piece that is not shown. */
const mark = '[redacted]'

export class CoveredText {
  readonly #text: string
  /** For each place, where the longest piece that begins there ends; 0 where none does. Null while there is none at all. */
  #ends: Uint32Array | null = null

  constructor(text: string) {
    this.#text = text
  }

  /** Covers each of `writings` wherever it stands, and a first piece of one at the end, where the text may have been cut. */
  cover(writings: readonly string[]): void {
    for (const writing of writings) {
      const first = this.#text.indexOf(writing.slice(0, shortestHidden))
      if (first !== -1) this.#coverFrom(first, writing)
    }
  }

  /** The text, with a mark for each stretch that is covered. */
  get shown(): string {
    const text = this.#text
    if (this.#ends === null) return text
    let shown = ''
    let end = 0
    for (const [place, pieceEnd] of this.#ends.entries()) {
      if (pieceEnd === 0) continue
      if (place >= end) shown += text.slice(end, place) + mark
      end = Math.max(end, pieceEnd)
    }
    return shown + text.slice(end)
  }

  /**
   * Knuth, Morris and Pratt's search: reads the text once, whatever is in it. Any other would give an endpoint that
   * knows what is looked for, and answers with almost that, many milliseconds of this process for each answer.
   */
  #coverFrom(first: number, writing: string): void {
    const text = this.#text
    const borders = bordersOf(writing, text.length - first)
    let matched = 0
    for (let place = first; place < text.length; place += 1) {
      while (matched > 0 && writing[matched] !== text[place]) matched = borders[matched - 1] ?? 0
      if (writing[matched] === text[place]) matched += 1
      if (matched < writing.length) continue
      this.#coverPiece(place + 1 - matched, place + 1)
      matched = borders[matched - 1] ?? 0
    }
    if (matched >= shortestHidden) this.#coverPiece(text.length - matched, text.length)
  }

  #coverPiece(start: number, end: number): void {
    this.#ends ??= new Uint32Array(this.#text.length)
    this.#ends[start] = Math.max(this.#ends[start] ?? 0, end)
  }
}

/** For each beginning of `writing`, up to `most` long: the length of its longest proper beginning that it ends with. */
function bordersOf(writing: string, most: number): Uint32Array {
  const borders = new Uint32Array(Math.min(writing.length, most))
  let length = 0
  for (let place = 1; place < borders.length; place += 1) {
    while (length > 0 && writing[length] !== writing[place]) length = borders[length - 1] ?? 0
    if (writing[length] === writing[place]) length += 1
    borders[place] = length
  }
  return borders
}
