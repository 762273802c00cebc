type Values = Float64Array | Uint32Array | Int32Array | Uint8Array

/** A growing list of numbers in as little memory as their kind takes. */
export class Column<T extends Values> {
  readonly #make: (length: number) => T
  #values: T
  #length = 0

  constructor(make: (length: number) => T) {
    this.#make = make
    this.#values = make(1024)
  }

  get length(): number {
    return this.#length
  }

  /** NaN beyond the end. */
  at(index: number): number {
    return this.#values[index] ?? NaN
  }

  push(value: number): void {
    if (this.#length === this.#values.length) this.#grow()
    this.#values[this.#length] = value
    this.#length += 1
  }

  set(index: number, value: number): void {
    this.#values[index] = value
  }

  /** Of a column whose values never fall: the index of the last that is at most `value`; -1 when there is none. */
  lastAtMost(value: number): number {
    let low = 0
    let high = this.#length
    while (low < high) {
      const middle = (low + high) >>> 1
      if (this.at(middle) <= value) low = middle + 1
      else high = middle
    }
    return low - 1
  }

  #grow(): void {
    const grown = this.#make(Math.ceil(this.#length * 1.5))
    grown.set(this.#values)
    this.#values = grown
  }
}

export const wholeNumbers = (): Column<Int32Array> => new Column((length) => new Int32Array(length))
export const bigNumbers = (): Column<Float64Array> => new Column((length) => new Float64Array(length))
export const codes = (): Column<Uint8Array> => new Column((length) => new Uint8Array(length))
