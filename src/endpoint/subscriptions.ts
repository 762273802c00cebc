import { anyEventType, prefixEnding } from './event-type-pattern.ts'

interface Entry<T> {
  readonly item: T
  /** Registration order. */
  readonly place: number
  /** Patterns under which the entry is found; none left, and it is forgotten. */
  uses: number
}

/**
 * Who is subscribed to what: an index from pattern to items. Finding the subscribers of an event type costs one lookup
 * for each of its segments, plus the items found, however many items there are.
 */
export class Subscriptions<T> {
  readonly #entries = new Map<T, Entry<T>>()
  readonly #byPattern = new Map<string, Set<Entry<T>>>()
  #nextPlace = 0

  /** Subscribes an item; its place in line is that of its first `add`. Patterns it has already are passed over. */
  add(item: T, patterns: Iterable<string>): void {
    const entry = this.#entries.get(item) ?? { item, place: this.#nextPlace++, uses: 0 }
    for (const pattern of patterns) this.#addUnder(pattern, entry)
    if (entry.uses > 0) this.#entries.set(item, entry)
  }

  /** Ends an item's subscription to these patterns; with its last pattern the item loses its place. */
  remove(item: T, patterns: Iterable<string>): void {
    const entry = this.#entries.get(item)
    if (entry === undefined) return
    for (const pattern of patterns) this.#removeUnder(pattern, entry)
    if (entry.uses === 0) this.#entries.delete(item)
  }

  /** Exchanges an item's patterns; it keeps its place. */
  replace(item: T, before: Iterable<string>, after: Iterable<string>): void {
    const kept = new Set(after)
    this.add(item, kept)
    const ended: string[] = []
    for (const pattern of before) if (!kept.has(pattern)) ended.push(pattern)
    this.remove(item, ended)
  }

  /** The items with a pattern that matches the event type: each once, in registration order. */
  matching(eventType: string): T[] {
    const found = new Set<Entry<T>>()
    this.#collect(eventType, found)
    for (let dot = eventType.indexOf('.'); dot !== -1; dot = eventType.indexOf('.', dot + 1)) {
      this.#collect(eventType.slice(0, dot) + prefixEnding, found)
    }
    this.#collect(anyEventType, found)
    return [...found].sort((a, b) => a.place - b.place).map((entry) => entry.item)
  }

  #collect(pattern: string, found: Set<Entry<T>>): void {
    const entries = this.#byPattern.get(pattern)
    if (entries === undefined) return
    for (const entry of entries) found.add(entry)
  }

  #addUnder(pattern: string, entry: Entry<T>): void {
    let entries = this.#byPattern.get(pattern)
    if (entries === undefined) this.#byPattern.set(pattern, (entries = new Set()))
    if (entries.has(entry)) return
    entries.add(entry)
    entry.uses++
  }

  #removeUnder(pattern: string, entry: Entry<T>): void {
    const entries = this.#byPattern.get(pattern)
    if (entries?.delete(entry) !== true) return
    if (entries.size === 0) this.#byPattern.delete(pattern)
    entry.uses--
  }
}
