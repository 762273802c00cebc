// A log's file as a service would have left it, of any size, written through the home itself.
import { randomBytes } from 'node:crypto'
import type { TransitionDraft } from '../../src/log/transition.ts'
import { sqliteLog } from '../../src/sqlite/index.ts'
import { endpointIdOf } from '../contestants/endpoint-id.ts'
import { eventType, payload } from '../contestants/payload.ts'

export interface LogContents {
  readonly endpoints: number
  /** Events that were delivered at the first attempt. */
  readonly settled: number
  /** Events submitted after those. */
  readonly pending: number
}

/** So many events are committed together. */
const groupEvents = 2_000
const machine = 'delivery@1'

/** @param progress hears how many events have been written */
export async function writeLogFile(
  path: string,
  { endpoints, settled, pending }: LogContents,
  progress: (events: number) => void,
): Promise<void> {
  const log = sqliteLog(path)
  for (let number = 0; number < settled + pending; number += 1) {
    const isSettled = number < settled
    for (const draft of eventRecords(number, endpoints, isSettled)) log.append(draft)
    if (number % groupEvents !== 0) continue
    await log.flush()
    progress(number)
  }
  await log.flush()
  await log.close?.()
}

function eventRecords(number: number, endpoints: number, isSettled: boolean): readonly TransitionDraft[] {
  const at = new Date().toISOString()
  const eventId = `evt_${randomBytes(15).toString('base64url')}${number % 10}`
  const of = { at, endpointId: endpointIdOf(number % endpoints), eventId, machine }
  const body = JSON.stringify(payload(number))
  const sequence = Math.floor(number / endpoints) + 1
  const plain = { type: 'event.submitted', at, eventType, body, form: 'payload', sequence } as const
  const submitted = { ...plain, orderingKey: null, idempotencyKey: null, budget: 5 }
  const first: TransitionDraft = { ...of, event: submitted, from: null, to: 'pending', attempts: 0 }
  if (!isSettled) return [first]
  const started = { type: 'attempt.started', attempt: 1, at } as const
  const succeeded = { type: 'attempt.succeeded', attempt: 1, at, status: 200, durationMs: 1, snippet: null } as const
  return [
    first,
    { ...of, event: started, from: 'pending', to: 'delivering', attempts: 1 },
    { ...of, event: succeeded, from: 'delivering', to: 'delivered', attempts: 1 },
  ]
}
