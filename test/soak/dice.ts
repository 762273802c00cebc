import { createHash } from 'node:crypto'
import { seededRandom } from '../../examples/demo/seeded-random.ts'

/** Draws that repeat themselves: the same seed and names give the same ones, in whatever process they are made. */
export class Dice {
  readonly #random: () => number

  constructor(seed: number, ...names: readonly (string | number)[]) {
    const digest = createHash('sha256')
      .update([seed, ...names].join(' '))
      .digest()
    this.#random = seededRandom(digest.readUInt32LE(0))
  }

  /** Whether something of this probability happens. */
  chance(probability: number): boolean {
    return this.#random() < probability
  }

  /** From `min` up to, and not with, `max`. */
  between(min: number, max: number): number {
    return min + this.#random() * (max - min)
  }

  whole(min: number, max: number): number {
    return Math.floor(this.between(min, max + 1))
  }

  oneOf<T>(choices: readonly [T, ...T[]]): T {
    return choices[Math.floor(this.#random() * choices.length)] ?? choices[0]
  }

  /** One of `choices`, undefined when there are none. */
  anyOf<T>(choices: readonly T[]): T | undefined {
    return choices[Math.floor(this.#random() * choices.length)]
  }

  /** A key of `weights`, as often as it weighs. */
  weighted<Key extends string>(weights: Readonly<Partial<Record<Key, number>>>): Key {
    // The keys of a record are what its type says; Object.entries only does not know.
    const entries = Object.entries(weights) as [Key, number][]
    let left = this.#random() * entries.reduce((sum, [, weight]) => sum + weight, 0)
    for (const [key, weight] of entries) if ((left -= weight) < 0) return key
    return entries[0]![0]
  }
}
