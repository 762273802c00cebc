import type { Endpoint } from '../endpoint/endpoint.ts'
import type { EventRecord } from '../event/event-record.ts'
import { signBody, signSequence, signStandard } from '../signing/sign.ts'
import type { OutgoingRequest } from '../transport/transport.ts'

/** The request of one attempt: the submitted bytes, signed now. */
export function buildRequest(endpoint: Endpoint, record: EventRecord, attempt: number, nowMs: number): OutgoingRequest {
  const { settings, url } = endpoint
  const { event, eventId } = record.submitted
  const secrets = endpoint.secretsAt(nowMs)
  const secret = secrets[0]
  if (secret === undefined) throw new Error(`endpoint ${endpoint.id} has no secret`)
  const timestampSeconds = Math.floor(nowMs / 1000)
  const sequence = String(event.sequence)
  const headers = [
    ...endpoint.fixedHeaders,
    'X-Event-Type',
    event.eventType,
    'X-Event-Id',
    eventId,
    'X-Event-Attempt',
    String(attempt),
    'X-Event-Sequence',
    sequence,
    settings.signing.header,
    signBody(secret, event.body, settings.signing),
    'webhook-id',
    eventId,
    'webhook-timestamp',
    String(timestampSeconds),
    'webhook-signature',
    signStandard(secrets, eventId, timestampSeconds, event.body),
  ]
  if (settings.signing.sequence) {
    headers.push('X-Event-Sequence-Signature', signSequence(secret, eventId, event.sequence))
  }
  return {
    endpointId: endpoint.id,
    origin: url.origin,
    path: url.path,
    headers,
    body: event.body,
    connections: settings.concurrency,
  }
}
