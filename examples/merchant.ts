import { setTimeout as wait } from 'node:timers/promises'
import {
  createReceiver,
  InvalidOptionError,
  type FixedAnswer,
  type Random,
  type ReceivedRequest,
} from '../src/testing/index.ts'

export interface MerchantOptions {
  /** 0 takes a free port. @default 0 */
  port?: number
  /** The secret of each path, which stands for one endpoint: `{ '/shop-1': 'secret' }`. Other paths are answered 404. */
  secrets: Readonly<Record<string, string>>
  /** The share of requests that are answered 500. @default 0.4 */
  failRate?: number
  /** The share of requests that are never answered. @default 0.3 */
  hangRate?: number
  /** Decides each request's fate: from 0 (included) to 1 (excluded). */
  random: Random
  /** How long a hung connection is held before the merchant breaks it. @default until the client does */
  hangMs?: number
}

/** What a merchant saw at one path. */
export interface MerchantStats {
  received: number
  /** Answered 200. */
  accepted: number
  /** Answered 500, or 401 for a wrong signature. */
  failed: number
  /** Never answered. With `hangMs` they are counted when they are over. */
  hung: number
  /** Accepted, but not for the first time. */
  duplicates: number
  signatureFailures: number
  /** Events first accepted after a later one. */
  orderViolations: number
  maxInFlight: number
}

export interface Merchant {
  /** `http://127.0.0.1:40123` */
  readonly origin: string
  /** By path. */
  stats(): Record<string, MerchantStats>
  close(): Promise<void>
}

/** Starts a merchant as bad as they come: most requests fail or hang, and it checks every signature and the order. */
export async function startMerchant(options: MerchantOptions): Promise<Merchant> {
  const { port = 0, failRate = 0.4, hangRate = 0.3, random, hangMs } = options
  requireShares(failRate, hangRate)
  const secrets = new Map(Object.entries(options.secrets))

  function answer(request: ReceivedRequest): FixedAnswer | Promise<FixedAnswer> {
    if (request.signatureValid === null) return 404
    if (!request.signatureValid) return 401
    const fate = random()
    if (fate < failRate) return 500
    if (fate >= failRate + hangRate) return 200
    return hangMs === undefined ? 'hang' : wait(hangMs, 'reset', { ref: false })
  }

  const receiver = await createReceiver({
    port,
    secret: (path) => secrets.get(path),
    default: answer,
    record: false,
  })

  function statsOf(path: string): MerchantStats {
    const { hung, reset, gone, ...counts } = receiver.counts(path)
    return { ...counts, hung: hung + reset + gone }
  }

  return {
    origin: receiver.url,
    stats: () => Object.fromEntries([...secrets.keys()].map((path) => [path, statsOf(path)])),
    close: () => receiver.close(),
  }
}

function requireShares(failRate: number, hangRate: number): void {
  if (failRate >= 0 && hangRate >= 0 && failRate + hangRate <= 1) return
  throw new InvalidOptionError(
    `startMerchant: failRate and hangRate must be 0 or more and at most 1 together, got ${failRate} and ${hangRate}`,
    'failRate',
    failRate,
  )
}
