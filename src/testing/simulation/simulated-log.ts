// The log of a simulated world: one store that outlives every process. Everything appended is entered in the history, folded
// step by step, and never taken out of that again.
import { isEndpointTransition } from '../../log/transition.ts'
import type { EventSubmitted, LogRecord, Transition } from '../../log/transition.ts'
import { memoryLog } from '../../log/memory-log.ts'
import { foldEndpoint } from '../../replay/fold-endpoint.ts'
import { foldTransition } from '../../replay/fold.ts'
import type { Retention } from '../../service-limits.ts'
import { keptInstead, wrongEviction } from './evictions.ts'
import type { EventHistory, History, LoggedRecord } from './history.ts'
import type { Lines } from './lines.ts'
import type { SimulatedClock } from './simulated-clock.ts'
import type { SimulatedEndpoint } from './simulated-endpoint.ts'

export class SimulatedLog {
  readonly store = memoryLog()
  readonly #history: History
  readonly #clock: SimulatedClock
  readonly #endpoints: readonly SimulatedEndpoint[]
  readonly #lines: Lines
  readonly #retention: Retention

  constructor(
    history: History,
    clock: SimulatedClock,
    lines: Lines,
    endpoints: readonly SimulatedEndpoint[],
    retention: Retention,
  ) {
    this.#history = history
    this.#clock = clock
    this.#lines = lines
    this.#endpoints = endpoints
    this.#retention = retention
  }

  entered<T extends LogRecord>(record: T): T {
    this.enter(record, true)
    return record
  }

  enter(record: LogRecord, durable: boolean): LoggedRecord {
    const { elapsedMs, wallMs } = this.#clock
    const history = this.#history
    const entry: LoggedRecord = {
      record,
      text: JSON.stringify(record),
      tick: history.nextTick(),
      elapsedMs,
      wallMs,
      life: history.life,
      durable,
    }
    history.records.push(entry)
    try {
      this.#follow(entry, (event) => this.#check(event, record))
    } catch (error) {
      const { seq, eventId } = record
      history.found('each record follows from those before it', { message: String(error), seq, eventId })
    }
    return entry
  }

  /** Of a log in a place: what a new process finds there. Whatever else was appended never was, unless it was durable. */
  survived(records: readonly LogRecord[]): void {
    const history = this.#history
    const found = new Map(records.map((record) => [record.seq, JSON.stringify(record)]))
    const kept = history.records.filter((entry) => this.#hasSurvived(entry, found))
    for (const seq of found.keys())
      history.found('the log is only appended to', { message: `record ${seq} was never appended`, seq })
    const lost = history.records.length - kept.length
    history.records.length = 0
    history.records.push(...kept)
    if (lost > 0) this.#foldAgain()
  }

  /** Takes what it finds out of `found`. */
  #hasSurvived(entry: LoggedRecord, found: Map<number, string>): boolean {
    const { record, text, durable } = entry
    const { seq, eventId } = record
    const event = this.#history.events.get(eventId)
    if (found.get(seq) === text) {
      found.delete(seq)
      entry.durable = true
      // It was to be removed, and the process died before that.
      if (event !== undefined) event.evictedTick = null
      return true
    }
    const isEvicted = event === undefined ? eventId === '' : event.evictedTick !== null
    if (durable && !isEvicted) {
      this.#history.found('a crash takes nothing that is durable', { message: `record ${seq} is gone`, seq, eventId })
    }
    return durable
  }

