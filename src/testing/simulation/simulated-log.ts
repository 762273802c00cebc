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
    const { elapsedMs, wallMs } = this.#clock
    const history = this.#history
    const entry = {
      record,
      text: JSON.stringify(record),
      tick: history.nextTick(),
      elapsedMs,
      wallMs,
      life: history.life,
    }
    history.records.push(entry)
    try {
      if (isEndpointTransition(record)) {
        const { endpointId } = record
        history.folded.set(endpointId, foldEndpoint(history.folded.get(endpointId), record))
      } else {
        this.#fold(record, entry)
      }
    } catch (error) {
      const { seq, eventId } = record
      history.found('each record follows from those before it', { message: String(error), seq, eventId })
    }
    return record
  }

  evicted(eventId: string): void {
    const history = this.#history
    const event = history.events.get(eventId)
    if (event === undefined) return
    const finding = wrongEviction(event, history.events.values(), this.#retention, this.#lines, this.#clock)
    if (finding !== null) history.found('retention forgets only what is settled, and too much or too old', finding)
    // With a log that refuses, one that could not be redelivered counts as settled anew.
    const older = history.faults.appendFailures > 0 ? null : keptInstead(event, history.events.values(), this.#lines)
    if (older !== null) history.found('retention forgets the oldest first', older)
    event.evictedTick = history.nextTick()
  }

  #fold(record: Transition, entry: LoggedRecord): void {
    const known = this.#history.events.get(record.eventId)
    const state = foldTransition(known?.state ?? null, record)
    const event = known ?? this.#submitted(record, state)
    if (event === undefined) return
    event.state = state
    event.records.push(entry)
    if (record.event.type === 'attempt.started') this.#checkTurn(event, record.seq)
    if ('budget' in record.event) this.#checkBudget(event, record.event.budget, record.seq)
    this.#lines.stepped(event, record.event.type)
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
