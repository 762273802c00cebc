// The records of an event as messages between its line, its delivery and its endpoint.
import type { RecordView } from '../../view/record-view.ts'
import { formatDuration } from '../text/format-time.ts'

export type Lifeline = 'line' | 'delivery' | 'endpoint'

export interface Message {
  readonly seq: number
  readonly at: string
  /** From one lifeline to another; from one to itself for what happens there. */
  readonly from: Lifeline
  readonly to: Lifeline
  readonly text: string
  /** `lost`: no answer came. */
  readonly tone: 'plain' | 'good' | 'bad' | 'lost'
}

export function messagesOf(records: readonly RecordView[]): Message[] {
  return records.flatMap((record) =>
    stepsOf(record).map((step) => ({ seq: record.seq, at: record.at, tone: 'plain', ...step })),
  )
}

type Step = Pick<Message, 'from' | 'to' | 'text'> & { tone?: Message['tone'] }

function stepsOf(record: RecordView): Step[] {
  const { type, attempt, to } = record
  switch (type) {
    case 'event.submitted':
      return [{ from: 'line', to: 'line', text: 'submitted: joins the line' }]
    case 'attempt.started':
      return [
        { from: 'line', to: 'delivery', text: turnText(record) },
        { from: 'delivery', to: 'endpoint', text: `POST, attempt ${attempt ?? ''}` },
      ]
    case 'attempt.succeeded':
      return [
        { from: 'endpoint', to: 'delivery', text: answerText(record), tone: 'good' },
        { from: 'delivery', to: 'line', text: 'delivered: the next one is due', tone: 'good' },
      ]
    case 'attempt.failed':
    case 'attempt.rejected':
      return [
        { from: 'endpoint', to: 'delivery', text: answerText(record), tone: record.status === null ? 'lost' : 'bad' },
        to === 'backoff' ? backoffStep(record) : { from: 'delivery', to: 'line', text: settledText(to), tone: 'bad' },
      ]
    case 'attempt.interrupted':
      return [
        { from: 'delivery', to: 'endpoint', text: 'cut off by hookline itself', tone: 'lost' },
        { from: 'delivery', to: 'line', text: 'back in line' },
      ]
    case 'redelivery.requested':
      return [{ from: 'line', to: 'line', text: 'redelivery requested: back in line' }]
    case 'event.abandoned':
      return [{ from: 'delivery', to: 'line', text: `given up: ${record.failure?.message ?? ''}`, tone: 'bad' }]
    case 'line.released':
      return [{ from: 'line', to: 'line', text: 'a person lets the line go on without it' }]
    default:
      return [{ from: 'delivery', to: 'delivery', text: type }]
  }
}

function turnText({ from, rateLimitedMs }: RecordView): string {
  const turn = from === 'backoff' ? 'backoff is over' : 'its turn'
  return rateLimitedMs === null ? turn : `${turn}, held for ${formatDuration(rateLimitedMs)} by a rate limit`
}

function answerText({ status, failure, durationMs }: RecordView): string {
  const took = durationMs === null ? '' : ` after ${formatDuration(durationMs)}`
  if (status !== null) return `${status}${took}`
  return `${failure?.reason ?? 'no answer'}${took}`
}

function backoffStep({ at, retryAt }: RecordView): Step {
  const delay = retryAt === null ? '' : ` for ${formatDuration(Date.parse(retryAt) - Date.parse(at))}`
  return { from: 'delivery', to: 'delivery', text: `backoff${delay}` }
}

function settledText(to: string): string {
  return to === 'deadLettered' ? 'out of attempts: dead letter' : 'refused for good: failed'
}
