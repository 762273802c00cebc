// How many dead letters an endpoint has in the file, without those that are about to be removed.
import { integerIn, textIn } from './columns.ts'
import type { CommittedState } from './committed-state.ts'
import type { FileReading, Query } from './file-reading.ts'

/** So many more events are remembered than are about to be removed, at most. */
const mostRemembered = 256

export class DeadLetterCount {
  readonly #state: CommittedState
  readonly #count: Query
  readonly #endpointOf: Query
  /**
   * Of events that are about to be removed: whose dead letter each is, null when it is none. They are looked up once, however
   * many endpoints are asked for.
   */
  readonly #removed = new Map<string, string | null>()

  constructor(reading: FileReading, state: CommittedState) {
    this.#state = state
    this.#count = reading.query(
      'SELECT count(*) AS events FROM events WHERE endpoint = (SELECT number FROM endpoints WHERE id = ?) AND status = 3',
    )
    this.#endpointOf = reading.query(
      'SELECT endpoints.id FROM events JOIN endpoints ON endpoints.number = endpoint WHERE events.id = ? AND status = 3',
    )
  }

  of(endpointId: string): number {
    let count = integerIn(this.#count.get(endpointId) ?? {}, 'events')
    if (count === 0) return 0
    const { removedEvents } = this.#state.group
    if (this.#removed.size > removedEvents.size + mostRemembered) this.#removed.clear()
    for (const eventId of removedEvents) if (this.#ownerOf(eventId) === endpointId) count -= 1
    return count
  }

  #ownerOf(eventId: string): string | null {
    let owner = this.#removed.get(eventId)
    if (owner === undefined) {
      const row = this.#endpointOf.get(eventId)
      owner = row === undefined ? null : textIn(row, 'id')
      this.#removed.set(eventId, owner)
    }
    return owner
  }
}
