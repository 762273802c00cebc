// A log as a service writes it, drawn step by step, and what its records amount to by the fold alone.
import type { DeliveryEvent } from '../../../machines/delivery.ts'
import type { Failure } from '../../attempt/failure.ts'
import { isoTime } from '../../clock/iso-time.ts'
import type { Ordering } from '../../endpoint/endpoint-options.ts'
import type { LogHome } from '../../log/log-home.ts'
import type { Transition } from '../../log/transition.ts'
import { FoldedLog } from '../../replay/folded-log.ts'
import type { FoldedEvent, FoldedLine } from '../../replay/folded-log.ts'
import { isSettled } from '../../statechart/resting-delivery.ts'
import type { SeededSource } from '../simulation/seeded-source.ts'
import { submission } from './sample-drafts.ts'
import { nextStep } from './story.ts'

/** An event that the log holds. */
export interface WalkedEvent {
  readonly submitted: Transition
  readonly folded: FoldedEvent
  readonly idempotencyKey: string | null
  readonly bodyBytes: number
  /** Orders it in its line: the record that put it there. One that held its line keeps its place. */
  place: number
  /** When it last settled; empty while it never has. */
  settledAt: string
}

interface WalkedEndpoint {
  readonly id: string
  readonly ordering: Ordering
  readonly halts: boolean
}

export const walkedEndpoints: readonly [WalkedEndpoint, ...WalkedEndpoint[]] = [
  { id: 'ep_fifo', ordering: 'fifo', halts: false },
  { id: 'ep_halts', ordering: 'fifo', halts: true },
  { id: 'ep_key', ordering: 'key', halts: true },
  { id: 'ep_none', ordering: 'none', halts: false },
]

const failure: Failure = { reason: 'status', message: 'HTTP 503', status: 503, reach: 'unknown' }

export class LogWalk {
  readonly #source: SeededSource
  readonly #folded = new FoldedLog()
  readonly #kept = new Map<string, WalkedEvent>()
  readonly #places = new Map<string, number>()
  #nowMs = 1_735_689_600_000
  /** Ever. */
  submitted = 0
  attempts = 0

  constructor(source: SeededSource) {
    this.#source = source
  }

  /** Those that were not evicted, in the order of submission. */
  get kept(): readonly WalkedEvent[] {
    return [...this.#kept.values()]
  }

  get nowMs(): number {
    return this.#nowMs
  }

  find(eventId: string): WalkedEvent | undefined {
    return this.#kept.get(eventId)
  }

  /** What waits in one line, or in all of an endpoint, the event that holds a line included, in order. */
  waiting(endpointId: string, laneKey?: string): readonly WalkedEvent[] {
    return this.kept
      .filter(({ folded }) => folded.endpointId === endpointId && (laneKey ?? folded.laneKey) === folded.laneKey)
      .filter(({ folded: { state } }) => !isSettled(state.value) || state.context.holdsLine)
      .sort((one, other) => one.place - other.place)
  }

  /** The last place given, by endpoint and by the line that counts on its own. */
  get lastPlaces(): Iterable<readonly [endpointId: string, laneKey: string, sequence: number]> {
    return Array.from(this.#places, ([counter, sequence]) => {
      const [endpointId = '', laneKey = ''] = counter.split(' ')
      return [endpointId, laneKey, sequence] as const
    })
  }

