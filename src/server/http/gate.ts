// Who is let in, and to what. Looks at headers alone, before anything of a body is read.
import type { IncomingHttpHeaders, IncomingMessage } from 'node:http'
import { isRefusal } from '../keys/authenticator.ts'
import type { Authenticator } from '../keys/authenticator.ts'
import type { Caller } from '../keys/caller.ts'
import { mayCall } from '../keys/may-call.ts'
import type { Access } from '../routes/route.ts'
import { ApiError } from './api-error.ts'
import { checkOwnRequest } from './own-requests.ts'

/** Who asks a route that is public: one who may do nothing else. */
const anyone: Caller = { role: 'reader', tenantId: null, keyId: null }

export class Gate {
  readonly #authenticator: Authenticator
  readonly #isLocal: () => boolean

  /** @param isLocal whether this machine alone can reach the server */
  constructor(authenticator: Authenticator, isLocal: () => boolean) {
    this.#authenticator = authenticator
    this.#isLocal = isLocal
  }

  /** Refuses what a page of another site has a browser ask, while no key protects the server. @throws ApiError 403 */
  checkSource({ headers }: IncomingMessage): void {
    if (this.#authenticator.open) checkOwnRequest(headers)
  }

  /** @throws ApiError 401, 403, 429 */
  enter({ headers, socket }: IncomingMessage, access: Access): Caller {
    if (access === 'public') return anyone
    const caller = this.#identify(headers, socket.remoteAddress ?? '')
    if (!mayCall(caller, access)) throw new ApiError(403, 'FORBIDDEN', describeRefusal(caller, access))
    return caller
  }

  #identify(headers: IncomingHttpHeaders, address: string): Caller {
    // A server with keys may listen to others, and the keys may be gone since: that lets no one in.
    if (this.#authenticator.open && !this.#isLocal()) throw unauthenticated('there is no key yet: make one first')
    const answer = this.#authenticator.authenticate(headers, address)
    if (!isRefusal(answer)) return answer
    if (answer.status === 401) throw unauthenticated(answer.message)
    const seconds = Math.max(1, Math.ceil((answer.retryAfterMs ?? 0) / 1000))
    throw new ApiError(429, 'TOO_MANY_FAILURES', answer.message, { headers: { 'retry-after': `${seconds}` } })
  }
}

function unauthenticated(message: string): ApiError {
  return new ApiError(401, 'UNAUTHENTICATED', message, { headers: { 'www-authenticate': 'Bearer' } })
}

function describeRefusal(caller: Caller, { roles, scope }: Exclude<Access, 'public'>): string {
  if (!roles.includes(caller.role)) return `a key of the role ${caller.role} may not do this; ${roles.join(' or ')} may`
  return `a key of a tenant may not do this; one of the ${scope} may`
}
