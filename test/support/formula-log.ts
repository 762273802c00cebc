// A recorded log of any length by formula: many endpoints, their lines, retries, refusals, dead letters and pauses, in
// the order in which a service would have written them. Quickly, and in little memory.
import { appendFileSync, closeSync, openSync } from 'node:fs'
import type { LoggedEvent, LogRecord } from '../../src/log/transition.ts'

interface Waiting {
  readonly eventId: string
  readonly number: number
  attempts: number
  left: number
  status: 'pending' | 'delivering' | 'backoff'
}

const endpoints = 97
const budget = 3
const startMs = Date.UTC(2025, 0, 1)

const failed = { reason: 'status', message: 'HTTP 503', status: 503, reach: 'answered' } as const
const refused = { reason: 'status', message: 'HTTP 400', status: 400, reach: 'answered' } as const

/** The first `count` records. */
export function* formulaRecords(count: number): Iterable<LogRecord> {
  const lines = Array.from({ length: endpoints }, () => new Array<Waiting>())
  const submitted = new Array<number>(endpoints).fill(0)
  let events = 0
  for (let seq = 1; seq <= count; seq += 1) {
    const at = new Date(startMs + seq * 3).toISOString()
    const endpoint = (seq * 31) % endpoints
    const line = lines[endpoint]!
    const head = line[0]
    if (head === undefined || (seq % 10 < 3 && line.length < 50)) {
      events += 1
      const eventId = `evt_${String(events).padStart(21, '0')}`
      line.push({ eventId, number: events, attempts: 0, left: budget, status: 'pending' })
      submitted[endpoint]! += 1
      const event = submission(events, submitted[endpoint]!, at)
      yield record(seq, at, endpoint, eventId, event, null, 'pending', 0)
    } else {
      yield step(seq, at, endpoint, line, head)
    }
  }
}

/** Writes them to a file, a piece at a time. */
export function writeFormulaLog(path: string, count: number): void {
  const file = openSync(path, 'w')
  let piece: string[] = []
  for (const line of formulaRecords(count)) {
    piece.push(JSON.stringify(line))
    if (piece.length === 10_000) {
      appendFileSync(file, `${piece.join('\n')}\n`)
      piece = []
    }
  }
  if (piece.length > 0) appendFileSync(file, `${piece.join('\n')}\n`)
  closeSync(file)
}

function submission(number: number, sequence: number, at: string): LoggedEvent {
  const order = { order: number, customer: `cus_${number % 1000}`, amount: (number * 37) % 10_000, currency: 'EUR' }
  const body = JSON.stringify({ ...order, items: [`sku_${number % 77}`, `sku_${number % 101}`] })
  const eventType = number % 5 === 0 ? 'order.refunded' : 'order.paid'
  const plain = { type: 'event.submitted', at, eventType, body, form: 'payload', sequence } as const
  return { ...plain, orderingKey: null, idempotencyKey: null, budget }
}

function step(seq: number, at: string, endpoint: number, line: Waiting[], head: Waiting): LogRecord {
  const from = head.status
  if (from !== 'delivering') {
    head.attempts += 1
    head.left -= 1
    head.status = 'delivering'
    const started = { type: 'attempt.started', attempt: head.attempts, at } as const
    return record(seq, at, endpoint, head.eventId, started, from, 'delivering', head.attempts)
  }
  const attempt = head.attempts
  const end = { attempt, at, durationMs: seq % 400, snippet: '{"received":true}' } as const
  if (head.number % 200 === 0 || (head.number % 12 === 0 && attempt === 1)) {
    const retryAt = new Date(startMs + seq * 3 + 100 * attempt).toISOString()
    const event = { type: 'attempt.failed', ...end, failure: failed, retryAt } as const
    if (head.left > 0) {
      head.status = 'backoff'
      return record(seq, at, endpoint, head.eventId, event, from, 'backoff', attempt)
    }
    line.shift()
    return record(seq, at, endpoint, head.eventId, event, from, 'deadLettered', attempt)
  }
  line.shift()
  if (head.number % 333 === 0) {
    const event = { type: 'attempt.rejected', ...end, failure: refused } as const
    return record(seq, at, endpoint, head.eventId, event, from, 'failed', attempt)
  }
  const event = { type: 'attempt.succeeded', ...end, status: 200 } as const
  return record(seq, at, endpoint, head.eventId, event, from, 'delivered', attempt)
}

function record(
  seq: number,
  at: string,
  endpoint: number,
  eventId: string,
  event: LoggedEvent,
  from: LogRecord['from'],
  to: LogRecord['to'],
  attempts: number,
): LogRecord {
  const endpointId = `ep_${String(endpoint).padStart(21, '0')}`
  // Made as the machine would have made it; the fold of the tests checks that.
  return { seq, at, endpointId, eventId, event, from, to, attempts, machine: 'delivery@1' } as LogRecord
}