  /** Appends the next record to `home`, and folds it. */
  step(home: LogHome): void {
    const source = this.#source
    this.#nowMs += source.oneOf([0, 0, 1, 1000])
    const lines = [...this.#folded.lines()]
    const line = source.anyOf(lines)
    const choice = source.next()
    const settled = source.anyOf(this.kept.filter(({ folded }) => isSettled(folded.state.value)))
    if (settled !== undefined && choice < 0.1) this.#redeliver(home, settled.folded)
    else if (line !== undefined && choice < 0.8) this.#advance(home, line)
    else this.#submit(home)
  }

  /** One that has settled, and holds no line, was removed. */
  evicted(eventId: string): void {
    this.#kept.delete(eventId)
  }

  #submit(home: LogHome): void {
    const source = this.#source
    const { id, ordering } = source.oneOf(walkedEndpoints as [WalkedEndpoint])
    const orderingKey = source.oneOf([null, 'a', 'b', 'ключ'])
    const counter = `${id} ${ordering === 'key' && orderingKey !== null ? orderingKey : ''}`
    const sequence = (this.#places.get(counter) ?? 0) + 1
    this.#places.set(counter, sequence)
    this.submitted += 1
    const idempotencyKey = source.chance(0.4) ? `key of ${this.submitted}` : null
    const body = JSON.stringify('é'.repeat(source.whole(0, 20)))
    const own = { body, sequence, orderingKey, idempotencyKey, budget: source.whole(1, 2), at: isoTime(this.#nowMs) }
    const eventId = `evt_${this.submitted}`
    const submitted = home.append(submission(eventId, id, ordering === 'fifo' ? own : { ...own, ordering }))
    this.#folded.fold(submitted)
    const folded = this.#folded.events.get(eventId)
    if (folded === undefined) throw new Error(`${eventId} was not folded`)
    const bodyBytes = Buffer.byteLength(body)
    this.#kept.set(eventId, { submitted, folded, idempotencyKey, bodyBytes, place: submitted.seq, settledAt: '' })
  }

  #advance(home: LogHome, line: FoldedLine): void {
    const source = this.#source
    const { haltedBy, waiting } = line
    if (haltedBy !== null) {
      if (source.chance(0.15)) this.#take(home, haltedBy, { type: 'line.released', at: isoTime(this.#nowMs) })
      else if (source.chance(0.3)) this.#redeliver(home, haltedBy)
      return
    }
    const [head] = waiting
    if (head === undefined) return
    if (source.chance(0.03)) {
      const one = source.anyOf(waiting) ?? head
      this.#take(home, one, { type: 'event.abandoned', at: isoTime(this.#nowMs), failure })
    } else if (head.state.value === 'delivering') {
      this.#answer(home, head)
    } else if (head.state.value === 'backoff' && source.chance(0.2)) {
      this.#redeliver(home, head)
    } else {
      const { attempts } = head.state.context
      this.attempts += 1
      this.#take(home, head, { type: 'attempt.started', attempt: attempts + 1, at: isoTime(this.#nowMs) })
    }
  }

  #answer(home: LogHome, head: FoldedEvent): void {
    const { attempts: attempt, left } = head.state.context
    const at = isoTime(this.#nowMs)
    const end = { attempt, at, durationMs: 3 }
    const { halts } = walkedEndpoints.find(({ id }) => id === head.endpointId) ?? walkedEndpoints[0]
    const failed = {
      ...end,
      type: 'attempt.failed',
      failure,
      snippet: null,
      retryAt: isoTime(this.#nowMs + 10),
    } as const
    const held = halts && left === 0 ? { ...failed, holdsLine: true as const } : failed
    const answers: [DeliveryEvent, ...DeliveryEvent[]] = [
      { ...end, type: 'attempt.succeeded', status: 200, snippet: null },
      held,
      held,
      { ...end, type: 'attempt.rejected', failure, snippet: 'no' },
      { ...end, type: 'attempt.interrupted', failure },
    ]
    this.#take(home, head, this.#source.oneOf(answers))
  }

  #redeliver(home: LogHome, event: FoldedEvent): void {
    this.#take(home, event, {
      type: 'redelivery.requested',
      at: isoTime(this.#nowMs),
      budget: this.#source.whole(1, 2),
    })
  }

  #take(home: LogHome, { eventId, endpointId, state: before }: FoldedEvent, event: DeliveryEvent): void {
    const { draft, state } = nextStep(eventId, endpointId, before, event)
    const record = home.append(draft)
    this.#folded.fold(record)
    const walked = this.#kept.get(eventId)
    if (walked === undefined) return
    const wasSettled = isSettled(before.value)
    if (wasSettled && !isSettled(state.value) && !before.context.holdsLine) walked.place = record.seq
    if (!wasSettled && isSettled(state.value)) walked.settledAt = record.at
  }
}
