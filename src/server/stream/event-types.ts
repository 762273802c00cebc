import type { Transition } from '../../log/transition.ts'
import type { TransitionLog } from '../../log/transition-log.ts'
import { isJudged } from '../faults.ts'

/** The types of events lately seen. Only an event's first record tells its type, so it is read once and remembered. */
export class EventTypes {
  readonly #log: TransitionLog
  readonly #limit: number
  readonly #byEvent = new Map<string, string | null>()

  /** @param limit events remembered; the one first seen is forgotten first */
  constructor(log: TransitionLog, limit: number) {
    this.#log = log
    this.#limit = limit
  }

  /** Null when the event's first record is not kept any more. */
  typeOf({ eventId, event }: Transition): string | null {
    if (event.type === 'event.submitted') return event.eventType
    const known = this.#byEvent.get(eventId)
    return known === undefined ? this.#remember(eventId, this.#read(eventId)) : known
  }

  /** Remembers an event's type as it goes by. */
  note({ eventId, event }: Transition): void {
    if (event.type === 'event.submitted') this.#remember(eventId, event.eventType)
  }

  clear(): void {
    this.#byEvent.clear()
  }

  #remember(eventId: string, eventType: string | null): string | null {
    if (!this.#byEvent.has(eventId) && this.#byEvent.size >= this.#limit) {
      const [first] = this.#byEvent.keys()
      if (first !== undefined) this.#byEvent.delete(first)
    }
    this.#byEvent.set(eventId, eventType)
    return eventType
  }

  #read(eventId: string): string | null {
    try {
      for (const { event } of this.#log.entries({ eventId })) {
        return event.type === 'event.submitted' ? event.eventType : null
      }
    } catch (error) {
      if (!isJudged(error)) throw error
      // A log that cannot be read just now has more to worry about than a live view.
    }
    return null
  }
}
