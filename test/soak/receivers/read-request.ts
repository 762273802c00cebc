// What a request was, from its bytes: whose, which attempt, and whether it was signed and headed as it should be.
import { verifySignature } from '../../../src/verify/index.ts'
import { mostGenerations, numberOf, ownHeader, secretOf } from '../population.ts'

export interface ReadRequest {
  readonly endpoint: number
  readonly eventId: string
  readonly attempt: number
  readonly sequence: number
  readonly signedBy: readonly number[]
  readonly headersRight: boolean
}

const onceEach = [
  'content-type',
  'content-length',
  'host',
  'user-agent',
  'webhook-id',
  'webhook-timestamp',
  'webhook-signature',
  'x-event-attempt',
  'x-event-id',
  'x-event-sequence',
  'x-event-type',
  'x-signature',
  ownHeader.toLowerCase(),
]

/**
 * @param head from the request line to the last header, `body` what followed
 * @returns null for what is no endpoint's request at all
 */
export function readRequest(seed: number, head: string, body: string): ReadRequest | null {
  const [requestLine = '', ...lines] = head.split('\r\n')
  const endpoint = numberOf(requestLine.split(' ')[1] ?? '')
  if (endpoint === null) return null
  const headers: Record<string, string> = {}
  let repeated = false
  for (const line of lines) {
    const colon = line.indexOf(':')
    const name = line.slice(0, colon).toLowerCase()
    repeated ||= name in headers
    headers[name] = line.slice(colon + 1).trim()
  }
  const signedBy: number[] = []
  for (let generation = 0; generation < mostGenerations; generation++) {
    if (verifySignature({ secret: secretOf(seed, endpoint, generation), headers, body })) signedBy.push(generation)
  }
  return {
    endpoint,
    eventId: headers['x-event-id'] ?? '',
    attempt: Number(headers['x-event-attempt']),
    sequence: Number(headers['x-event-sequence']),
    signedBy,
    headersRight:
      !repeated && onceEach.every((name) => name in headers) && headers[ownHeader.toLowerCase()] === String(endpoint),
  }
}
