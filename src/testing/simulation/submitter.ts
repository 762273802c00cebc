import { callService } from './called-service.ts'
import type { RunningService } from './called-service.ts'
import type { History, SubmissionHistory } from './history.ts'
import type { PlannedSubmission } from './planned-call.ts'
import type { SimulatedClock } from './simulated-clock.ts'
import type { SimulatedEndpoint } from './simulated-endpoint.ts'

const mostTries = 6
const flushAgainMs = 1000

interface Offer {
  readonly submission: PlannedSubmission
  readonly tries: number
}

/**
 * Submits as a careful application does: what was refused for want of room, or by the log, is offered again later, and what
 * a crash left unknown is submitted again, with the same idempotency key.
 */
export class Submitter {
  readonly #clock: SimulatedClock
  readonly #history: History
  readonly #endpoints: readonly SimulatedEndpoint[]
  readonly #running: () => RunningService | null
  /** Whether it takes nothing for acknowledged that is not flushed. */
  readonly #flushes: boolean
  /** To be submitted as soon as the service runs again. */
  #waiting: Offer[] = []
  /** Of what was taken in, what is not known to be durable yet. */
  readonly #flushing = new Set<Offer>()
  /** What must be taken in before the run may end. */
  #urgent = 0
  #seenLife = 0

  constructor(
    clock: SimulatedClock,
    history: History,
    endpoints: readonly SimulatedEndpoint[],
    running: () => RunningService | null,
    flushes: boolean,
  ) {
    this.#clock = clock
    this.#history = history
    this.#endpoints = endpoints
    this.#running = running
    this.#flushes = flushes
  }

  /** Whether all that must be was taken in. */
  get settled(): boolean {
    return this.#urgent === 0
  }

  /** Offers `submission`; `tries` counts from 1, and with Infinity it is offered until it is taken. */
  offer(submission: PlannedSubmission, tries = 1): void {
    const running = this.#running()
    if (running === null) {
      this.#waiting.push({ submission, tries })
      return
    }
    const entry = this.#submit(running, submission)
    if (this.#flushes && entry.outcome === 'acknowledged') this.#flush(running, entry, { submission, tries })
    else this.#came(entry, { submission, tries })
  }

  #came({ outcome, refusal }: SubmissionHistory, { submission, tries }: Offer): void {
    if (outcome === 'acknowledged' || (tries === Infinity && this.#isRemoved(submission))) {
      if (tries === Infinity) this.#urgent -= 1
    } else if (outcome === 'unknown') {
      // Without a key it might be stored twice, which some applications prefer to never.
      if (submission.idempotencyKey !== null || tries === Infinity || submission.source.chance(0.5)) {
        this.#waiting.push({ submission, tries })
        // It may be running: then it is the log that could not say yes.
        if (this.#running() !== null) this.#clock.in(flushAgainMs, () => this.restarted())
      }
    } else if (tries === Infinity || (tries < mostTries && worthRepeating.has(refusal ?? ''))) {
      const delayMs = tries === Infinity ? 1000 : submission.source.whole(100, 5000)
      this.#clock.in(delayMs, () => this.offer(submission, tries + 1))
    }
  }

  #flush(running: RunningService, entry: SubmissionHistory, offer: Offer): void {
    entry.outcome = 'unknown'
    this.#flushing.add(offer)
    const ended = (outcome: SubmissionHistory['outcome']): void => {
      // Whether a process that has died could have said so makes no difference: nobody heard it.
      if (!running.life.alive || !this.#flushing.delete(offer)) return
      entry.outcome = outcome
      this.#came(entry, offer)
    }
    running.service.flush().then(
      () => ended('acknowledged'),
      () => ended('unknown'),
    )
  }

  /** Offers it until it is taken. */
  insist(submission: PlannedSubmission): void {
    this.#urgent += 1
    this.offer(submission, Infinity)
  }

  /** The service runs again. */
  restarted(): void {
    if (this.#seenLife !== this.#history.life) {
      this.#seenLife = this.#history.life
      this.#waiting.push(...this.#flushing)
      this.#flushing.clear()
    }
    const waiting = this.#waiting
    this.#waiting = []
    for (const { submission, tries } of waiting) this.offer(submission, tries)
  }

  #isRemoved({ endpoint }: PlannedSubmission): boolean {
    return endpoint !== null && this.#endpoints[endpoint]?.removed === true
  }

  #takesEvents({ id, removed, registeredLife }: SimulatedEndpoint): boolean {
    const state = this.#history.folded.get(id)?.endpoint?.value
    return !removed && registeredLife === this.#history.life && state !== 'disabled' && state !== 'removed'
  }

  #submit(running: RunningService, submission: PlannedSubmission): SubmissionHistory {
    const { endpoint, eventType, payloadText, orderingKey, idempotencyKey } = submission
    const history = this.#history
    const to = endpoint === null ? undefined : this.#endpoints[endpoint]
    const endpoints = to === undefined ? this.#endpoints.filter((each) => isSubscribed(each, eventType)) : [to]
    const entry: SubmissionHistory = {
      call: to === undefined ? 'publishEvent' : 'submitEvent',
      startTick: history.nextTick(),
      endTick: 0,
      life: history.life,
      endpoints,
      enabled: endpoints.filter((each) => this.#takesEvents(each)),
      eventType,
      payloadText,
      orderingKey,
      idempotencyKey,
      outcome: 'refused',
      refusal: null,
      eventIds: [],
    }
    history.submissions.push(entry)
    const payload: unknown = JSON.parse(payloadText)
    const options = { orderingKey: orderingKey ?? undefined, idempotencyKey: idempotencyKey ?? undefined }
    const called = callService(running, history, entry.call, (service) =>
      to === undefined
        ? service.publishEvent(eventType, payload, options)
        : [service.submitEvent(to.id, eventType, payload, options)],
    )
    entry.endTick = history.nextTick()
    entry.outcome = called.outcome === 'done' ? 'acknowledged' : called.outcome
    if (called.outcome === 'done') entry.eventIds = called.value
    if (called.outcome === 'refused') entry.refusal = called.refusal
    return entry
  }
}

function isSubscribed({ settings }: SimulatedEndpoint, eventType: string): boolean {
  return settings.eventTypes.some(
    (pattern) =>
      pattern === '*' ||
      pattern === eventType ||
      (pattern.endsWith('.*') && eventType.startsWith(pattern.slice(0, -1))),
  )
}

const worthRepeating: ReadonlySet<string> = new Set(['CAPACITY_REACHED', 'SERVICE_CLOSED', 'STORAGE_FAILED', 'append'])
