// The texts of payloads, cut out of a request's body as they came: what JSON.parse makes of a number or of a name that stands
// twice is not what was sent. Only for a text that JSON.parse has accepted, which is why nothing here looks for mistakes.

/** One event of a body, as far as its parsed form does not tell of it. */
export interface RawEvent {
  /** The text of its `payload`: from the value's first letter to its last. Null where it has none. */
  readonly payloadText: string | null
  /** A name that stands twice in the event itself (not within its payload); null where none does. */
  readonly repeatedName: string | null
}

const notAnEvent: RawEvent = Object.freeze({ payloadText: null, repeatedName: null })

const quote = 0x22
const comma = 0x2c
const openBracket = 0x5b
const backslash = 0x5c
const closeBracket = 0x5d
const openBrace = 0x7b
const closeBrace = 0x7d

/**
 * The event that a body holds, or each of an array of them, in time linear in its length.
 *
 * @param text what JSON.parse has accepted
 */
export function rawEventsOf(text: string): readonly RawEvent[] {
  const scanner = new BodyScanner(text)
  return scanner.readBody()
}

class BodyScanner {
  readonly #text: string
  #at = 0

  constructor(text: string) {
    this.#text = text
  }

  readBody(): readonly RawEvent[] {
    if (this.#next() !== openBracket) return [this.#readItem()]
    const events: RawEvent[] = []
    this.#at += 1
    while (this.#next() !== closeBracket) {
      events.push(this.#readItem())
      if (this.#next() === comma) this.#at += 1
    }
    return events
  }

  #readItem(): RawEvent {
    if (this.#next() === openBrace) return this.#readEvent()
    this.#skipValue()
    return notAnEvent
  }

  #readEvent(): RawEvent {
    const names = new Set<string>()
    let payloadText: string | null = null
    let repeatedName: string | null = null
    this.#at += 1
    while (this.#next() === quote) {
      const name = this.#readName()
      if (names.has(name)) repeatedName ??= name
      names.add(name)
      this.#next()
      this.#at += 1 // the colon
      this.#next()
      const from = this.#at
      this.#skipValue()
      if (name === 'payload') payloadText = inOnePiece(this.#text.slice(from, this.#at))
      if (this.#next() === comma) this.#at += 1
    }
    this.#at += 1
    return { payloadText, repeatedName }
  }

  /** A name, its escapes read: `"payl\u006fad"` is `payload`. */
  #readName(): string {
    const from = this.#at
    this.#skipString()
    const written = this.#text.slice(from, this.#at)
    // A JSON text that begins with a quote is a string.
    return written.includes('\\') ? (JSON.parse(written) as string) : written.slice(1, -1)
  }

  /** Passes over white space; what comes then, NaN at the end. */
  #next(): number {
    let code = this.#text.charCodeAt(this.#at)
    while (code === 0x20 || code === 0x0a || code === 0x0d || code === 0x09) {
      this.#at += 1
      code = this.#text.charCodeAt(this.#at)
    }
    return code
  }

  /** From the first letter of a value to behind its last, without recursion: a body may be nested as deeply as it is long. */
  #skipValue(): void {
    const text = this.#text
    let depth = 0
    for (let code = text.charCodeAt(this.#at); ; code = text.charCodeAt(this.#at)) {
      if (code === quote) {
        this.#skipString()
        if (depth === 0) return
        continue
      }
      if (code === openBrace || code === openBracket) depth += 1
      else if (code === closeBrace || code === closeBracket) depth -= 1
      else if (depth === 0) {
        this.#skipPlain()
        return
      }
      this.#at += 1
      if (depth === 0) return
    }
  }

  /** From the opening quote to behind the closing one. */
  #skipString(): void {
    const text = this.#text
    let end = text.indexOf('"', this.#at + 1)
    while (isEscaped(text, end)) end = text.indexOf('"', end + 1)
    this.#at = end + 1
  }

  /** A number, true, false or null: it ends where something else begins, or with the text. */
  #skipPlain(): void {
    const text = this.#text
    while (this.#at < text.length && !endsPlain(text.charCodeAt(this.#at))) this.#at += 1
  }
}

/** Each quote looks at the backslashes right before it, which are those of no other. */
function isEscaped(text: string, at: number): boolean {
  let before = at
  while (text.charCodeAt(before - 1) === backslash) before -= 1
  return (at - before) % 2 === 1
}

function endsPlain(code: number): boolean {
  return code <= 0x20 || code === comma || code === closeBrace || code === closeBracket
}

/** A slice keeps the text it was cut from in memory: one event that waits would keep the whole batch it came in. */
function inOnePiece(slice: string): string {
  return Buffer.from(slice).toString()
}
