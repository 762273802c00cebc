import type { Transport, WebhookService } from '../../src/index.ts'
import type { Residents } from './residents.ts'
import { partsOf } from './transport-parts.ts'
import type { Gauge, HeapReading } from './rules/bounds.ts'

/** What the service was given to keep to. */
export interface WatchedLimits {
  readonly concurrency: number
  readonly liveLanes: number
  readonly pendingEvents: number
  readonly settledEvents: number
  readonly deadLetters: number
}

const lookEveryMs = 50
const weighEveryMs = 1000

/** Looks again and again at how much a running service holds. */
export class Watch {
  readonly heap: HeapReading[] = []
  readonly gauges: Record<string, Gauge> = {}
  readonly #service: WebhookService
  readonly #transport: Transport
  readonly #residents: Residents
  readonly #limits: WatchedLimits
  readonly #timer: NodeJS.Timeout
  #weighedAtMs = 0

  constructor(service: WebhookService, transport: Transport, residents: Residents, limits: WatchedLimits) {
    this.#service = service
    this.#transport = transport
    this.#residents = residents
    this.#limits = limits
    this.#timer = setInterval(() => this.#look(), lookEveryMs)
  }

  stop(): void {
    clearInterval(this.#timer)
  }

  #look(): void {
    const { events, inFlight, liveLanes, endpoints, waitingEndpoints } = this.#service.stats()
    const { concurrency, pendingEvents, settledEvents, deadLetters } = this.#limits
    const { sockets, idle, bodies } = partsOf(this.#transport)
    this.#see('requests in flight', inFlight, concurrency)
    // Those with a request in flight are put to rest only later.
    this.#see('live lanes', liveLanes, this.#limits.liveLanes + concurrency)
    this.#see('events pending', events.pending + events.delivering + events.backoff, pendingEvents)
    this.#see('settled events', events.delivered + events.failed, settledEvents)
    // One more may hold each line.
    this.#see('dead letters', events.deadLettered, deadLetters + 4 * endpoints)
    this.#see('endpoints', endpoints, this.#residents.size)
    this.#see('waiting endpoints', waitingEndpoints, endpoints)
    // Each endpoint's own, and those of requests to URLs that endpoints have left.
    this.#see('sockets', sockets, this.#residents.concurrency + concurrency)
    this.#see('idle connections', idle, this.#residents.concurrency)
    this.#see('open bodies', bodies, this.#residents.concurrency + concurrency)
    const nowMs = performance.now()
    if (nowMs - this.#weighedAtMs >= weighEveryMs) this.#weigh(nowMs)
  }

  #weigh(nowMs: number): void {
    this.#weighedAtMs = nowMs
    globalThis.gc?.()
    const { heapUsed, rss } = process.memoryUsage()
    this.heap.push({ atMs: nowMs, heapBytes: heapUsed, rssBytes: rss })
  }

  #see(name: string, count: number, limit: number): void {
    const before = this.gauges[name]
    // The sight that came nearest to its limit, or went furthest beyond.
    if (before === undefined || count - limit > before.most - before.limit) this.gauges[name] = { most: count, limit }
  }
}
