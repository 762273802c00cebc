import { createSecureContext, type SecureContext } from 'node:tls'
import type { Clock } from '../clock/clock.ts'
import { classifyError } from './classify-error.ts'
import type { EgressPolicy } from './egress/egress-policy.ts'
import type { Lookup } from './egress/lookup.ts'
import { createNameResolver } from './egress/name-resolver.ts'
import { TlsSessions } from './egress/tls-sessions.ts'
import { EndpointConnections, type EndpointOwner, type SharedParts } from './endpoint-connections.ts'
import { IdleConnections } from './idle-connections.ts'
import { OpenBodies } from './open-bodies.ts'
import { OpenSockets } from './open-sockets.ts'
import type { AnswerReceiver, InFlightRequest, OutgoingRequest, Transport, TransportResult } from './transport.ts'

export interface UndiciTransportOptions {
  readonly egress: EgressPolicy
  readonly clock: Clock
  /** How much of an answer's body is kept as text, in bytes. @default 1024 */
  readonly snippetBytes?: number
  /**
   * How much of an answer is read, head and framing included, before its connection is destroyed, in bytes: one read
   * of the socket more at most. Where it is less than 32768, that many may still come before the body.
   * @default 65536
   */
  readonly bodyBytes?: number
  /** How long a body may take after its headers, in milliseconds (up to a quarter longer). @default 2000 */
  readonly bodyMs?: number
  /**
   * How long an endpoint's connection must have been silent after its first answer before it is used again, in
   * milliseconds; 0 trusts every endpoint. @default 25
   */
  readonly quietMs?: number
  /** How many idle connections are kept over all endpoints. @default 1024 */
  readonly idleConnections?: number
  /** Certificate authorities (PEM) to trust instead of Node's own. */
  readonly certificateAuthorities?: readonly string[]
  /** The resolver. @default one that asks DNS itself, and the system for local names where `egress` permits them */
  readonly lookup?: Lookup
}

/** How many ids of unruly endpoints are remembered. Beyond, the oldest is forgotten and has to be caught again. */
const mostUnruly = 10_000
/** A session takes one to three kilobytes. */
const mostTlsSessions = 1_000

/**
 * The transport over real sockets: undici's HTTP/1.1 client behind an egress guard.
 *
 * An endpoint's connections are its own. An idle one lives for at most four seconds, does not keep the process alive,
 * and leaves nothing behind; a request that is given up has its socket destroyed at once, also while it is connecting.
 */
export function createUndiciTransport(options: UndiciTransportOptions): Transport {
  return new UndiciTransport(options)
}

class UndiciTransport implements Transport, EndpointOwner {
  private readonly shared: SharedParts
  private readonly endpoints = new Map<string, EndpointConnections>()
  /** Released, but with requests still under way. */
  private readonly released = new Set<EndpointConnections>()
  private readonly unruly = new Set<string>()
  private closed = false

  constructor(options: UndiciTransportOptions) {
    const { egress, clock, certificateAuthorities } = options
    let secureContext: SecureContext | undefined
    this.shared = {
      egress,
      clock,
      lookup: options.lookup ?? createNameResolver({ clock, mayBeLocal: (hostname) => egress.mayBeLocal(hostname) }),
      sockets: new OpenSockets(),
      tlsSessions: new TlsSessions(mostTlsSessions),
      secureContext: () => (secureContext ??= createContext(certificateAuthorities)),
      idle: new IdleConnections(options.idleConnections ?? 1_024),
      bodies: new OpenBodies(clock, options.bodyMs ?? 2_000),
      limits: { snippetBytes: options.snippetBytes ?? 1_024, bodyBytes: options.bodyBytes ?? 65_536 },
      quietMs: options.quietMs ?? 25,
    }
  }

  send(request: OutgoingRequest, receiver: AnswerReceiver): InFlightRequest {
    if (this.closed) return unsent(receiver, transportClosed)
    const connections = this.connectionsOf(request)
    try {
      return connections.send(request, receiver)
    } catch (error) {
      // Only a client that cannot be made throws, so these connections are none.
      this.empty(connections)
      return unsent(receiver, classifyError(error, false))
    }
  }

  release(endpointId: string): void {
    this.unruly.delete(endpointId)
    const connections = this.endpoints.get(endpointId)
    if (connections === undefined) return
    this.endpoints.delete(endpointId)
    this.released.add(connections)
    connections.release()
  }

  async close(): Promise<void> {
    this.closed = true
    for (const connections of [...this.endpoints.values(), ...this.released]) connections.destroy()
    this.shared.bodies.stop()
    await this.shared.sockets.none()
  }

  empty(connections: EndpointConnections): void {
    this.released.delete(connections)
    const { endpointId } = connections
    if (this.endpoints.get(endpointId) === connections) this.endpoints.delete(endpointId)
  }

  isUnruly(endpointId: string): boolean {
    return this.unruly.has(endpointId)
  }

  setUnruly(endpointId: string): void {
    this.unruly.add(endpointId)
    if (this.unruly.size <= mostUnruly) return
    for (const oldest of this.unruly) {
      this.unruly.delete(oldest)
      return
    }
  }

  private connectionsOf({ endpointId, origin }: OutgoingRequest): EndpointConnections {
    const known = this.endpoints.get(endpointId)
    if (known?.origin === origin) return known
    if (known !== undefined) this.release(endpointId)
    const made = new EndpointConnections(endpointId, origin, this, this.shared)
    this.endpoints.set(endpointId, made)
    return made
  }
}

const transportClosed: TransportResult = {
  kind: 'failed',
  reason: 'aborted',
  message: 'given up by hookline: it is closed',
  reach: 'notSent',
}

const nothingInFlight: InFlightRequest = { abort: () => undefined }

/** The result of a request that never began; it too comes after `send` has returned. */
function unsent(receiver: AnswerReceiver, result: TransportResult): InFlightRequest {
  queueMicrotask(() => receiver.answered(result))
  return nothingInFlight
}

function createContext(certificateAuthorities: readonly string[] | undefined): SecureContext {
  return createSecureContext(certificateAuthorities === undefined ? {} : { ca: [...certificateAuthorities] })
}
