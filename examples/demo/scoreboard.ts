import type { Transition } from '../../src/index.ts'

/** One endpoint's line, as the log tells of it. */
export interface ScoreRow {
  readonly name: string
  submitted: number
  delivered: number
  /** Attempts started beyond each event's first. */
  retries: number
  /** Settled without delivery: dead letters and refused events. */
  lost: number
  /** What its head is doing; `done` when nothing is left. */
  state: 'waiting' | 'inFlight' | 'backoff' | 'done'
  /** The head's attempts so far. */
  attempts: number
}

export interface ScoreTotals {
  submitted: number
  delivered: number
  retries: number
  lost: number
  inFlight: number
  backoff: number
}

/** Progress, read off the log and nothing else. Each endpoint must have one line (`ordering: 'fifo'`). */
export class Scoreboard {
  readonly #rows = new Map<string, ScoreRow>()

  add(endpointId: string, name: string): void {
    const none = { submitted: 0, delivered: 0, retries: 0, lost: 0, attempts: 0 }
    this.#rows.set(endpointId, { name, ...none, state: 'done' })
  }

  get rows(): readonly ScoreRow[] {
    return [...this.#rows.values()]
  }

  read({ endpointId, from, to, attempts }: Transition): void {
    const row = this.#rows.get(endpointId)
    if (row === undefined) return
    if (from === null) {
      row.submitted += 1
      if (row.state === 'done') row.state = 'waiting'
      return
    }
    row.attempts = attempts
    if (to === 'delivering') {
      row.state = 'inFlight'
      if (attempts > 1) row.retries += 1
    } else if (to === 'backoff') row.state = 'backoff'
    else if (to === 'pending') row.state = 'waiting'
    else settle(row, to === 'delivered')
  }

  totals(): ScoreTotals {
    const totals: ScoreTotals = { submitted: 0, delivered: 0, retries: 0, lost: 0, inFlight: 0, backoff: 0 }
    for (const row of this.#rows.values()) {
      totals.submitted += row.submitted
      totals.delivered += row.delivered
      totals.retries += row.retries
      totals.lost += row.lost
      if (row.state === 'inFlight' || row.state === 'backoff') totals[row.state] += 1
    }
    return totals
  }
}

function settle(row: ScoreRow, delivered: boolean): void {
  if (delivered) row.delivered += 1
  else row.lost += 1
  row.attempts = 0
  row.state = row.delivered + row.lost < row.submitted ? 'waiting' : 'done'
}
