// Where a text that is no JSON goes wrong. The engine's own messages give a position in some cases only, and show what
// is around it, which is a payload.

/** Where a text stops being JSON; lines and columns are counted from 1. */
export interface JsonFault {
  /** UTF-16 units before the first that cannot stand there; the text's length when it ends too early. */
  readonly position: number
  readonly line: number
  readonly column: number
}

/** @param text what `JSON.parse` has refused */
export function jsonFault(text: string): JsonFault {
  const position = new Scan(text).faultAt()
  const before = text.slice(0, position).split('\n')
  return { position, line: before.length, column: (before.at(-1)?.length ?? 0) + 1 }
}

/** What may come next. The marks that end an object or array are allowed where `orEnd` is. */
type Next = 'value' | 'valueOrEnd' | 'key' | 'keyOrEnd' | 'colon' | 'commaOrEnd' | 'end'

const words: ReadonlyMap<string | undefined, string> = new Map([
  ['t', 'true'],
  ['f', 'false'],
  ['n', 'null'],
])
const hexDigit = /^[\dA-Fa-f]$/
const digit = /^\d$/
const escapable = new Set('"\\/bfnrt')

class Scan {
  readonly #text: string
  readonly #open: ('{' | '[')[] = []
  #at = 0
  #next: Next = 'value'

  constructor(text: string) {
    this.#text = text
  }

  faultAt(): number {
    do this.#skipSpace()
    while (this.#takeToken())
    return this.#at
  }

  get #unit(): string | undefined {
    return this.#text[this.#at]
  }

  #skipSpace(): void {
    while (this.#unit === ' ' || this.#unit === '\n' || this.#unit === '\r' || this.#unit === '\t') this.#at += 1
  }

  /** False when the next token cannot stand here, or there is none; then the scan stands at the fault. */
  #takeToken(): boolean {
    switch (this.#next) {
      case 'value':
        return this.#takeValue()
      case 'valueOrEnd':
        return this.#unit === ']' ? this.#close() : this.#takeValue()
      case 'key':
        return this.#takeString() && this.#expect('colon')
      case 'keyOrEnd':
        return this.#unit === '}' ? this.#close() : this.#takeString() && this.#expect('colon')
      case 'colon':
        return this.#take(':') && this.#expect('value')
      case 'commaOrEnd':
        return this.#takeCommaOrEnd()
      case 'end':
        return false
    }
  }

  #takeCommaOrEnd(): boolean {
    const isObject = this.#open.at(-1) === '{'
    if (this.#unit === (isObject ? '}' : ']')) return this.#close()
    return this.#take(',') && this.#expect(isObject ? 'key' : 'value')
  }

  #takeValue(): boolean {
    const unit = this.#unit
    if (unit === '{' || unit === '[') {
      this.#open.push(unit)
      this.#at += 1
      return this.#expect(unit === '{' ? 'keyOrEnd' : 'valueOrEnd')
    }
    const word = words.get(unit)
    const taken = unit === '"' ? this.#takeString() : word === undefined ? this.#takeNumber() : this.#takeWord(word)
    return taken && this.#expectAfterValue()
  }

  #close(): boolean {
    this.#open.pop()
    this.#at += 1
    return this.#expectAfterValue()
  }

  #expectAfterValue(): boolean {
    return this.#expect(this.#open.length === 0 ? 'end' : 'commaOrEnd')
  }

  #expect(next: Next): true {
    this.#next = next
    return true
  }

  #take(unit: string): boolean {
    if (this.#unit !== unit) return false
    this.#at += 1
    return true
  }

  #takeWord(word: string): boolean {
    for (const unit of word) if (!this.#take(unit)) return false
    return true
  }

  #takeString(): boolean {
    if (!this.#take('"')) return false
    for (let unit = this.#unit; unit !== undefined && unit >= ' '; unit = this.#unit) {
      this.#at += 1
      if (unit === '"') return true
      if (unit === '\\' && !this.#takeEscaped()) return false
    }
    return false
  }

  #takeEscaped(): boolean {
    const unit = this.#unit
    if (unit === undefined || (unit !== 'u' && !escapable.has(unit))) return false
    this.#at += 1
    if (unit !== 'u') return true
    for (let count = 0; count < 4; count += 1) if (!this.#takeOne(hexDigit)) return false
    return true
  }

  #takeNumber(): boolean {
    this.#take('-')
    if (!this.#take('0') && !this.#takeDigits()) return false
    if (this.#take('.') && !this.#takeDigits()) return false
    if (!this.#take('e') && !this.#take('E')) return true
    if (!this.#take('+')) this.#take('-')
    return this.#takeDigits()
  }

  #takeDigits(): boolean {
    if (!this.#takeOne(digit)) return false
    while (this.#takeOne(digit));
    return true
  }

  #takeOne(kind: RegExp): boolean {
    if (this.#unit === undefined || !kind.test(this.#unit)) return false
    this.#at += 1
    return true
  }
}
