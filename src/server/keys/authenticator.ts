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
  /** Whether there has never been a key: then whoever asks may let in everyone on this machine, and no one else. */
  readonly open: boolean
  /** @param address whence the request comes: failures are counted by it */
  authenticate(headers: IncomingHttpHeaders, address: string): Caller | Refusal
}

export function isRefusal(answer: Caller | Refusal): answer is Refusal {
  return 'status' in answer
}
