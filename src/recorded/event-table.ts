import { laneKeyOf } from '../lane/lane-key.ts'
import type { EventSubmitted } from '../log/transition.ts'
import { bigNumbers, wholeNumbers } from './column.ts'
import { TextTable } from './text-table.ts'

/** What never changes of an event. */
export interface EventFacts {
  readonly eventId: string
  readonly endpoint: number
  readonly eventType: string
  readonly sequence: number
  readonly orderingKey: string | null
  readonly laneKey: string
  /** -1 for an event that has its line to itself. */
  readonly lane: number
}

/** What never changes of the events of a log, by their number in the order of submission, and the lines they wait in. */
export class EventTable {
  readonly #ids: string[] = []
  readonly #numbers = new Map<string, number>()
  readonly #endpoints = wholeNumbers()
  readonly #sequences = bigNumbers()
  readonly #types = wholeNumbers()
  readonly #keys = wholeNumbers()
  readonly #lanes = wholeNumbers()
  readonly #texts = new TextTable()
  /** Of each lane its key; of each endpoint its lanes by key. */
  readonly #laneKeys: string[] = []
  readonly #lanesOf: Map<string, number>[] = []

  get length(): number {
    return this.#ids.length
  }

  get lanes(): number {
    return this.#laneKeys.length
  }

  add(eventId: string, endpoint: number, submitted: EventSubmitted): number {
    const { eventType, sequence, orderingKey, ordering = 'fifo' } = submitted
    const number = this.#ids.length
    this.#ids.push(eventId)
    this.#numbers.set(eventId, number)
    this.#endpoints.push(endpoint)
    this.#sequences.push(sequence)
    this.#types.push(this.#texts.numberOf(eventType))
    this.#keys.push(orderingKey === null ? -1 : this.#texts.numberOf(orderingKey))
    const isAlone = ordering === 'none'
    this.#lanes.push(isAlone ? -1 : this.#laneFor(endpoint, laneKeyOf(ordering, orderingKey, eventId)))
    return number
  }

  /** -1 for an id that the log does not know. */
  numberOf(eventId: string): number {
    return this.#numbers.get(eventId) ?? -1
  }

  idOf(event: number): string {
    return this.#ids[event] ?? ''
  }

  endpointOf(event: number): number {
    return this.#endpoints.at(event)
  }

  laneOf(event: number): number {
    return this.#lanes.at(event)
  }

  facts(event: number): EventFacts {
    const key = this.#keys.at(event)
    const lane = this.#lanes.at(event)
    const eventId = this.idOf(event)
    return {
      eventId,
      endpoint: this.#endpoints.at(event),
      eventType: this.#texts.textOf(this.#types.at(event)),
      sequence: this.#sequences.at(event),
      orderingKey: key === -1 ? null : this.#texts.textOf(key),
      laneKey: lane === -1 ? eventId : (this.#laneKeys[lane] ?? ''),
      lane,
    }
  }

  /** The lanes of an endpoint, by their keys, in the order of their first events. */
  lanesOf(endpoint: number): ReadonlyMap<string, number> {
    return this.#lanesOf[endpoint] ?? new Map<string, number>()
  }

  /** Whether an event's id, type or ordering key holds a text, which is in lower case. */
  matches(event: number, text: string): boolean {
    if (this.idOf(event).toLowerCase().includes(text)) return true
    const key = this.#keys.at(event)
    return this.#texts.matches(this.#types.at(event), text) || (key !== -1 && this.#texts.matches(key, text))
  }

  #laneFor(endpoint: number, laneKey: string): number {
    const lanes = (this.#lanesOf[endpoint] ??= new Map())
    const known = lanes.get(laneKey)
    if (known !== undefined) return known
    const lane = this.#laneKeys.length
    this.#laneKeys.push(laneKey)
    lanes.set(laneKey, lane)
    return lane
  }
}
