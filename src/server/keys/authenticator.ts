import type { IncomingHttpHeaders } from 'node:http'
import type { Caller } from './caller.ts'

/** Why nobody is let in. Says nothing that would help to guess a key. */
export interface Refusal {
  /** 401: no key, a wrong, revoked or inactive one. 429: too many wrong ones from this address. */
  readonly status: 401 | 429
  readonly message: string
  /** With 429: when to try again. */
  readonly retryAfterMs?: number
}

/** Tells who sends a request by the key in its headers. */
export interface Authenticator {
  /** Whether there is no key at all: then everyone on this machine is admin, and no one else is let in. */
  readonly open: boolean
  /** @param address whence the request comes: failures are counted by it */
  authenticate(headers: IncomingHttpHeaders, address: string): Caller | Refusal
}

export function isRefusal(answer: Caller | Refusal): answer is Refusal {
  return 'status' in answer
}
