// The submitter's process. The load is open: an event is due at its time whether or not the ones before it were answered, and
// its latency counts from then, so that a server that stalls is charged for everything that had to wait.
import { setTimeout as wait } from 'node:timers/promises'
import { Pool } from 'undici'
import { machineMs } from '../machine-ms.ts'
import { payloadText } from '../event-text.ts'
import type { LoadOrder, Submission, SubmitterOrder, SubmitterReply } from './message.ts'

/** What was refused, or answered by nobody, is sent again with its idempotency key after this long; for as long as that. */
const retryMs = 25
const patienceMs = 30_000
const connections = 64

type Pending = { -readonly [Key in keyof Submission]: Submission[Key] } & { refusals: number[] }

let stopped = false

async function submitAll(order: LoadOrder): Promise<Submission[]> {
  stopped = false
  const pool = new Pool(order.url, { connections, pipelining: 1 })
  const total = order.seconds === null ? Infinity : order.seconds * order.perSecond
  const begun = machineMs()
  const submissions: Pending[] = []
  const underWay: Promise<void>[] = []
  while (submissions.length < total && !stopped) {
    const due = Math.min(total, Math.floor(((machineMs() - begun) * order.perSecond) / 1000))
    while (submissions.length < due) {
      const submission = nextOf(order, submissions.length, begun)
      submissions.push(submission)
      underWay.push(submit(pool, order, submission))
    }
    await wait(1)
  }
  await Promise.all(underWay)
  await pool.close()
  return submissions
}

function nextOf({ from, perSecond, endpointIds }: LoadOrder, index: number, begun: number): Pending {
  const number = from + index
  const dueMs = begun + (index * 1000) / perSecond
  const endpoint = number % endpointIds.length
  return { number, endpoint, dueMs, sentMs: machineMs(), acknowledgedMs: null, eventId: null, refusals: [] }
}

async function submit(pool: Pool, { key, endpointIds }: LoadOrder, submission: Pending): Promise<void> {
  const { number, endpoint } = submission
  const body = `{"eventType":"load.tested","endpointId":"${endpointIds[endpoint]}","payload":${payloadText(number)}}`
  const headers = {
    authorization: `Bearer ${key}`,
    'content-type': 'application/json',
    'idempotency-key': `load-${number}`,
  }
  while (machineMs() - submission.sentMs < patienceMs) {
    try {
      const answer = await pool.request({ method: 'POST', path: '/api/v1/events', headers, body })
      const text = await answer.body.text()
      if (answer.statusCode === 202) {
        submission.acknowledgedMs = machineMs()
        // The answer of a route of ours to one event.
        submission.eventId = (JSON.parse(text) as { events: [{ eventId: string }] }).events[0].eventId
        return
      }
      submission.refusals.push(answer.statusCode)
    } catch {
      submission.refusals.push(0)
    }
    await wait(retryMs)
  }
}

process.on('message', (order: SubmitterOrder) => {
  if (order.type === 'stop') stopped = true
  else
    void submitAll(order).then((submissions) =>
      process.send?.({ type: 'submitted', submissions } satisfies SubmitterReply),
    )
})
process.on('disconnect', () => process.exit())
