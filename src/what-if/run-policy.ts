// A recording run again: the real service, its time virtual and its endpoints as they were recorded.
import { Scheduler } from '../clock/scheduler.ts'
import { EndpointDisabledError } from '../errors/errors.ts'
import { createWebhookService } from '../service.ts'
import { SeededSource } from '../testing/simulation/seeded-source.ts'
import { eventLoopTurns } from '../testing/event-loop-turns.ts'
import type { WebhookService } from '../webhook-service.ts'
import { acceptsAtOnce } from './endpoint-history.ts'
import type { Observation } from './endpoint-history.ts'
import type { Policy } from './policy.ts'
import { RecordedNetwork } from './recorded-network.ts'
import type { Happening, Recording } from './recording.ts'
import { RunClock } from './run-clock.ts'
import { Tally } from './tally.ts'

const turnsBetweenTellings = 1000
const longestAgeMs = 315_360_000_000
const secret = 'what nobody receives needs no secret'

/** What came of a run. */
export interface RunResult {
  readonly tally: Tally
  /** Submissions to an endpoint that the policy had disabled by then. */
  readonly refused: number
}

/**
 * Runs a recording under a policy until nothing moves any more. The same recording, policy and seed give the same result.
 *
 * @param onProgress hears, now and then, how many of the recording's happenings are over
 * @throws InvalidOptionError when the policy does not fit an endpoint
 */
export async function runPolicy(
  recording: Recording,
  policy: Policy,
  seed: number,
  onProgress: (happened: number) => void,
): Promise<RunResult> {
  const run = new Run(recording, policy, seed)
  for (let turn = 1; run.goOn(); turn += 1) {
    await eventLoopTurns(1)
    if (turn % turnsBetweenTellings === 0) onProgress(run.happened)
  }
  return run.result()
}

class Run {
  readonly #clock: RunClock
  readonly #recording: Recording
  readonly #policy: Policy
  readonly #scheduler: Scheduler
  readonly #service: WebhookService
  readonly #endpointIds: readonly string[]
  readonly #tally = new Tally()
  readonly #removed = new Set<number>()
  #submitting = 0
  #next = 0
  #refused = 0

