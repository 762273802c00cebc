// Numbers records, sums them, and puts them into the group. Each is written as JSON here, once: what has no JSON form is
// refused before anything was stored.
import type { EndpointTransition, EndpointTransitionDraft, Transition, TransitionDraft } from '../log/transition.ts'
import { sumOf } from './chain.ts'
import { Group } from './group.ts'
import type { GroupedRecord } from './grouped-record.ts'
import { recordKinds } from './schema.ts'
import type { ConfigurationDraft } from './stored-endpoints.ts'

export class Appending {
  #group = new Group()
  #lastSeq: number
  #lastSum: string

  constructor(lastSeq: number, lastSum: string) {
    this.#lastSeq = lastSeq
    this.#lastSum = lastSum
  }

  /** What is not committed. */
  get group(): Group {
    return this.#group
  }

  append(draft: TransitionDraft): Transition {
    const record = numbered(draft, this.#lastSeq + 1)
    this.#add(recordKinds.event, record.endpointId, record, JSON.stringify(record))
    return record
  }

  appendAll(drafts: readonly TransitionDraft[]): readonly Transition[] {
    const records = drafts.map((draft, index) => numbered(draft, this.#lastSeq + 1 + index))
    const lines = records.map((record) => JSON.stringify(record))
    records.forEach((record, index) => this.#add(recordKinds.event, record.endpointId, record, lines[index] ?? ''))
    return records
  }

  appendEndpoint(draft: EndpointTransitionDraft): EndpointTransition {
    const { at, endpointId, eventId, event, from, to, attempts, machine } = draft
    const seq = this.#lastSeq + 1
    const record: EndpointTransition = { seq, at, endpointId, eventId, event, from, to, attempts, machine }
    this.#add(recordKinds.endpointHealth, record.endpointId, record, JSON.stringify(record))
    return record
  }

  /** Returns its `seq`. */
  appendConfiguration(draft: ConfigurationDraft): number {
    const { at, endpointId, registeredSeq, configuration } = draft
    const line = JSON.stringify({ seq: this.#lastSeq + 1, at, endpointId, registeredSeq, configuration })
    this.#add(recordKinds.endpointConfiguration, endpointId, null, line, configuration === null)
    return this.#lastSeq
  }

  /** The group was committed; those events of it are still to be removed. */
  startGroup(unremoved: readonly string[]): void {
    this.#group = new Group()
    for (const eventId of unremoved) this.#group.removedEvents.add(eventId)
  }

  #add(kind: number, endpointId: string, record: GroupedRecord['record'], line: string, endsEndpoint = false): void {
    const seq = this.#lastSeq + 1
    const previous = this.#lastSum
    const sum = sumOf(previous, seq, line)
    this.#group.records.push({ seq, kind, endpointId, record, endsEndpoint, line, previous, sum, dropped: false })
    this.#lastSeq = seq
    this.#lastSum = sum
  }
}

/** Field by field: a draft that came from a file may carry more. */
function numbered(draft: TransitionDraft, seq: number): Transition {
  const { at, endpointId, eventId, event, from, to, attempts, machine } = draft
  return { seq, at, endpointId, eventId, event, from, to, attempts, machine }
}