  #foldAgain(): void {
    const { records, events, folded } = this.#history
    folded.clear()
    this.#lines.clear()
    for (const event of events.values()) event.records.length = 0
    for (const entry of records) this.#follow(entry)
    for (const event of events.values()) if (event.records.length === 0) events.delete(event.eventId)
  }

  /** Retention has removed events; `has` says which are left of those that are durable. */
  swept(has: (eventId: string) => boolean): void {
    const gone = [...this.#history.events.values()].filter(
      ({ eventId, evictedTick, records }) =>
        evictedTick === null && records.every(({ durable }) => durable) && !has(eventId),
    )
    const lastSeq = ({ records }: EventHistory): number => records.at(-1)?.record.seq ?? 0
    for (const { eventId } of gone.sort((one, other) => lastSeq(one) - lastSeq(other))) this.evicted(eventId, true)
  }

  /** @param byWallClock whether the times in the records say who goes first */
  evicted(eventId: string, byWallClock = false): void {
    const history = this.#history
    const event = history.events.get(eventId)
    if (event === undefined) return
    const finding = wrongEviction(event, history.events.values(), this.#retention, this.#lines, this.#clock)
    if (finding !== null) history.found('retention forgets only what is settled, and too much or too old', finding)
    // With a log that refuses, one that could not be redelivered counts as settled anew.
    const { appendFailures, clockJumps } = history.faults
    const isUnordered = appendFailures > 0 || (byWallClock && clockJumps > 0)
    const older = isUnordered ? null : keptInstead(event, history.events.values(), this.#lines, byWallClock)
    if (older !== null) history.found('retention forgets the oldest first', older)
    event.evictedTick = history.nextTick()
  }

  /** Takes the step of a record. `check` looks at the event that takes it before its line moves on. */
  #follow(entry: LoggedRecord, check: (event: EventHistory) => void = () => undefined): void {
    const { record } = entry
    const history = this.#history
    if (isEndpointTransition(record)) {
      const { endpointId } = record
      history.folded.set(endpointId, foldEndpoint(history.folded.get(endpointId), record))
      return
    }
    const known = history.events.get(record.eventId)
    const isFirst = known === undefined || known.records.length === 0
    const state = foldTransition(isFirst ? null : known.state, record)
    const event = known ?? this.#submitted(record, state)
    if (event === undefined) return
    event.state = state
    event.records.push(entry)
    check(event)
    this.#lines.stepped(event, record.event.type)
  }

  #check(event: EventHistory, { seq, event: step }: LogRecord): void {
    if (step.type === 'attempt.started') this.#checkTurn(event, seq)
    if ('budget' in step) this.#checkBudget(event, step.budget, seq)
  }

  #checkTurn(event: EventHistory, seq: number): void {
    const { eventId } = event
    const { waiting, heldBy } = this.#lines.of(event)
    const [head] = waiting
    if (head !== event) {
      const message = `an attempt of ${eventId} was started, and ${head?.eventId ?? 'nobody'} is the head of its line`
      this.#history.found('only the head of a line goes out', { message, seq, eventId })
    }
    if (heldBy === null) return
    const message = `an attempt of ${eventId} was started, and ${heldBy.eventId} holds its line`
    this.#history.found('a halted line waits for a person', { message, seq, eventId })
  }

  #checkBudget({ eventId, endpoint, submitted }: EventHistory, budget: number, seq: number): void {
    const { maxAttempts } = endpoint.policyFor(submitted.event.eventType)
    if (budget === maxAttempts) return
    const message = `${eventId} got a budget of ${budget}, and its policy allows ${maxAttempts}`
    this.#history.found('no event is tried more often than its policy says', { message, seq, eventId })
  }

  #submitted(record: Transition, state: EventHistory['state']): EventHistory | undefined {
    const { event, eventId } = record
    const endpoint = this.#endpoints.find(({ id }) => id === record.endpointId)
    if (event.type !== 'event.submitted' || endpoint === undefined) return undefined
    const submitted: EventHistory = {
      eventId,
      endpoint,
      submitted: record as Transition & { readonly event: EventSubmitted }, // its event was checked just above
      laneKey: endpoint.laneKey(eventId, event.orderingKey),
      bodyBytes: Buffer.byteLength(event.body),
      records: [],
      requests: [],
      state,
      evictedTick: null,
    }
    this.#history.events.set(eventId, submitted)
    return submitted
  }
}
