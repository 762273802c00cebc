import type { LogRecord } from '../../src/log/transition.ts'
import { isEndpointTransition } from '../../src/log/transition.ts'
import type { SubmittedTransition } from '../../src/event/event-record.ts'
import type {
  ScannedEvent,
  ScannedPage,
  ScanQuery,
  SettledStatus,
  StoredBacklog,
  StoredEvent,
  StoredEvents,
  StoredTotals,
  SweepPolicy,
  Swept,
  WaitingPage,
  WaitingQuery,
} from '../../src/log/stored-events.ts'
import { FoldedLog } from '../../src/replay/folded-log.ts'
import type { FoldedEvent } from '../../src/replay/folded-log.ts'
import { isSettled } from '../../src/statechart/resting-delivery.ts'

const sweptAtOnce = 7

interface ModelEvent {
  readonly submitted: SubmittedTransition
  readonly folded: FoldedEvent
  joinedSeq: number
  settledSeq: number
  settledMs: number
}

/** What a {@link ModelLog} finds by itself: the fold of all that was ever committed, looked through from end to end each time. */
export class ModelEvents implements StoredEvents {
  readonly #folded = new FoldedLog()
  readonly #kept = new Map<string, ModelEvent>()
  readonly #places = new Map<string, number>()
  #submitted = 0
  #attempts = 0

  committed(record: LogRecord): void {
    if (isEndpointTransition(record)) return
    const { event, eventId, endpointId, seq, at } = record
    const before = this.#folded.events.get(eventId)?.state
    this.#folded.fold(record)
    const folded = this.#folded.events.get(eventId)!
    if (event.type === 'event.submitted') {
      const submitted = record as SubmittedTransition // its event was checked just above
      this.#kept.set(eventId, { submitted, folded, joinedSeq: seq, settledSeq: 0, settledMs: 0 })
      this.#places.set(`${endpointId} ${placeKey(submitted)}`, event.sequence)
      this.#submitted += 1
      return
    }
    if (event.type === 'attempt.started') this.#attempts += 1
    const kept = this.#kept.get(eventId)
    if (kept === undefined) return
    const [was, is] = [isSettled(before!.value), isSettled(folded.state.value)]
    if (was && !is && !before!.context.holdsLine) kept.joinedSeq = seq
    if (is && !was) Object.assign(kept, { settledSeq: seq, settledMs: Date.parse(at) })
  }

  evicted(eventId: string): void {
    this.#kept.delete(eventId)
  }

  has(eventId: string): boolean {
    return this.#kept.has(eventId)
  }

  find(eventId: string): StoredEvent | null {
    const event = this.#kept.get(eventId)
    return event === undefined ? null : stored(event)
  }

  findByIdempotencyKey(endpointId: string, key: string): StoredEvent | null {
    const found = this.#of(endpointId).find(({ submitted }) => submitted.event.idempotencyKey === key)
    return found === undefined ? null : stored(found)
  }

