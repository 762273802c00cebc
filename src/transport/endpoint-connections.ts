import type { Clock } from '../clock/clock.ts'
import { Connection, type ConnectionOwner } from './connection.ts'
import type { ConnectorOptions } from './egress/guarded-connector.ts'
import type { IdleConnections } from './idle-connections.ts'
import type { OpenBodies } from './open-bodies.ts'
import { ResponseHandler, type AnswerLimits } from './response-handler.ts'
import type { AnswerReceiver, InFlightRequest, OutgoingRequest } from './transport.ts'

/** What all endpoints of a transport share. */
export interface SharedParts extends Omit<ConnectorOptions, 'tlsSessionKey'> {
  readonly idle: IdleConnections
  readonly bodies: OpenBodies
  readonly limits: AnswerLimits
  readonly quietMs: number
}

/** The transport, as an endpoint's connections see it. */
export interface EndpointOwner {
  /** No connection is left. */
  empty(connections: EndpointConnections): void
  isUnruly(endpointId: string): boolean
  setUnruly(endpointId: string): void
}

/**
 * Whether an endpoint's connections are used again: at once, since it was seen to be quiet after an answer; never, since
 * bytes came unasked; or only after a look, since neither is known yet.
 */
type Manners = 'unknown' | 'quiet' | 'unruly'

/**
 * The connections of one endpoint at one origin. They are shared with no other endpoint: on a kept-alive connection
 * an answer belongs to a request only by its place, so an endpoint that sends one answer too many would answer for
 * whoever comes next.
 *
 * The same trick, or bug, would let an endpoint's surplus answer settle its own next event. Bytes that come between
 * requests end the connection (undici sees to that), but a surplus answer that comes a millisecond after the next
 * request was written looks like the answer to it. So the first connection to be reused must first have been quiet
 * for `quietMs` after an answer; and once unasked bytes have come, the endpoint gets a new connection per request.
 */
export class EndpointConnections implements ConnectionOwner {
  readonly endpointId: string
  readonly origin: string
  private readonly owner: EndpointOwner
  private readonly shared: SharedParts
  private readonly clock: Clock
  private readonly connectorOptions: ConnectorOptions
  private readonly all = new Set<Connection>()
  private readonly waiting: Connection[] = []
  private most = 1
  private released = false
  private manners: Manners
  /** When the quiet time after the first answer ends; null before that answer. */
  private quietUntil: number | null = null

  constructor(endpointId: string, origin: string, owner: EndpointOwner, shared: SharedParts) {
    this.endpointId = endpointId
    this.origin = origin
    this.owner = owner
    this.shared = shared
    this.clock = shared.clock
    this.connectorOptions = { ...shared, tlsSessionKey: `${endpointId} ${origin}` }
    this.manners = owner.isUnruly(endpointId) ? 'unruly' : 'unknown'
  }

  send(request: OutgoingRequest, receiver: AnswerReceiver): InFlightRequest {
    this.most = request.connections
    const reused = this.waiting.pop()
    if (reused !== undefined) this.shared.idle.delete(reused)
    const connection = reused ?? this.open()
    const handler = new ResponseHandler(receiver, connection, this.shared.bodies, this.shared.limits)
    connection.begin(handler)
    if (reused === undefined || this.manners !== 'unknown') connection.dispatch(handler, request, this.isUnruly())
    else connection.dispatchLater(handler, request, this.quietMsLeft(), () => this.isUnruly())
    handler.sendReturns()
    return handler
  }

  /** Closes what is idle now, and every other connection when its request is over. */
  release(): void {
    this.released = true
    for (const connection of [...this.waiting]) connection.destroy()
  }

  /** Gives up every request and closes every connection. */
  destroy(): void {
    this.released = true
    for (const connection of [...this.all]) connection.destroy()
  }

  idle(connection: Connection): void {
    this.quietUntil ??= this.clock.monotonic() + this.shared.quietMs
    if (this.released || this.all.size > this.most) return connection.destroy()
    this.waiting.push(connection)
    this.shared.idle.add(connection)
  }

  gone(connection: Connection): void {
    this.all.delete(connection)
    const index = this.waiting.indexOf(connection)
    if (index >= 0) this.waiting.splice(index, 1)
    this.shared.idle.delete(connection)
    if (this.all.size === 0) this.owner.empty(this)
  }

  unaskedBytes(): void {
    this.manners = 'unruly'
    this.owner.setUnruly(this.endpointId)
  }

  outOfFiles(): void {
    this.shared.idle.closeAll()
  }

  private open(): Connection {
    const connection = new Connection(this.origin, this, this.connectorOptions)
    this.all.add(connection)
    return connection
  }

  private isUnruly(): boolean {
    return this.manners === 'unruly'
  }

  /** How much is left of the time in which the endpoint must be quiet. */
  private quietMsLeft(): number {
    const left = (this.quietUntil ?? 0) - this.clock.monotonic()
    if (left <= 0) this.manners = 'quiet'
    return Math.max(0, left)
  }
}
