import type { Lookup } from '../../src/transport/egress/lookup.ts'
import type { Dice } from './dice.ts'

/** A resolver to which every name is this machine; it fails, hangs, dawdles and lies as often as it is told. */
export class FaultyLookup {
  readonly #dice: Dice
  #healed = false

  constructor(dice: Dice) {
    this.#dice = dice
  }

  heal(): void {
    this.#healed = true
  }

  readonly lookup: Lookup = (_hostname, _options, callback) => {
    const answer = (addresses: readonly string[]): void => {
      callback(
        null,
        addresses.map((address) => ({ address })),
      )
    }
    const fault = this.#healed ? 'none' : this.#dice.weighted({ none: 950, fails: 15, hangs: 10, slow: 20, lies: 1 })
    switch (fault) {
      case 'none':
        return answer(['127.0.0.1'])
      case 'fails':
        return callback(new Error('getaddrinfo ENOTFOUND'), [])
      case 'slow':
        setTimeout(() => answer(['127.0.0.1']), this.#dice.between(10, 500))
        return
      case 'lies':
        return answer(['127.0.0.1', '10.0.0.1'])
      case 'hangs':
    }
  }
}
