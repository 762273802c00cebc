// The demo itself, without a screen: a bad merchant, a service that delivers to it, and what came of it in the end.
import { randomBytes } from 'node:crypto'
import { createWebhookService, replay, type Random, type TransitionLog, type WebhookService } from '../../src/index.ts'
import { startMerchant, type MerchantStats } from '../merchant.ts'
import { paymentEvent } from './payment-event.ts'
import { Scoreboard } from './scoreboard.ts'

export interface DemoOptions {
  shops: number
  eventsPerShop: number
  /** Decides what the merchant does with each request. */
  random: Random
  failRate: number
  hangRate: number
  /** Ends the demo early. */
  signal: AbortSignal
  /** After so long it ends in any case. */
  limitMs: number
}

export interface Demo {
  readonly scoreboard: Scoreboard
  readonly log: TransitionLog
  /** Resolves when every event has settled, when the time is up, or when it was told to end. */
  readonly over: Promise<unknown>
  /** Shuts everything down and says what came of it. */
  stop(): Promise<DemoResult>
}

/** What came of it, as the sender, the receiver and the log say. */
export interface DemoResult {
  readonly submitted: number
  readonly delivered: number
  readonly retries: number
  readonly deadLetters: number
  /** Over all shops. */
  readonly merchant: MerchantStats
  /** How many records the log has. */
  readonly records: number
  /** Why the log does not give back the state of every event; null when it does. */
  readonly replayProblem: string | null
  readonly elapsedMs: number
}

export async function startDemo(options: DemoOptions): Promise<Demo> {
  const startedAt = performance.now()
  const shops = shopNames(options.shops)
  const secrets = Object.fromEntries(shops.map((shop) => [`/${shop}`, newSecret()]))
  const { random, failRate, hangRate, signal, limitMs } = options
  const merchant = await startMerchant({ secrets, random, failRate, hangRate })
  const service = createWebhookService({
    // Hasty, so that a person can watch: where this one waits for a blink, a live service waits for seconds and minutes.
    timeoutMs: 250,
    retry: { maxAttempts: 100, initialDelayMs: 40, maxDelayMs: 250 },
    egress: { privateNetworks: 'allow' }, // the merchant is on this machine
  })
  const scoreboard = new Scoreboard()
  service.log.subscribe((transition) => scoreboard.read(transition))
  const endpoints = Object.entries(secrets).map(([path, secret]) => {
    const shop = path.slice(1)
    const endpointId = service.registerEndpoint(merchant.origin + path, secret, { description: shop })
    scoreboard.add(endpointId, shop)
    return { shop, endpointId }
  })
  for (let number = 1; number <= options.eventsPerShop; number += 1) {
    for (const { shop, endpointId } of endpoints) {
      const { type, payload } = paymentEvent(shop, number)
      service.submitEvent(endpointId, type, payload)
    }
  }

  return {
    scoreboard,
    log: service.log,
    over: Promise.race([service.drain(), aborted(signal), aborted(AbortSignal.timeout(limitMs))]),
    async stop() {
      await service.shutdown({ timeoutMs: 1_000 })
      const stats = Object.values(merchant.stats())
      await merchant.close()
      const { submitted, delivered, retries } = scoreboard.totals()
      return {
        submitted,
        delivered,
        retries,
        deadLetters: service.stats().events.deadLettered,
        merchant: sumOf(stats),
        records: [...service.log.entries()].length,
        replayProblem: replayProblemOf(service),
        elapsedMs: performance.now() - startedAt,
      }
    },
  }
}

function shopNames(count: number): string[] {
  return Array.from({ length: count }, (_, index) => `shop-${String(index + 1).padStart(2, '0')}`)
}

function newSecret(): string {
  return `whsec_${randomBytes(32).toString('base64')}`
}

async function aborted(signal: AbortSignal): Promise<void> {
  if (signal.aborted) return
  await new Promise((resolve) => {
    signal.addEventListener('abort', resolve, { once: true })
  })
}

function sumOf(stats: readonly MerchantStats[]): MerchantStats {
  const sum: MerchantStats = {
    received: 0,
    accepted: 0,
    failed: 0,
    hung: 0,
    duplicates: 0,
    signatureFailures: 0,
    orderViolations: 0,
    maxInFlight: 0,
  }
  for (const shop of stats) {
    sum.received += shop.received
    sum.accepted += shop.accepted
    sum.failed += shop.failed
    sum.hung += shop.hung
    sum.duplicates += shop.duplicates
    sum.signatureFailures += shop.signatureFailures
    sum.orderViolations += shop.orderViolations
    sum.maxInFlight = Math.max(sum.maxInFlight, shop.maxInFlight)
  }
  return sum
}

/** Folds the log from its first record, and compares what comes out with what the service says. */
function replayProblemOf(service: WebhookService): string | null {
  try {
    for (const { eventId, status, attempts } of replay(service.log.entries()).events.values()) {
      const live = service.getEventStatus(eventId)
      if (live.status !== status || live.attempts !== attempts) {
        return `${eventId} is ${live.status} after ${live.attempts} attempts, and ${status} after ${attempts} in the log`
      }
    }
    return null
  } catch (error) {
    return error instanceof Error ? error.message : String(error)
  }
}
