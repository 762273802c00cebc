import { LinkedList } from '../collections/linked-list.ts'
import type { FoldedEvent, FoldingEvent } from './folded-event.ts'

/** One line of an endpoint, as the records so far tell of it. */
export interface FoldedLine {
  readonly endpointId: string
  readonly laneKey: string
  /** The events that are not settled, in their order; the first is the head. Made anew each time it is read. */
  readonly waiting: readonly FoldedEvent[]
  /** The dead letter that holds the line until a person decides. */
  readonly haltedBy: FoldedEvent | null
}

/** A line that its events move on, by the rules that live lanes keep. */
export class FoldingLine implements FoldedLine {
  readonly endpointId: string
  readonly laneKey: string
  readonly #waiting = new LinkedList<FoldingEvent>()
  #haltedBy: FoldingEvent | null = null

  constructor(endpointId: string, laneKey: string) {
    this.endpointId = endpointId
    this.laneKey = laneKey
  }

  get waiting(): readonly FoldedEvent[] {
    return [...this.#waiting]
  }

  get haltedBy(): FoldedEvent | null {
    return this.#haltedBy
  }

  /** Whether nothing waits in it and nothing holds it. */
  get idle(): boolean {
    return this.#waiting.size === 0 && this.#haltedBy === null
  }

  /** Takes in an event that is not settled: at the end, or back at the front if it held the line. */
  join(event: FoldingEvent): void {
    if (event === this.#haltedBy) {
      this.#haltedBy = null
      this.#waiting.unshift(event)
    } else {
      this.#waiting.push(event)
    }
  }

  /** Lets go of an event that has settled, unless it holds the line now. */
  leave(event: FoldingEvent): void {
    this.#waiting.remove(event)
    if (event.state.context.holdsLine) this.#haltedBy = event
  }

  /** Goes on past the dead letter that held it. */
  release(): void {
    this.#haltedBy = null
  }
}
