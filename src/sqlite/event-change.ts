// What a group's records change about one event, as the index keeps it: once per event and group, however many records.
import type { SettledStatus } from '../../machines/delivery.ts'
import { msOf } from '../clock/iso-time.ts'
import type { EventSubmitted, Transition } from '../log/transition.ts'
import { isSettled } from '../statechart/resting-delivery.ts'
import { settledStatuses } from './schema.ts'

/** The state that the column `status` says; null for none, and for what no version has written. */
export function settledStatusOf(number: number | null): SettledStatus | null {
  return number === null ? null : (byNumber[number - 1] ?? null)
}

const byNumber: readonly SettledStatus[] = ['delivered', 'failed', 'deadLettered']

export class EventChange {
  /** The event's number and its endpoint's. */
  readonly number: number
  readonly endpoint: number
  /** The record that the event begins with; null when it began before this group. */
  readonly first: Transition | null
  /** Whether the records say where it is in line now. If not, it stays where it is. */
  placed: boolean
  /** When placed: the `seq` that it joined its line with, or null when it is in none. Else what counts if it is in none. */
  joined: number | null
  /** Whether the records say that it settled, or is open again. */
  turned = false
  status: number | null = null
  settledAtMs: number | null = null
  /** Whether the index says something else of it now. */
  #touched = false

  constructor(number: number, endpoint: number, first: Transition | null) {
    this.number = number
    this.endpoint = endpoint
    this.first = first
    this.placed = first !== null
    this.joined = first === null ? null : first.seq
  }

  get touched(): boolean {
    return this.#touched
  }

  /** Takes in a later record of the event. */
  read({ seq, at, event, from, to }: Transition): void {
    const wasSettled = from !== null && isSettled(from)
    if (isSettled(to)) {
      if (!wasSettled) this.#settle(to, msOf(at), event.type === 'attempt.failed' && event.holdsLine === true)
      else if (event.type === 'line.released') this.#leaveLine()
    } else if (wasSettled) {
      this.#reopen(seq)
    }
  }

  #settle(status: SettledStatus, settledAtMs: number, holdsLine: boolean): void {
    this.#turn(settledStatuses[status], settledAtMs)
    if (!holdsLine) this.#leaveLine()
  }

  /** Back in line: where it is, if it held its line all the time; else at the end. */
  #reopen(seq: number): void {
    this.#turn(null, null)
    this.joined ??= seq
  }

  #turn(status: number | null, settledAtMs: number | null): void {
    this.#touched = true
    this.turned = true
    this.status = status
    this.settledAtMs = settledAtMs
  }

  #leaveLine(): void {
    this.#touched = true
    this.placed = true
    this.joined = null
  }
}

/** The line of its endpoint that a submission joins: null for one of its own. */
export function laneOf({ ordering, orderingKey }: EventSubmitted): string | null {
  if (ordering === undefined) return ''
  return ordering === 'key' ? (orderingKey ?? '') : null
}
