const twoToThe32 = 2 ** 32
/** The 99th percentile of the standard normal distribution. */
const normalP99 = 2.326347874

/**
 * Chance that repeats itself. Streams drawn from one seed under different names know nothing of each other, so a draw
 * added in one place moves no draw elsewhere. Mulberry32, by T. Ettinger.
 */
export class SeededSource {
  readonly #seed: number
  readonly #name: string
  #state: number

  /** @param seed a whole number from 0 to `Number.MAX_SAFE_INTEGER` */
  constructor(seed: number, name = '') {
    this.#seed = seed
    this.#name = name
    this.#state = hashOf(`${seed}/${name}`)
  }

  /** Another stream of the same seed. */
  stream(name: string | number): SeededSource {
    return new SeededSource(this.#seed, `${this.#name}/${name}`)
  }

  /** From 0 up to, and not with, 1. */
  readonly next = (): number => {
    this.#state = (this.#state + 0x6d2b79f5) >>> 0
    let mixed = Math.imul(this.#state ^ (this.#state >>> 15), this.#state | 1)
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61)
    return ((mixed ^ (mixed >>> 14)) >>> 0) / twoToThe32
  }

  /** Whether something of this probability happens. */
  chance(probability: number): boolean {
    return this.next() < probability
  }

  /** A whole number, both ends included. */
  whole(min: number, max: number): number {
    return min + Math.floor(this.next() * (max - min + 1))
  }

  oneOf<T>(choices: readonly [T, ...T[]]): T {
    return choices[Math.floor(this.next() * choices.length)] ?? choices[0]
  }

  /** One of `choices`; undefined when there are none. */
  anyOf<T>(choices: readonly T[]): T | undefined {
    return choices[Math.floor(this.next() * choices.length)]
  }

  /** Log-normally distributed, with this median and this 99th percentile. Always two draws (Box and Muller). */
  logNormal(p50: number, p99: number): number {
    const radius = Math.sqrt(-2 * Math.log(1 - this.next()))
    const normal = radius * Math.cos(2 * Math.PI * this.next())
    return p50 === 0 ? 0 : p50 * Math.exp((normal * Math.log(p99 / p50)) / normalP99)
  }
}

/** FNV-1a of the text's UTF-16 units, mixed once more: names that differ little must not make streams that do. */
function hashOf(text: string): number {
  let hash = 0x811c9dc5
  for (let index = 0; index < text.length; index += 1) hash = Math.imul(hash ^ text.charCodeAt(index), 0x01000193)
  hash = Math.imul(hash ^ (hash >>> 16), 0x85ebca6b)
  hash = Math.imul(hash ^ (hash >>> 13), 0xc2b2ae35)
  return (hash ^ (hash >>> 16)) >>> 0
}
