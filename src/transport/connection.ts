import type { Socket } from 'node:net'
import { Client, errors, type buildConnector } from 'undici'
import type { Clock, Timer } from '../clock/clock.ts'
import { afterLoopTurn } from '../clock/loop-turn.ts'
import { ConnectError } from './connect-error.ts'
import { GuardedConnector, type ConnectorOptions } from './egress/guarded-connector.ts'
import { TunnelConnector } from './egress/tunnel-connector.ts'
import type { RequestCarrier, ResponseHandler } from './response-handler.ts'
import type { OutgoingRequest } from './transport.ts'

/** Who a connection belongs to. */
export interface ConnectionOwner {
  /** The request on it is over, and it may carry another. */
  idle(connection: Connection): void
  /** It is gone for good: its socket closed while idle, or a request failed on it. */
  gone(connection: Connection): void
  /** Bytes came that no request had asked for. */
  unaskedBytes(): void
  /** No socket could be opened, because too many files are open. */
  outOfFiles(): void
}

/**
 * How long an idle socket is kept. An endpoint that announces a shorter time (`Keep-Alive: timeout=5`) is believed,
 * less the margin, so that requests and the endpoint's own close seldom cross; a longer time is not.
 */
const keepAliveMs = 4_000
const keepAliveMarginMs = 2_000
/**
 * More than is ever parsed of one answer, because undici makes an error, with its stack, for each header beyond its
 * limit. {@link ResponseHandler} has the limit that counts.
 */
const undiciHeaderBytes = 1024 * 1024

/**
 * At most one socket to one endpoint, carrying one request at a time.
 *
 * It is an undici `Client`, used only as long as all goes well: when a request ends in any other way than with an
 * answer read to its end, the client is destroyed, and the next request gets a new one. So no request ever waits in
 * undici's queue behind another, and nothing left over from a failed one can touch the next.
 */
export class Connection implements RequestCarrier {
  private readonly owner: ConnectionOwner
  private readonly clock: Clock
  private readonly connector: GuardedConnector | TunnelConnector
  private readonly client: Client
  private socket: Socket | null = null
  private watched: Socket | null = null
  /** What had been parsed of the socket's bytes when the request was written. */
  private bytesBefore = 0
  private request: ResponseHandler | null = null
  /** Whether the socket was opened for this request, and not for one before it. */
  private isFresh = false
  private hold: Timer | null = null
  private destroyed = false

  /** @throws undici's InvalidArgumentError when the origin is none */
  constructor(origin: string, owner: ConnectionOwner, options: ConnectorOptions) {
    this.owner = owner
    this.clock = options.clock
    const { proxy } = options.egress
    this.connector = proxy === null ? new GuardedConnector(options) : new TunnelConnector(options, proxy)
    this.client = new Client(origin, {
      connect: this.connect,
      pipelining: 1,
      keepAliveTimeout: keepAliveMs,
      keepAliveMaxTimeout: keepAliveMs,
      keepAliveTimeoutThreshold: keepAliveMarginMs,
      maxHeaderSize: undiciHeaderBytes,
      // The engine's deadline covers all of it; undici's own start anew with every byte.
      headersTimeout: 0,
      bodyTimeout: 0,
    })
    this.client.on('disconnect', (_origin, _targets, error) => this.disconnected(error))
  }

  /** Takes a request, to be sent with `dispatch` or `dispatchLater`. */
  begin(handler: ResponseHandler): void {
    this.request = handler
    this.isFresh = false
  }

  /** Sends the request. `once`: the socket is not used again after it. */
  dispatch(handler: ResponseHandler, request: OutgoingRequest, once: boolean): void {
    this.client.dispatch(
      {
        path: request.path,
        method: 'POST',
        // undici only reads the array; its type does not say so.
        headers: request.headers as string[],
        body: request.body,
        reset: once,
      },
      handler,
    )
  }

  /**
   * Sends the request after `delayMs` and one turn of the event loop, in which bytes are read that came while the process
   * was busy; unless it has been given up by then. `once` is asked at the last moment.
   */
  dispatchLater(handler: ResponseHandler, request: OutgoingRequest, delayMs: number, once: () => boolean): void {
    this.hold = this.clock.setTimeout(() => {
      this.hold = null
      afterLoopTurn(() => {
        if (this.request === handler) this.dispatch(handler, request, once())
      })
    }, delayMs)
  }

  writing(): void {
    const { socket } = this
    if (socket === null) return
    this.bytesBefore = socket.bytesRead - socket.readableLength
    if (socket === this.watched) return
    this.watched = socket
    // In front of undici's own listener, which parses all there is; `on` would also change how the socket flows.
    socket.prependListener('readable', this.bytesCame)
  }

  over(reusable: boolean): void {
    this.request = null
    // An answer may come before its request has been read; what is left of that would stand before the next one.
    if (reusable && !this.destroyed && this.socket?.writableLength === 0) this.owner.idle(this)
    else this.destroy()
  }

  /** Gives up the request on it, if there is one, and closes the socket, whatever its state. */
  destroy(): void {
    if (this.destroyed) return
    this.destroyed = true
    if (this.hold !== null) this.clock.clearTimeout(this.hold)
    this.owner.gone(this)
    this.request?.abort('aborted')
    // The socket first: destroyed by undici it would be given an error, whose stack Node formats each time.
    this.connector.destroy()
    this.client.destroy(null, ignore)
  }

  private readonly connect: buildConnector.connector = (target, callback) => {
    this.connector.connect(target, (...outcome) => {
      const [error] = outcome
      if (error instanceof ConnectError && error.isOutOfFiles) this.owner.outOfFiles()
      this.socket = outcome[1]
      this.isFresh = true
      callback(...outcome)
    })
  }

  /** Bytes wait to be parsed, or the other side has ended. */
  private readonly bytesCame = (): void => {
    const { request, watched } = this
    if (watched === null || watched.readableLength === 0) return
    if (request?.written) return request.bytesRead(watched.bytesRead - watched.readableLength - this.bytesBefore)
    // undici notices the beginning of an answer by itself, but not empty lines, however many.
    this.owner.unaskedBytes()
    if (request === null) this.destroy()
    else watched.destroy()
  }

  private disconnected(error: Error): void {
    const { request } = this
    if (!request?.written && isUnasked(error)) this.owner.unaskedBytes()
    if (request === null) this.destroy()
    // With a request waiting, undici opens a new socket by itself: in the place of one that was idle, that is well, but a
    // server that speaks or closes before it is asked would have it open one after the other until the deadline.
    else if (!request.written && this.isFresh) request.onError(error)
  }
}

/** How undici 6 ends a connection on which bytes came while no request was written. */
function isUnasked(error: Error): boolean {
  return (
    error instanceof errors.HTTPParserError || (error instanceof errors.SocketError && error.message === 'bad response')
  )
}

function ignore(): void {}
