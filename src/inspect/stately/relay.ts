// Keeps the latest messages for viewers who come later. What leaves it because there is no more room lives on in the
// announcements of the actors concerned, so that whoever comes knows every actor there is, its definition and its state.
import { LinkedList } from '../../collections/linked-list.ts'
import type { Linked } from '../../collections/linked-list.ts'
import type { StatelyMessage } from './message-writer.ts'

/** A message with its place among all of a relay. */
export interface RelayedMessage {
  readonly number: number
  readonly text: string
}

export interface RelayLimits {
  readonly messages: number
  /** Of all their texts together. */
  readonly characters: number
}

const defaultLimits: RelayLimits = { messages: 2000, characters: 4_000_000 }

interface Kept extends StatelyMessage, RelayedMessage, Linked<Kept> {}

/** An actor whose announcement has left the ring. */
interface Announced {
  readonly announcement: string
  /** Its last snapshot message that has left the ring. */
  snapshot: string | null
}

export class Relay {
  readonly #limits: RelayLimits
  readonly #kept = new LinkedList<Kept>()
  readonly #announced = new Map<string, Announced>()
  readonly #listeners = new Set<() => void>()
  #characters = 0
  #lastNumber = 0

  constructor(limits = defaultLimits) {
    this.#limits = limits
  }

  push(message: StatelyMessage): void {
    this.#lastNumber += 1
    this.#kept.push({ ...message, number: this.#lastNumber, previous: null, next: null })
    this.#characters += message.text.length
    const { messages, characters } = this.#limits
    while (this.#kept.size > messages || (this.#characters > characters && this.#kept.size > 1)) this.#compact()
    for (const listener of [...this.#listeners]) listener()
  }

  /**
   * What comes after the message numbered `after`; 0 for a viewer that has none. Where some of that is no longer kept:
   * every actor as it was before the oldest message that is, and all messages since.
   */
  *since(after: number): IterableIterator<RelayedMessage> {
    // A number that was never given is of a relay before this one.
    if (after > this.#lastNumber) after = 0
    const firstKept = this.#kept.first?.number ?? this.#lastNumber + 1
    if (after + 1 < firstKept) {
      for (const actor of this.#announced.values()) yield { number: firstKept - 1, text: announcementOf(actor) }
    }
    // The new ones are at the end.
    let next = this.#kept.last
    if (next === null || next.number <= after) return
    while (next.previous !== null && next.previous.number > after) next = next.previous
    for (let message: Kept | null = next; message !== null; message = message.next) yield message
  }

  /** Calls back after each message. Returns a function that ends it. */
  onMessage(listener: () => void): () => void {
    this.#listeners.add(listener)
    return () => {
      this.#listeners.delete(listener)
    }
  }

  /** Lets the oldest message go. */
  #compact(): void {
    const oldest = this.#kept.first
    if (oldest === null) return
    this.#kept.remove(oldest)
    this.#characters -= oldest.text.length
    const { type, sessionId, text, stops } = oldest
    const announced = this.#announced.get(sessionId)
    if (type === '@xstate.actor') this.#announced.set(sessionId, { announcement: text, snapshot: null })
    else if (stops) this.#announced.delete(sessionId)
    else if (type === '@xstate.snapshot' && announced !== undefined) announced.snapshot = text
  }
}

/** An actor's announcement, as if it were made with its last snapshot. */
function announcementOf({ announcement, snapshot }: Announced): string {
  if (snapshot === null) return announcement
  const latest = JSON.parse(snapshot) as { snapshot: unknown } // a message that was made here
  return JSON.stringify({ ...(JSON.parse(announcement) as object), snapshot: latest.snapshot })
}
