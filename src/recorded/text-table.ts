/** Texts, each kept once and known by its number. */
export class TextTable {
  readonly #texts: string[] = []
  readonly #numbers = new Map<string, number>()

  numberOf(text: string): number {
    const known = this.#numbers.get(text)
    if (known !== undefined) return known
    const number = this.#texts.length
    this.#texts.push(text)
    this.#numbers.set(text, number)
    return number
  }

  textOf(number: number): string {
    return this.#texts[number] ?? ''
  }

  /** Whether a text holds `part`, which is in lower case. */
  matches(number: number, part: string): boolean {
    return this.textOf(number).toLowerCase().includes(part)
  }
}
