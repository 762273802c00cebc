import { DivergenceError } from '../errors/errors.ts'
import { laneKeyOf } from '../lane/lane-key.ts'
import { isEndpointTransition } from '../log/transition.ts'
import type { EventSubmitted, LogRecord, Transition } from '../log/transition.ts'
import type { RestingDelivery } from '../../machines/sequencer.ts'
import { isSettled } from '../statechart/resting-delivery.ts'
import { foldEndpoint } from './fold-endpoint.ts'
import type { FoldedEndpoint } from './fold-endpoint.ts'
import { foldTransition } from './fold.ts'
import { FoldingEvent } from './folded-event.ts'
import type { FoldedEvent } from './folded-event.ts'
import { FoldingLine } from './folded-line.ts'
import type { FoldedLine } from './folded-line.ts'

export type { FoldedEndpoint } from './fold-endpoint.ts'
export type { FoldedEvent } from './folded-event.ts'
export type { FoldedLine } from './folded-line.ts'

/** How many texts that events have in common are kept once for all. */
const sharedTexts = 10_000

/**
 * A log folded record by record, each step checked: every event's state, every line's order, every endpoint's state. A
 * log may end anywhere, and whole settled events may be missing from it, as retention leaves it.
 *
 * Made for logs of millions of records: an event costs some hundred bytes, and its body stays in its record.
 */
export class FoldedLog {
  readonly #events = new Map<string, FoldingEvent>()
  readonly #endpoints = new Map<string, FoldedEndpoint>()
  /** By endpoint and lane key: those that are not idle. */
  readonly #lines = new Map<string, Map<string, FoldingLine>>()
  /** By budget. What was just submitted is the same for all with its budget, and states are never changed. */
  readonly #submitted = new Map<number, RestingDelivery>()
  readonly #texts = new Map<string, string>()
  #seq = 0
  #at: string | null = null

  /** The last record folded; 0 when there was none. */
  get seq(): number {
    return this.#seq
  }

  /** The time of the last record folded, ISO 8601. */
  get at(): string | null {
    return this.#at
  }

  /** By event id, in the order of submission. */
  get events(): ReadonlyMap<string, FoldedEvent> {
    return this.#events
  }

  /** By endpoint id: those that have records of their own. */
  get endpoints(): ReadonlyMap<string, FoldedEndpoint> {
    return this.#endpoints
  }

  /** Takes in the next record. @throws DivergenceError when it does not follow; nothing has changed then */
  fold(record: LogRecord): void {
    const { seq, endpointId } = record
    if (seq <= this.#seq) throw new DivergenceError(`record ${seq} comes after record ${this.#seq}`, seq)
    if (isEndpointTransition(record)) {
      this.#endpoints.set(endpointId, foldEndpoint(this.#endpoints.get(endpointId), record))
    } else {
      this.#foldEvent(record)
    }
    this.#seq = seq
    if (record.at !== this.#at) this.#at = record.at
  }

  /** The line of an event of this log. */
  lineOf({ endpointId, laneKey }: FoldedEvent): FoldedLine {
    return this.#lines.get(endpointId)?.get(laneKey) ?? new FoldingLine(endpointId, laneKey)
  }

  /** The lines in which events wait, or that a dead letter holds. */
  *lines(): IterableIterator<FoldedLine> {
    for (const lines of this.#lines.values()) yield* lines.values()
  }

  #foldEvent(transition: Transition): void {
    const known = this.#events.get(transition.eventId)
    if (known !== undefined) checkEndpoint(known, transition)
    const state = foldTransition(known?.state ?? null, transition)
    const { event, seq } = transition
    // Many records have the time of the one before them; read from a file, each would bring its own copy.
    const at = transition.at === this.#at ? this.#at : transition.at
    if (known === undefined) {
      // foldTransition has made sure that it is one; only the compiler does not know.
      if (event.type === 'event.submitted') this.#add(transition, event, state, at)
      return
    }
    const wasSettled = isSettled(known.state.value)
    known.moveOn(state, seq, at)
    const settled = isSettled(state.value)
    if (event.type === 'line.released') this.#release(known)
    else if (settled && !wasSettled) this.#leave(known)
    else if (wasSettled && !settled) this.#rejoin(known)
  }

  #add({ eventId, endpointId, seq }: Transition, submitted: EventSubmitted, state: RestingDelivery, at: string): void {
    const { budget, eventType, sequence, orderingKey, ordering = 'fifo' } = submitted
    let shared = this.#submitted.get(budget)
    if (shared === undefined) this.#submitted.set(budget, (shared = state))
    const key = orderingKey === null ? null : this.#share(orderingKey)
    const event = new FoldingEvent({
      eventId,
      endpointId: this.#share(endpointId),
      eventType: this.#share(eventType),
      sequence,
      orderingKey: key,
      laneKey: laneKeyOf(ordering, key, eventId),
      state: shared,
      submittedAt: at,
      lastSeq: seq,
    })
    this.#events.set(eventId, event)
    this.#lineFor(event).join(event)
  }

  #leave(event: FoldingEvent): void {
    const line = this.#lineFor(event)
    line.leave(event)
    this.#forgetIdle(line)
  }

  #rejoin(event: FoldingEvent): void {
    const line = this.#lineFor(event)
    if (line.haltedBy !== event) event.joinedSeq = event.lastSeq
    line.join(event)
  }

  #release(event: FoldingEvent): void {
    const line = this.#lineFor(event)
    line.release()
    this.#forgetIdle(line)
  }

  #forgetIdle({ idle, endpointId, laneKey }: FoldingLine): void {
    if (idle) this.#lines.get(endpointId)?.delete(laneKey)
  }

  #lineFor({ endpointId, laneKey }: FoldedEvent): FoldingLine {
    let lines = this.#lines.get(endpointId)
    if (lines === undefined) this.#lines.set(endpointId, (lines = new Map<string, FoldingLine>()))
    let line = lines.get(laneKey)
    if (line === undefined) lines.set(laneKey, (line = new FoldingLine(endpointId, laneKey)))
    return line
  }

  /** One copy of a text that many events have: read from a file, each would bring its own. */
  #share(text: string): string {
    const shared = this.#texts.get(text)
    if (shared !== undefined) return shared
    if (this.#texts.size < sharedTexts) this.#texts.set(text, text)
    return text
  }
}

function checkEndpoint({ eventId, endpointId }: FoldedEvent, transition: Transition): void {
  if (transition.endpointId === endpointId) return
  const why = `it is of endpoint ${transition.endpointId}, but the event is of endpoint ${endpointId}`
  throw new DivergenceError(`record ${transition.seq} of event ${eventId} does not follow: ${why}`, transition.seq)
}