  backlogs(): readonly StoredBacklog[] {
    const endpointIds = new Set(Array.from(this.#kept.values(), ({ folded }) => folded.endpointId))
    return Array.from(endpointIds, (endpointId) => {
      const all = this.#inLine(endpointId, undefined)
      const open = all.filter(({ folded }) => !isSettled(folded.state.value))
      const bytes = open.reduce((sum, { submitted }) => sum + Buffer.byteLength(submitted.event.body), 0)
      return { endpointId, events: open.length, bytes, heldLines: all.length - open.length }
    }).filter(({ events, heldLines }) => events + heldLines > 0)
  }

  waiting({ endpointId, laneKey, afterSeq, limit }: WaitingQuery): WaitingPage {
    const line = this.#inLine(endpointId, laneKey).filter(({ joinedSeq }) => joinedSeq > afterSeq)
    return { events: line.slice(0, limit).map(stored), damaged: [] }
  }

  countAhead(endpointId: string, laneKey: string, joinedSeq: number): number {
    return this.#inLine(endpointId, laneKey).filter((event) => event.joinedSeq < joinedSeq).length
  }

  deadLetters(endpointId: string): readonly StoredEvent[] {
    const letters = this.#of(endpointId).filter(({ folded }) => folded.state.value === 'deadLettered')
    return letters.sort(bySettling).map(stored)
  }

  countDeadLetters(endpointId: string): number {
    return this.deadLetters(endpointId).length
  }

  unsettled(limit: number): readonly { readonly eventId: string; readonly endpointId: string }[] {
    const open = [...this.#kept.values()].filter(({ folded }) => !isSettled(folded.state.value))
    return open.slice(0, limit).map(({ folded: { eventId, endpointId } }) => ({ eventId, endpointId }))
  }

  lastSequence(endpointId: string, laneKey: string): number {
    return this.#places.get(`${endpointId} ${laneKey}`) ?? 0
  }

  scan({ order, afterSeq, limit }: ScanQuery): ScannedPage {
    const sign = order === 'newest' ? -1 : 1
    const all = [...this.#kept.values()]
      .filter(({ submitted }) => (submitted.seq - afterSeq) * sign > 0)
      .sort((one, other) => (one.submitted.seq - other.submitted.seq) * sign)
    const events = all.slice(0, limit).map(scanned)
    return { events, lastSeq: all.length > limit ? events.at(-1)!.seq : null }
  }

  totals(): StoredTotals {
    const settled = { delivered: 0, failed: 0, deadLettered: 0 }
    for (const { folded } of this.#kept.values()) {
      const { value } = folded.state
      if (isSettled(value)) settled[value] += 1
    }
    return { submitted: this.#submitted, attempts: this.#attempts, settled }
  }

  /** Takes those that may go. */
  sweep(
    policy: SweepPolicy,
    mayGo: (eventId: string) => boolean = () => true,
    removed: (eventId: string) => void = () => undefined,
  ): Swept {
    const surplus = [
      ...this.#surplus(isDeadLetter, policy.deadLetters, policy.deadLettersBeforeMs),
      ...this.#surplus((event) => !isDeadLetter(event), policy.settledEvents, policy.settledBeforeMs),
    ].filter(({ folded }) => mayGo(folded.eventId))
    const counts: Record<SettledStatus, number> = { delivered: 0, failed: 0, deadLettered: 0 }
    for (const { folded } of surplus.slice(0, sweptAtOnce)) {
      counts[folded.state.value as SettledStatus] += 1 // nothing else is surplus
      this.#kept.delete(folded.eventId)
      removed(folded.eventId)
    }
    return { removed: counts, more: surplus.length > sweptAtOnce }
  }

  #surplus(isOfKind: (event: ModelEvent) => boolean, limit: number, beforeMs: number): readonly ModelEvent[] {
    const settled = [...this.#kept.values()].filter(
      (event) => isSettled(event.folded.state.value) && !isInLine(event) && isOfKind(event),
    )
    settled.sort(bySettling)
    return settled.filter((event, index) => index < settled.length - limit || event.settledMs < beforeMs)
  }

  #of(endpointId: string): ModelEvent[] {
    return [...this.#kept.values()].filter(({ folded }) => folded.endpointId === endpointId)
  }

  #inLine(endpointId: string, laneKey: string | undefined): ModelEvent[] {
    return this.#of(endpointId)
      .filter((event) => isInLine(event) && (laneKey ?? event.folded.laneKey) === event.folded.laneKey)
      .sort((one, other) => one.joinedSeq - other.joinedSeq)
  }
}

function stored({ submitted, folded, joinedSeq }: ModelEvent): StoredEvent {
  return { submitted, state: folded.state, joinedSeq, lastAt: folded.lastAt }
}

function scanned({ submitted, folded, settledMs }: ModelEvent): ScannedEvent {
  const { seq, eventId, endpointId, at, event } = submitted
  const { value: status } = folded.state
  return {
    seq,
    eventId,
    endpointId,
    eventType: event.eventType,
    submittedAtMs: Date.parse(at),
    status,
    settledAt: isSettled(status) ? new Date(settledMs).toISOString() : null,
  }
}

/** Whether it waits, or holds its line. */
function isInLine({ folded: { state } }: ModelEvent): boolean {
  return !isSettled(state.value) || state.context.holdsLine
}

function isDeadLetter({ folded }: ModelEvent): boolean {
  return folded.state.value === 'deadLettered'
}

function bySettling(one: ModelEvent, other: ModelEvent): number {
  return one.settledSeq - other.settledSeq
}

function placeKey({ event: { ordering, orderingKey } }: SubmittedTransition): string {
  return ordering === 'key' ? (orderingKey ?? '') : ''
}
