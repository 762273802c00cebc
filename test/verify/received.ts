import type { VerifyInput } from '../../src/verify/index.ts'
import * as vectors from '../signing/vectors.ts'

/** A request as a receiver gets it: the published vector, on time, with what a test changes in it. */
export function received({ headers = {}, ...changes }: Partial<VerifyInput> = {}): VerifyInput {
  return {
    secret: vectors.hmacSecret,
    body: vectors.body,
    now: () => vectors.timestampSeconds * 1000,
    headers: {
      'webhook-id': vectors.eventId,
      'webhook-timestamp': String(vectors.timestampSeconds),
      'webhook-signature': vectors.hmacEntry,
      ...headers,
    },
    ...changes,
  }
}
