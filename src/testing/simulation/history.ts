// Everything that happened in a run, in one order: what was logged, what left, what arrived, what the application asked
// for. The rules judge by this and by nothing else; they never ask the service.
import type { RestingDelivery } from '../../../machines/sequencer.ts'
import type { EventSubmitted, LogRecord, Transition } from '../../log/transition.ts'
import type { FoldedEndpoint } from '../../replay/fold-endpoint.ts'
import type { EndpointSettings } from '../../endpoint/endpoint-options.ts'
import type { RateLimit } from '../../endpoint/rate-limit.ts'
import type { RetryPolicy } from '../../retry/retry-policy.ts'
import type { TransportResult } from '../../transport/transport.ts'
import type { FaultKind } from './fault-rates.ts'
import type { SimulatedEndpoint } from './simulated-endpoint.ts'

/** What a rule found. */
export interface Finding {
  readonly message: string
  readonly seq?: number
  readonly eventId?: string
}

export interface Violation extends Finding {
  readonly rule: string
}

/** A record as it was when it was appended. */
export interface LoggedRecord {
  readonly record: LogRecord
  /** Its JSON then. */
  readonly text: string
  readonly tick: number
  readonly elapsedMs: number
  readonly wallMs: number
  readonly life: number
  /** Whether it survives a crash, as the log has said. */
  durable: boolean
}

/** An event as its records tell of it, evicted or not. */
export interface EventHistory {
  readonly eventId: string
  readonly endpoint: SimulatedEndpoint
  readonly submitted: Transition & { readonly event: EventSubmitted }
  readonly laneKey: string
  readonly bodyBytes: number
  readonly records: LoggedRecord[]
  readonly requests: RequestHistory[]
  state: RestingDelivery
  /** When retention removed it; null while it is kept. */
  evictedTick: number | null
}

/** One request, from the service's hands to the endpoint and back. */
export interface RequestHistory {
  readonly number: number
  readonly life: number
  readonly endpoint: SimulatedEndpoint
  /** As its headers say. */
  readonly eventId: string
  readonly attempt: number
  readonly headers: readonly string[]
  readonly body: string
  /** When its start was logged: what limits what may start counts from then. */
  readonly startedTick: number
  readonly startedMs: number
  readonly sentTick: number
  readonly sentMs: number
  readonly sentWallMs: number
  readonly timeoutMs: number
  /** The texts of the secrets that may sign, the current one first. */
  readonly secrets: readonly string[]
  /** What of the event was in the log, and durable, when the request left; null: nothing. */
  readonly logged: RestingDelivery | null
  /** How many requests of the service, and of the endpoint, were in flight, this one included. */
  readonly openInService: number
  readonly openAtEndpoint: number
  readonly concurrency: number
  /** The endpoint's, and how often it had been set anew. */
  readonly rateLimit: RateLimit | null
  readonly rateLimitVersion: number
  /** When it came to the endpoint; null: it has not. */
  arrivedTick: number | null
  /** What the endpoint answered, whether or not that came back. */
  status: number | null
  /** The first result that was reported to the service; null: none, for good if the process died. */
  result: TransportResult | null
  resultTick: number | null
  resultMs: number
  /** How long `Retry-After` asked to wait, seen from the moment of the result. */
  askedMs: number | null
  /** The policy, and the endpoint's settings, in force at the result. */
  policy: RetryPolicy | null
  settings: EndpointSettings | null
}

/** One call of `submitEvent` or `publishEvent`. */
export interface SubmissionHistory {
  readonly call: 'submitEvent' | 'publishEvent'
  readonly startTick: number
  endTick: number
  readonly life: number
  /** To whom: one, or all that are subscribed. */
  readonly endpoints: readonly SimulatedEndpoint[]
  /** Those of them that take new events. */
  readonly enabled: readonly SimulatedEndpoint[]
  readonly eventType: string
  readonly payloadText: string
  readonly orderingKey: string | null
  readonly idempotencyKey: string | null
  /** `unknown`: the process died in the call, or before what it submitted was durable. */
  outcome: 'acknowledged' | 'refused' | 'unknown'
  /** The refusal's code, or the name of what was thrown. */
  refusal: string | null
  eventIds: readonly string[]
}

/** Any other call that changes something. */
export interface CallHistory {
  readonly call: string
  readonly startTick: number
  endTick: number
  readonly endpoint: SimulatedEndpoint
  readonly eventId: string | null
  outcome: 'done' | 'refused' | 'unknown'
  refusal: string | null
}

export interface LifeHistory {
  readonly number: number
  readonly bornTick: number
  /** Virtual time; null while it lives. */
  diedMs: number | null
}

export class History {
  readonly records: LoggedRecord[] = []
  readonly events = new Map<string, EventHistory>()
  readonly folded = new Map<string, FoldedEndpoint>()
  readonly requests: RequestHistory[] = []
  readonly submissions: SubmissionHistory[] = []
  readonly calls: CallHistory[] = []
  readonly lives: LifeHistory[] = []
  readonly faults: Record<FaultKind, number>
  /** What was found while the run went on. */
  readonly violations: Violation[] = []
  #tick = 0

  constructor(faults: Record<FaultKind, number>) {
    this.faults = faults
  }

  /** The next moment. No two things happen at the same one. */
  nextTick(): number {
    return (this.#tick += 1)
  }

  get life(): number {
    return this.lives.length
  }

  found(rule: string, finding: Finding): void {
    this.violations.push({ rule, ...finding })
  }
}
