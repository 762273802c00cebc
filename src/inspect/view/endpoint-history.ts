import type { EndpointTransition } from '../../log/transition.ts'

/** How many of an endpoint's own records are shown, and of how many endpoints they are kept. */
export const shownRecords = 50
const keptEndpoints = 1000

/** The newest records of endpoints' own, of a running service. */
export class EndpointHistory {
  readonly #records = new Map<string, EndpointTransition[]>()

  take(record: EndpointTransition): void {
    const { endpointId } = record
    const records = this.#records.get(endpointId) ?? []
    if ((records.at(-1)?.seq ?? 0) >= record.seq) return
    records.push(record)
    if (records.length > shownRecords) records.shift()
    // Put at the end: the endpoint heard of longest ago is the first to go.
    this.#records.delete(endpointId)
    this.#records.set(endpointId, records)
    const [oldest] = this.#records.keys()
    if (this.#records.size > keptEndpoints && oldest !== undefined) this.#records.delete(oldest)
  }

  of(endpointId: string): readonly EndpointTransition[] {
    return this.#records.get(endpointId) ?? []
  }
}
