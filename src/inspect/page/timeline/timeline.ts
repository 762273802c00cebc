// An event's life as bars on one axis: what it waited for, and how long each attempt took. Plain data from its records.
import type { RecordView } from '../../view/record-view.ts'
import type { DeliveryView } from '../../view/view-source.ts'

/**
 * - `line`: it waited for its turn in line; `hold`: a rate limit held it; `backoff`: it waited for its next attempt to be
 *   due; `late`: that was due and had yet to start.
 * - `flight`: a request was under way.
 */
export type BarKind = 'line' | 'hold' | 'backoff' | 'late' | 'flight'

export interface Bar {
  readonly kind: BarKind
  readonly fromMs: number
  readonly toMs: number
}

export interface TimelineRow {
  /** The attempt that these bars lead to; null for one that has not started. */
  readonly attempt: number | null
  readonly bars: readonly Bar[]
  /** The record that ended the attempt; null while it is under way or has not started. */
  readonly end: RecordView | null
}

/** All times in milliseconds since 1970. */
export interface Timeline {
  readonly startMs: number
  readonly endMs: number
  readonly nowMs: number
  readonly rows: readonly TimelineRow[]
}

export function timelineOf({
  records,
  row,
  retryAt,
  at,
}: Pick<DeliveryView, 'records' | 'row' | 'retryAt' | 'at'>): Timeline {
  const startMs = Date.parse(row.submittedAt)
  const rows: TimelineRow[] = []
  const waiting = new Waiting(startMs)
  let open: { attempt: number | null; bars: Bar[]; startedMs: number } | null = null
  for (const record of records) {
    const timeMs = Date.parse(record.at)
    if (record.type === 'attempt.started') {
      open = { attempt: record.attempt, bars: waiting.until(timeMs, record.rateLimitedMs ?? 0), startedMs: timeMs }
    } else if (record.attempt !== null && open !== null) {
      const bars = [...open.bars, { kind: 'flight' as const, fromMs: open.startedMs, toMs: timeMs }]
      rows.push({ attempt: open.attempt, bars, end: record })
      open = null
    }
    if (record.type !== 'attempt.started') waiting.begin(record, timeMs)
  }
  const nowMs = Math.max(Date.parse(at), Date.parse(row.lastAt))
  if (open !== null) {
    const flight = { kind: 'flight' as const, fromMs: open.startedMs, toMs: nowMs }
    rows.push({ attempt: open.attempt, bars: [...open.bars, flight], end: null })
  } else if (row.status === 'pending' || row.status === 'backoff') {
    rows.push({ attempt: null, bars: waiting.until(nowMs, 0, true), end: null })
  }
  const settledMs = Date.parse(row.lastAt)
  const endMs = row.status === 'pending' || row.status === 'delivering' ? nowMs : settledMs
  const dueMs = row.status === 'backoff' && retryAt !== null ? Date.parse(retryAt) : 0
  const lastMs = row.status === 'backoff' ? Math.max(nowMs, dueMs) : endMs
  return { startMs, endMs: Math.max(lastMs, startMs + 1), nowMs, rows }
}

/** What an event has waited for since its last attempt. */
class Waiting {
  #fromMs: number
  /** When the next attempt is due; null when it only waits in line. */
  #dueMs: number | null = null

  constructor(fromMs: number) {
    this.#fromMs = fromMs
  }

  begin({ retryAt }: RecordView, timeMs: number): void {
    this.#fromMs = timeMs
    this.#dueMs = retryAt === null ? null : Date.parse(retryAt)
  }

  /** @param open whether it waits still: then its backoff is shown to its end */
  until(timeMs: number, heldMs: number, open = false): Bar[] {
    const from = this.#fromMs
    const due = this.#dueMs
    const bars: Bar[] = []
    const add = (kind: BarKind, fromMs: number, toMs: number): void => {
      if (toMs > fromMs) bars.push({ kind, fromMs, toMs })
    }
    const heldFrom = Math.max(from, timeMs - heldMs)
    if (due === null) add('line', from, heldFrom)
    else {
      const backoffEnd = open ? due : Math.min(due, timeMs)
      add('backoff', from, backoffEnd)
      add('late', backoffEnd, Math.max(backoffEnd, heldFrom))
    }
    add('hold', Math.max(heldFrom, due ?? 0), timeMs)
    return bars
  }
}

const steps = [1, 2, 5, 10, 20, 50, 100, 200, 500]
const longSteps = [1, 2, 5, 10, 15, 30, 60, 120, 300, 600, 900, 1800, 3600, 7200, 10_800, 21_600, 43_200, 86_400]

/** Where to mark an axis of this length: at most six round times, in milliseconds from its start. */
export function ticksOf(lengthMs: number): number[] {
  const all = [...steps, ...longSteps.map((seconds) => seconds * 1000)]
  const step = all.find((candidate) => lengthMs / candidate <= 6) ?? Math.ceil(lengthMs / 6 / 86_400_000) * 86_400_000
  const ticks: number[] = []
  for (let tick = 0; tick <= lengthMs; tick += step) ticks.push(tick)
  return ticks
}
