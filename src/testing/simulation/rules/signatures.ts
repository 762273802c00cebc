import { createHmac } from 'node:crypto'
import { verifySequence } from '../../../verify/verify-sequence.ts'
import { verifySignature } from '../../../verify/verify-signature.ts'
import type { Finding, History, RequestHistory } from '../history.ts'
import type { Rule } from './rule.ts'

/** Every request carries the submitted bytes, and signatures that hold at the moment it left. */
export const signatures: Rule = {
  name: 'every request carries the submitted bytes, signed',
  *check({ history }) {
    for (const request of history.requests) yield* checkRequest(request, history)
  },
}

function* checkRequest(request: RequestHistory, history: History): Iterable<Finding> {
  const { eventId, attempt, body, sentWallMs, secrets, endpoint } = request
  const headers = headersOf(request)
  const name = `attempt ${attempt} of ${eventId}`
  const submitted = history.events.get(eventId)?.submitted.event
  if (submitted?.body !== body) yield { message: `${name} carried other bytes than were submitted`, eventId }
  const told = [headers['x-event-type'], headers['x-event-sequence'], headers['webhook-id']]
  if (told.join() !== [submitted?.eventType, submitted?.sequence, eventId].join()) {
    yield { message: `${name} was headed ${told.join(', ')}`, eventId }
  }
  const [secret = ''] = secrets
  const { header, prefix, encoding } = endpoint.settings.signing
  const expected = prefix + createHmac('sha256', secret).update(body).digest(encoding)
  if (headers[header.toLowerCase()] !== expected) yield { message: `the body of ${name} was not signed`, eventId }
  const now = () => sentWallMs
  if (!verifySignature({ secret, headers, body, now, toleranceMs: 1000 })) {
    yield { message: `${name} had no valid webhook-signature`, eventId }
  }
  const entries = headers['webhook-signature']?.split(' ').length ?? 0
  if (entries > secrets.length) yield { message: `${name} was signed by a secret that had run out`, eventId }
  const sequenceSigned = verifySequence({
    secret,
    eventId,
    sequence: headers['x-event-sequence'],
    signature: headers['x-event-sequence-signature'],
  })
  if (endpoint.settings.signing.sequence && !sequenceSigned) {
    yield { message: `the place in line of ${name} was not signed`, eventId }
  }
}

function headersOf({ headers }: RequestHistory): Record<string, string | undefined> {
  const named: Record<string, string | undefined> = {}
  for (let index = 0; index < headers.length; index += 2)
    named[headers[index]?.toLowerCase() ?? ''] = headers[index + 1]
  return named
}