  constructor(recording: Recording, policy: Policy, seed: number) {
    this.#clock = new RunClock(recording.startMs)
    this.#recording = recording
    this.#policy = policy
    this.#scheduler = new Scheduler(this.#clock)
    this.#service = this.#createService(seed)
    this.#endpointIds = recording.endpoints.map((endpoint) =>
      this.#service.registerEndpoint('https://recorded.invalid/', secret, policy.endpointOptions(endpoint)),
    )
    this.#service.log.subscribe((transition) => {
      const event = indexOf(transition.eventId)
      const endpoint = recording.endpoints[recording.events[event]?.endpoint ?? -1]
      this.#tally.take(event, endpoint?.endpointId ?? '', transition, Date.parse(transition.at))
    })
  }

  /** How many of the recording's happenings are over. */
  get happened(): number {
    return this.#next
  }

  result(): RunResult {
    return { tally: this.#tally, refused: this.#refused }
  }

  /** Lets happen what is next; false when nothing is. What is due comes before what is asked for at that moment. */
  goOn(): boolean {
    const happening = this.#recording.happenings[this.#next]
    if (happening === undefined) {
      if (!this.#clock.keptAlive) return false
      this.#clock.fireNext()
      return true
    }
    const elapsedMs = happening.atMs - this.#recording.startMs
    if (this.#clock.nextDueMs <= elapsedMs) {
      this.#clock.fireNext()
      return true
    }
    this.#clock.moveTo(elapsedMs)
    this.#next += 1
    this.#happen(happening)
    return true
  }

  #createService(seed: number): WebhookService {
    const { events, happenings } = this.#recording
    let endpoints = 0
    // An event is kept as long as someone may redeliver it, and no longer.
    const kept = happenings.some(({ kind }) => kind === 'redelivered') ? events.length : 0
    return createWebhookService({
      ...this.#policy.serviceOptions,
      clock: this.#clock,
      random: new SeededSource(seed).next,
      ids: { endpointId: () => `ep_${endpoints++}`, eventId: () => `evt_${this.#submitting}` },
      transport: new RecordedNetwork(this.#scheduler, (eventId) => this.#answerTo(indexOf(eventId))),
      // The record shows that there was room for all; how much there was it does not tell.
      limits: { pendingEvents: 100_000_000, pendingBytes: 2 ** 40, endpoints: 10_000_000, orderingKeys: 10_000_000 },
      retention: { settledEvents: kept, deadLetters: kept, ageMs: longestAgeMs, endpointRecords: 1 },
    })
  }

  #happen(happening: Happening): void {
    // Its lines are let go when it is removed already, and there is nobody to do anything with.
    if ('endpoint' in happening && this.#removed.has(happening.endpoint)) return
    switch (happening.kind) {
      case 'submitted':
        this.#submit(happening.event)
        return
      case 'redelivered':
        this.#redeliver(happening.event, happening.from)
        return
      case 'paused':
      case 'gone':
        this.#service.pauseEndpoint(this.#idOf(happening.endpoint))
        return
      case 'autoDisabled':
        if (!this.#decidesItself(happening.endpoint)) this.#service.pauseEndpoint(this.#idOf(happening.endpoint))
        return
      case 'resumed':
        this.#service.resumeEndpoint(this.#idOf(happening.endpoint))
        return
      case 'removed':
        this.#removed.add(happening.endpoint)
        this.#service.removeEndpoint(this.#idOf(happening.endpoint))
    }
  }

  #submit(index: number): void {
    const event = this.#recording.events[index]
    if (event === undefined) return
    this.#submitting = index
    const options = event.orderingKey === null ? {} : { orderingKey: event.orderingKey }
    try {
      this.#service.submitEvent(this.#idOf(event.endpoint), event.eventType, null, options)
    } catch (error) {
      if (!(error instanceof EndpointDisabledError)) throw error
      this.#refused += 1
    }
  }

  /** Who had it redelivered after it had failed would not have done so had it been delivered. */
  #redeliver(index: number, from: string | null): void {
    if (this.#removed.has(this.#recording.events[index]?.endpoint ?? -1)) return
    const eventId = `evt_${index}`
    const status = this.#statusOf(eventId)
    const wanted = status === from || status === 'failed' || status === 'deadLettered'
    if (wanted) this.#service.redeliver(eventId)
  }

  /** Null when it was refused at its submission. */
  #statusOf(eventId: string): string | null {
    try {
      return this.#service.getEventStatus(eventId).status
    } catch {
      return null
    }
  }

  #answerTo(index: number): Observation {
    const { events, endpoints } = this.#recording
    const event = events[index]
    const nowMs = this.#clock.now()
    const answer = endpoints[event?.endpoint ?? -1]?.history.at(nowMs, index) ?? acceptsAtOnce
    const refusal = event?.refusals?.find(({ endsMs }) => nowMs < endsMs)
    if (refusal === undefined) return answer
    // An endpoint that is down refuses nothing; what was never sent does not ask it.
    return refusal.observation.answer.kind === 'failed' || accepts(answer) ? refusal.observation : answer
  }

  #decidesItself(endpoint: number): boolean {
    const recorded = this.#recording.endpoints[endpoint]
    return recorded !== undefined && this.#policy.autoDisables(recorded)
  }

  #idOf(endpoint: number): string {
    return this.#endpointIds[endpoint] ?? ''
  }
}

function indexOf(eventId: string): number {
  return Number(eventId.slice('evt_'.length))
}

function accepts({ answer }: Observation): boolean {
  return answer.kind === 'answered' && answer.status >= 200 && answer.status <= 299
}
