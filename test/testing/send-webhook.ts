import { parseSecret } from '../../src/signing/secret.ts'
import { signBody, signSequence, signStandard } from '../../src/signing/sign.ts'
import { resolveSigningOptions } from '../../src/signing/signing-options.ts'

export interface Webhook {
  eventId?: string
  sequence?: number
  attempt?: number
  body?: string
  secret?: string
  /** Seconds since the Unix epoch. */
  timestamp?: number
  headers?: Record<string, string>
  signal?: AbortSignal
}

/** Posts a webhook as an endpoint would get it, signed when there is a secret. */
export function sendWebhook(url: string, webhook: Webhook = {}): Promise<Response> {
  const { eventId = 'evt_1', sequence = 1, attempt = 1, body = '{"n":1}', secret, signal } = webhook
  const headers: Record<string, string> = {
    'content-type': 'application/json',
    'x-event-id': eventId,
    'x-event-type': 'payment.settled',
    'x-event-attempt': String(attempt),
    'x-event-sequence': String(sequence),
  }
  if (secret !== undefined) {
    const key = parseSecret(secret, 'sendWebhook')
    const timestamp = webhook.timestamp ?? Math.floor(Date.now() / 1000)
    headers['x-signature'] = signBody(key, body, resolveSigningOptions(undefined, 'signing'))
    headers['x-event-sequence-signature'] = signSequence(key, eventId, sequence)
    headers['webhook-id'] = eventId
    headers['webhook-timestamp'] = String(timestamp)
    headers['webhook-signature'] = signStandard([key], eventId, timestamp, body)
  }
  return fetch(url, { method: 'POST', headers: { ...headers, ...webhook.headers }, body, signal: signal ?? null })
}
