// What every contestant puts on the wire: the body and headers that hookline sends, made the shortest way there is.
import { createHmac, createSecretKey } from 'node:crypto'
import { nanoid } from 'nanoid'
import { eventType } from './payload.ts'

export const secret = 'whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw'

const bodyKey = createSecretKey(secret, 'utf8')
const standardKey = createSecretKey(Buffer.from(secret.slice('whsec_'.length), 'base64'))

/** The headers of one event's first attempt, with both signatures. */
export function signedHeaders(body: string, sequence: number): Record<string, string> {
  const eventId = `evt_${nanoid()}`
  const timestamp = String(Math.floor(Date.now() / 1000))
  const standard = createHmac('sha256', standardKey).update(`${eventId}.${timestamp}.${body}`).digest('base64')
  return {
    'Content-Type': 'application/json',
    'User-Agent': 'hookline-bench',
    'X-Event-Type': eventType,
    'X-Event-Id': eventId,
    'X-Event-Attempt': '1',
    'X-Event-Sequence': String(sequence),
    'X-Signature': createHmac('sha256', bodyKey).update(body).digest('hex'),
    'webhook-id': eventId,
    'webhook-timestamp': timestamp,
    'webhook-signature': `v1,${standard}`,
  }
}

export function requireSuccess(status: number): void {
  if (status < 200 || status > 299) throw new Error(`the receiver answered ${status}`)
}

/** `run(n)` for the next `count` numbers, `width` of them at a time. */
export async function inParallel(width: number, count: number, run: (index: number) => Promise<void>): Promise<void> {
  let next = 0
  const loop = async (): Promise<void> => {
    while (next < count) await run(next++)
  }
  await Promise.all(Array.from({ length: width }, loop))
}
