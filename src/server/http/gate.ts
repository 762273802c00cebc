// Who is let in, and to what. Looks at headers alone, before anything of a body is read.
import type { IncomingMessage } from 'node:http'
import { isRefusal } from '../keys/authenticator.ts'
import type { Authenticator } from '../keys/authenticator.ts'
import type { Caller } from '../keys/caller.ts'
import type { Access } from '../routes/route.ts'
import { ApiError } from './api-error.ts'
import { checkOwnRequest } from './own-requests.ts'

/** Who asks where there is no key, and for routes that ask for none. */
const everyone: Caller = { role: 'admin', tenantId: null, keyId: null }
const nobody: Caller = { role: 'reader', tenantId: null, keyId: null }

export class Gate {
  readonly #authenticator: Authenticator
  readonly #isLocal: () => boolean

  /** @param isLocal whether only this machine can reach the server */
  constructor(authenticator: Authenticator, isLocal: () => boolean) {
    this.#authenticator = authenticator
    this.#isLocal = isLocal
  }

  /** Refuses what a page of another site asks, where no key protects the server. @throws ApiError 403 */
  checkSource({ headers }: IncomingMessage): void {
    if (this.#isOpen) checkOwnRequest(headers)
  }

  /** @throws ApiError 401, 403, 429 */
  enter({ headers, socket }: IncomingMessage, access: Access): Caller {
    if (access === 'public') return nobody
    const caller = this.#isOpen ? everyone : this.#callerOf(headers, socket.remoteAddress ?? '')
    if (!access.roles.includes(caller.role)) {
      const valid = access.roles.join(' or ')
      throw new ApiError(403, 'FORBIDDEN', `a key of the role ${caller.role} may not do this; it takes ${valid}`)
    }
    if (access.scope === 'platform' && caller.tenantId !== null) {
      throw new ApiError(403, 'FORBIDDEN', 'a key of a tenant may not do this; it takes one of the platform')
    }
    return caller
  }

  /** The keys may have gone while the server listens to others: then no one is let in. */
  get #isOpen(): boolean {
    return this.#authenticator.open && this.#isLocal()
  }

  #callerOf(headers: IncomingMessage['headers'], address: string): Caller {
    const answer = this.#authenticator.authenticate(headers, address)
    if (!isRefusal(answer)) return answer
    if (answer.status === 429) {
      const seconds = Math.max(1, Math.ceil((answer.retryAfterMs ?? 0) / 1000))
      throw new ApiError(429, 'TOO_MANY_FAILURES', answer.message, { headers: { 'retry-after': `${seconds}` } })
    }
    throw new ApiError(401, 'UNAUTHENTICATED', answer.message, { headers: { 'www-authenticate': 'Bearer' } })
  }
}
