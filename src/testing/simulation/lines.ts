import type { EventHistory } from './history.ts'
import type { SimulatedEndpoint } from './simulated-endpoint.ts'

/** A line as the rules have it: who waits in it, in order, and the dead letter that may hold it. */
export interface Line {
  readonly endpoint: SimulatedEndpoint
  readonly waiting: EventHistory[]
  heldBy: EventHistory | null
}

/** Follows the lines of a run record by record. It knows the rules alone, and nothing of the service. */
export class Lines {
  readonly #lines = new Map<string, Line>()
  /** Events that held their line and were put back in it: they are let through whatever the limits. */
  readonly #letThrough = new Set<EventHistory>()

  all(): Iterable<Line> {
    return this.#lines.values()
  }

  of(event: EventHistory): Line {
    const name = `${event.endpoint.id} ${event.laneKey}`
    let line = this.#lines.get(name)
    if (line === undefined) {
      line = { endpoint: event.endpoint, waiting: [], heldBy: null }
      this.#lines.set(name, line)
    }
    return line
  }

  clear(): void {
    this.#lines.clear()
    this.#letThrough.clear()
  }

  isLetThrough(event: EventHistory): boolean {
    return this.#letThrough.has(event)
  }

  /** `event` has taken a step, by an event of this type, that led to the state it is in now. */
  stepped(event: EventHistory, type: string): void {
    const line = this.of(event)
    const place = line.waiting.indexOf(event)
    const { value } = event.state
    const settled = value === 'delivered' || value === 'failed' || value === 'deadLettered'
    if (type === 'line.released') {
      line.heldBy = null
    } else if (!settled && place === -1) {
      this.#join(line, event)
    } else if (settled && place !== -1) {
      line.waiting.splice(place, 1)
      this.#letThrough.delete(event)
      if (value === 'deadLettered' && event.endpoint.settings.whenExhausted === 'halt') line.heldBy = event
    }
  }

  #join(line: Line, event: EventHistory): void {
    if (line.heldBy === event) {
      line.heldBy = null
      line.waiting.unshift(event)
      this.#letThrough.add(event)
    } else {
      line.waiting.push(event)
    }
  }
}
