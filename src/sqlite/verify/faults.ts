/** What is wrong with a log's file. */
export interface Fault {
  /**
   * `file`: SQLite cannot read it, or what it reads contradicts itself. `record`: a record is not what was written, or
   * does not follow from those before it. `missing`: records are gone that retention did not remove. `index`: the log is
   * whole, but what is kept beside it for finding things says something else.
   */
  readonly kind: 'file' | 'record' | 'missing' | 'index'
  /** The record it is about; null where it is about none. */
  readonly seq: number | null
  /** Null where it is about no event. */
  readonly eventId: string | null
  readonly message: string
}

/** So many are told, and the others counted. */
const mostTold = 100

export class Faults {
  readonly #told: Fault[] = []
  #count = 0

  add(kind: Fault['kind'], message: string, about: { readonly seq?: number; readonly eventId?: string } = {}): void {
    this.#count += 1
    if (this.#told.length === mostTold) return
    this.#told.push({ kind, seq: about.seq ?? null, eventId: about.eventId ?? null, message })
  }

  get told(): readonly Fault[] {
    return this.#told
  }

  /** How many there were, told or not. */
  get count(): number {
    return this.#count
  }
}
