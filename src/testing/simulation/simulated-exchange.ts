import type { AnswerReceiver, InFlightRequest, Reach, TransportFailureReason } from '../../transport/transport.ts'
import type { TransportResult } from '../../transport/transport.ts'
import type { FaultKind } from './fault-rates.ts'
import type { RequestHistory } from './history.ts'
import type { ProcessLife } from './process-life.ts'
import type { SeededSource } from './seeded-source.ts'
import type { SimulatedNetwork } from './simulated-network.ts'

/** What an endpoint decided: a status with what it asks for, or (null) never to answer. */
interface Decision {
  readonly status: number
  readonly retryAfterSeconds: number | null
}

/** One request under way. All its draws are its own, so that no other request's fate depends on them. */
export class SimulatedExchange implements InFlightRequest {
  readonly #network: SimulatedNetwork
  readonly #life: ProcessLife
  readonly #seen: RequestHistory
  readonly #receiver: AnswerReceiver
  readonly #draws: SeededSource
  /** Whether the client has closed the connection: what has not arrived may never. */
  #cutOff = false

  constructor(network: SimulatedNetwork, life: ProcessLife, seen: RequestHistory, receiver: AnswerReceiver) {
    this.#network = network
    this.#life = life
    this.#seen = seen
    this.#receiver = receiver
    this.#draws = network.parts.source.stream(`${seen.endpoint.index}/${seen.eventId}/${seen.number}`)
  }

  begin(): void {
    const { clock } = this.#network.parts
    const { behaviour } = this.#seen.endpoint
    const { p50, p99 } = behaviour.latency
    const latencyMs = Math.round(this.#draws.logNormal(p50, p99))
    // A healed endpoint answers in good time.
    const takesMs = this.#network.healed ? Math.min(latencyMs, Math.floor(this.#seen.timeoutMs / 2)) : latencyMs
    const arrivesMs = Math.floor(takesMs / 2)
    const { elapsedMs } = clock
    const isOut = behaviour.outages.some(({ fromMs, toMs }) => elapsedMs >= fromMs && elapsedMs < toMs)
    if (isOut && !this.#network.healed) {
      clock.in(arrivesMs, () => this.#fail('connect', 'notSent'))
      return
    }
    if (this.#happens('lostRequests')) return
    clock.in(arrivesMs, () => this.#arrive(takesMs - arrivesMs))
  }

  abort(reason: 'timeout' | 'aborted'): void {
    this.#cutOff = true
    this.#fail(reason, 'unknown')
  }

  #arrive(backMs: number): void {
    if (this.#cutOff && this.#draws.chance(0.5)) return
    const { history, clock } = this.#network.parts
    const decision = this.#decide()
    this.#seen.arrivedTick = history.nextTick()
    if (decision === null) return
    this.#seen.status = decision.status
    if (this.#happens('lostAnswers')) return
    if (this.#happens('brokenAnswers')) {
      clock.in(backMs, () => this.#fail('reset', 'unknown'))
      return
    }
    let answersMs = backMs
    if (this.#happens('reorderedAnswers')) answersMs += this.#draws.whole(0, this.#seen.timeoutMs)
    if (this.#happens('lateAnswers')) answersMs += this.#draws.whole(this.#seen.timeoutMs, 4 * this.#seen.timeoutMs)
    const date = this.#draws.chance(0.3)
    clock.in(answersMs, () => this.#answer(decision, date))
    if (this.#happens('duplicateAnswers')) this.#answerAgain(answersMs, decision.status)
    if (!this.#network.healed && this.#draws.chance(this.#seen.endpoint.behaviour.surplusRate)) {
      this.#answerAgain(answersMs, this.#draws.oneOf([200, 500]))
    }
  }

  /** After the answer, at any time up to the end of a later attempt. */
  #answerAgain(answersMs: number, status: number): void {
    const laterMs = this.#draws.whole(1, 3 * this.#seen.timeoutMs)
    this.#network.parts.clock.in(answersMs + laterMs, () => this.#answer({ status, retryAfterSeconds: null }, false))
  }

  #decide(): Decision | null {
    const { endpoint } = this.#seen
    const { behaviour } = endpoint
    const { elapsedMs } = this.#network.parts.clock
    const [fails, status, hangs] = [
      this.#draws.next(),
      this.#draws.oneOf(behaviour.failureStatuses),
      this.#draws.next(),
    ]
    const { throttle } = behaviour
    if (!this.#network.healed) {
      if (throttle !== null && elapsedMs - endpoint.takenAtMs < 1000 / throttle.perSecond) {
        return { status: 429, retryAfterSeconds: throttle.retryAfterSeconds }
      }
      if (hangs < behaviour.hangRate) return null
      if (fails < behaviour.failureRate) return { status, retryAfterSeconds: null }
    }
    endpoint.takenAtMs = elapsedMs
    return { status: 200, retryAfterSeconds: null }
  }

  #answer({ status, retryAfterSeconds: seconds }: Decision, asDate: boolean): void {
    const { wallMs } = this.#network.parts.clock
    if (seconds === null) return this.#report({ kind: 'answered', status, retryAfter: null, snippet: null }, null)
    // A date has whole seconds, so it asks for a little less than the number would.
    const date = new Date(wallMs + seconds * 1000).toUTCString()
    const askedMs = asDate ? Date.parse(date) - wallMs : seconds * 1000
    const retryAfter = asDate ? date : String(seconds)
    this.#report({ kind: 'answered', status, retryAfter, snippet: null }, askedMs)
  }

  #fail(reason: TransportFailureReason, reach: Reach): void {
    this.#report({ kind: 'failed', reason, message: `simulated ${reason}`, reach }, null)
  }

  /** Only the first result counts, and the others must change nothing; the service hears of them all the same. */
  #report(result: TransportResult, askedMs: number | null): void {
    if (!this.#life.alive) return
    const seen = this.#seen
    if (seen.result === null) {
      const { history, clock } = this.#network.parts
      seen.result = result
      seen.resultTick = history.nextTick()
      seen.resultMs = clock.elapsedMs
      seen.askedMs = askedMs
      seen.policy = seen.endpoint.policyFor(history.events.get(seen.eventId)?.submitted.event.eventType ?? '')
      seen.settings = seen.endpoint.settings
      this.#network.ended(seen.endpoint)
    }
    this.#receiver.answered(result)
  }

  /** Draws also where the world is healed, so that healing moves no other draw. */
  #happens(kind: FaultKind): boolean {
    const { faults, history } = this.#network.parts
    const happens = this.#draws.chance(faults[kind]) && !this.#network.healed
    if (happens) history.faults[kind] += 1
    return happens
  }
}
