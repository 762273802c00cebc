// The network and the endpoints behind it. A request travels, may get lost on either way, and what the endpoint answers is
// decided when it arrives. Everything is entered in the history.
import type { AnswerReceiver, InFlightRequest, OutgoingRequest, Transport } from '../../transport/transport.ts'
import type { FaultRates } from './fault-rates.ts'
import type { History, RequestHistory } from './history.ts'
import type { ProcessLife } from './process-life.ts'
import type { SeededSource } from './seeded-source.ts'
import type { SimulatedClock } from './simulated-clock.ts'
import type { SimulatedEndpoint } from './simulated-endpoint.ts'
import { SimulatedExchange } from './simulated-exchange.ts'

export interface NetworkParts {
  readonly clock: SimulatedClock
  readonly history: History
  readonly source: SeededSource
  readonly faults: FaultRates
  readonly endpoints: readonly SimulatedEndpoint[]
  /** May kill the process; the request is on its way. */
  readonly afterSend: () => void
}

export class SimulatedNetwork {
  readonly parts: NetworkParts
  readonly #open = new Map<SimulatedEndpoint, number>()
  /** From then on endpoints answer 200 in good time, and nothing is lost. */
  healed = false

  constructor(parts: NetworkParts) {
    this.parts = parts
  }

  /** The network as one life of the process has it. */
  transportOf(life: ProcessLife): Transport {
    life.atDeath(() => this.#open.clear())
    return {
      send: (request, receiver) => this.#send(life, request, receiver),
      release: () => undefined,
      close: () => Promise.resolve(),
    }
  }

  /** A result was reported, so the request is in flight no more. */
  ended(endpoint: SimulatedEndpoint): void {
    this.#open.set(endpoint, (this.#open.get(endpoint) ?? 0) - 1)
  }

  #send(life: ProcessLife, request: OutgoingRequest, receiver: AnswerReceiver): InFlightRequest {
    const { endpoints, history } = this.parts
    const endpoint = endpoints.find(({ index }) => isOrigin(request.origin, index))
    if (!life.alive || endpoint === undefined) return { abort: () => undefined }
    const seen = this.#enter(endpoint, request)
    const exchange = new SimulatedExchange(this, life, seen, receiver)
    exchange.begin()
    history.events.get(seen.eventId)?.requests.push(seen)
    this.parts.afterSend()
    return exchange
  }

  #enter(endpoint: SimulatedEndpoint, { origin, headers, body }: OutgoingRequest): RequestHistory {
    const { clock, history } = this.parts
    const openAtEndpoint = (this.#open.get(endpoint) ?? 0) + 1
    this.#open.set(endpoint, openAtEndpoint)
    let openInService = 0
    for (const open of this.#open.values()) openInService += open
    const eventId = valueOf(headers, 'X-Event-Id')
    const start = history.events.get(eventId)?.records.at(-1)
    if (origin !== new URL(endpoint.url).origin) {
      const message = `a request for ${endpoint.url} went to ${origin}`
      history.found('requests go where the endpoint is', { message, eventId })
    }
    const seen: RequestHistory = {
      number: history.requests.length + 1,
      life: history.life,
      endpoint,
      eventId,
      attempt: Number(valueOf(headers, 'X-Event-Attempt')),
      headers,
      body,
      startedTick: start?.tick ?? 0,
      startedMs: start?.elapsedMs ?? clock.elapsedMs,
      sentTick: history.nextTick(),
      sentMs: clock.elapsedMs,
      sentWallMs: clock.wallMs,
      timeoutMs: endpoint.timeoutMs,
      secrets: endpoint.secrets.filter(({ untilWallMs }) => untilWallMs > clock.wallMs).map(({ text }) => text),
      logged: start?.durable === true ? (history.events.get(eventId)?.state ?? null) : null,
      openInService,
      openAtEndpoint,
      concurrency: endpoint.settings.concurrency,
      rateLimit: endpoint.settings.rateLimit,
      rateLimitVersion: endpoint.rateLimitVersion,
      arrivedTick: null,
      status: null,
      result: null,
      resultTick: null,
      resultMs: 0,
      askedMs: null,
      policy: null,
      settings: null,
    }
    history.requests.push(seen)
    return seen
  }
}

/** An endpoint that moved keeps its index in the name of its host. */
function isOrigin(origin: string, index: number): boolean {
  return origin === `https://endpoint-${index}.example` || origin.endsWith(`-of-endpoint-${index}.example`)
}

function valueOf(headers: readonly string[], name: string): string {
  for (let index = 0; index < headers.length; index += 2) if (headers[index] === name) return headers[index + 1] ?? ''
  return ''
}
