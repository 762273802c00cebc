import { isIPv6 } from 'node:net'
import type { Clock } from '../../clock/clock.ts'
import { TokenBucket } from '../../endpoint/token-bucket.ts'

/** How many wrong keys are answered as such. */
export interface FailureLimits {
  /** From one address, at once or within a minute. @default 50 */
  readonly perAddress: number
  /** From all addresses together. @default 1_000 */
  readonly overall: number
}

export const defaultFailureLimits: FailureLimits = { perAddress: 50, overall: 1000 }

const mostAddresses = 10_000
const perMinute = (count: number): { perSecond: number; burst: number } => ({ perSecond: count / 60, burst: count })

/**
 * Counts wrong keys by the address they come from, and all together. Memory is bounded: of more than 10,000 addresses the one
 * that failed longest ago is forgotten; those who change their address are held by the overall limit.
 */
export class FailureLimit {
  readonly #clock: Clock
  readonly #limits: FailureLimits
  readonly #overall: TokenBucket
  /** In the order of their last failure. */
  readonly #byAddress = new Map<string, TokenBucket>()

  constructor(clock: Clock, limits: FailureLimits = defaultFailureLimits) {
    this.#clock = clock
    this.#limits = limits
    this.#overall = new TokenBucket(perMinute(limits.overall), clock)
  }

  /** How many addresses it remembers. */
  get addresses(): number {
    return this.#byAddress.size
  }

  /**
   * Counts a failure.
   *
   * @returns 0 when it is within the limits; else how long until one would be
   */
  count(address: string): number {
    const bucket = this.#take(network(address))
    if (!bucket.take()) return bucket.waitMs
    return this.#overall.take() ? 0 : this.#overall.waitMs
  }

  #take(from: string): TokenBucket {
    const bucket = this.#byAddress.get(from) ?? new TokenBucket(perMinute(this.#limits.perAddress), this.#clock)
    this.#byAddress.delete(from)
    this.#byAddress.set(from, bucket)
    if (this.#byAddress.size > mostAddresses) {
      for (const oldest of this.#byAddress.keys()) {
        this.#byAddress.delete(oldest)
        break
      }
    }
    return bucket
  }
}

/** Who is counted as one: an address of IPv4; of IPv6 its first 64 bits, for whoever has one has them all. */
function network(address: string): string {
  const plain = address.startsWith('::ffff:') && address.includes('.') ? address.slice('::ffff:'.length) : address
  if (!isIPv6(plain)) return plain
  const [head = '', tail] = (plain.split('%', 1)[0] ?? '').split('::')
  const first = head === '' ? [] : head.split(':')
  if (tail !== undefined) while (first.length < 4) first.push('0')
  return first.slice(0, 4).join(':')
}
