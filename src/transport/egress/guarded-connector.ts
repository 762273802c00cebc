import { isIP, connect as connectTcp, type Socket } from 'node:net'
import type { TLSSocket } from 'node:tls'
import type { buildConnector } from 'undici'
import type { Clock, Timer } from '../../clock/clock.ts'
import { ConnectError, type ConnectStage } from '../connect-error.ts'
import type { OpenSockets } from '../open-sockets.ts'
import { connectTarget, type ConnectTarget } from './connect-target.ts'
import { connectTls, type TlsSettings } from './connect-tls.ts'
import type { EgressPolicy } from './egress-policy.ts'
import type { Lookup } from './lookup.ts'

export interface ConnectorOptions extends TlsSettings {
  readonly egress: EgressPolicy
  readonly clock: Clock
  readonly lookup: Lookup
  /** Where every socket is counted from its making to its close. */
  readonly sockets: OpenSockets
}

/** How many addresses of one name are tried. */
const mostAddresses = 6
/** How long one address is tried while there is another. The last one has as long as the engine's deadline gives. */
const addressPatienceMs = 2_000
const tcpKeepAliveMs = 60_000

/**
 * Opens the connections of one undici `Client`, one at a time, and only to addresses the egress policy permits.
 *
 * A host name is resolved once, every address it gave is judged, and the connection goes to one of the judged
 * addresses itself: nothing is resolved a second time, so a name cannot change between the question and the call.
 * One forbidden address among the answers forbids the name. A forbidden attempt makes no socket.
 */
export class GuardedConnector {
  private readonly options: ConnectorOptions
  private attempt: ConnectAttempt | null = null

  constructor(options: ConnectorOptions) {
    this.options = options
  }

  /** The connector function for undici. */
  readonly connect: buildConnector.connector = (target, callback) => {
    this.attempt = new ConnectAttempt(this.options, connectTarget(target), callback)
    this.attempt.start()
  }

  /** Ends the attempt under way, if there is one, and destroys the last socket, half-open or not. */
  destroy(): void {
    this.attempt?.fail('tcp')
  }
}

/** One way from a host name to a connected socket, or to a {@link ConnectError}. */
class ConnectAttempt {
  private readonly options: ConnectorOptions
  private readonly secure: boolean
  private readonly hostname: string
  private readonly port: number
  private callback: buildConnector.Callback | null
  private addresses: readonly string[] = []
  private next = 0
  private tcpStands = false
  private socket: Socket | null = null
  private timer: Timer | null = null
  private lookup: AbortController | null = null

  constructor(options: ConnectorOptions, target: ConnectTarget, callback: buildConnector.Callback) {
    this.options = options
    this.secure = target.secure
    this.hostname = target.hostname
    this.port = target.port
    this.callback = callback
  }

  start(): void {
    if (this.options.egress.httpsOnly && !this.secure) return this.fail('egress')
    if (isIP(this.hostname) !== 0) return this.judge([this.hostname])
    if (!this.options.egress.mayResolve(this.hostname)) return this.fail('egress')
    this.lookup = new AbortController()
    this.options.lookup(this.hostname, this.lookup, (error, found) => {
      this.lookup = null
      if (this.callback === null) return
      if (error !== null || found.length === 0) return this.fail('dns', error)
      this.judge(found.map((entry) => entry.address))
    })
  }

  /** Tells undici that there will be no connection. */
  fail(stage: ConnectStage, cause?: unknown): void {
    const callback = this.end()
    this.socket?.destroy()
    // The reason is given so that no error is made up for it.
    this.lookup?.abort(null)
    callback?.(new ConnectError(stage, cause), null)
  }

  private judge(addresses: readonly string[]): void {
    if (!addresses.every((address) => this.permits(address))) return this.fail('egress')
    this.addresses = addresses.slice(0, mostAddresses)
    this.tryNext()
  }

  private permits(address: string): boolean {
    return this.options.egress.permits(address, this.hostname, this.port)
  }

  private tryNext(): void {
    const host = this.addresses[this.next++]
    if (host === undefined) return this.fail('tcp')
    const socket = this.secure ? this.openTls(host) : connectTcp({ host, port: this.port })
    this.socket = socket
    this.options.sockets.add(socket)
    socket.setNoDelay(true)
    socket.setKeepAlive(true, tcpKeepAliveMs)
    socket.once('connect', () => this.connected(socket))
    // The listener stays for the socket's life: between here and undici's own listeners an error must not go unheard.
    socket.on('error', (error: Error) => this.failed(socket, error))
    if (this.next < this.addresses.length) {
      this.timer = this.options.clock.setTimeout(() => this.skip(socket), addressPatienceMs)
    }
  }

  private openTls(host: string): TLSSocket {
    const socket = connectTls(this.options, this.hostname, { host, port: this.port })
    socket.once('secureConnect', () => this.ready(socket))
    return socket
  }

  private connected(socket: Socket): void {
    this.clearTimer()
    this.tcpStands = true
    // The socket was given a judged address, so this cannot fail; it costs nothing to look at where it really went.
    if (!this.permits(socket.remoteAddress ?? '')) this.fail('egress')
    else if (!this.secure) this.ready(socket)
  }

  private ready(socket: Socket): void {
    this.end()?.(null, socket)
  }

  private failed(socket: Socket, error: Error): void {
    if (this.callback === null || socket !== this.socket) return
    this.clearTimer()
    // Once TCP stands the error is TLS's own: another address of the name would say the same.
    if (this.tcpStands) this.fail('tls', error)
    else if (this.next < this.addresses.length) this.tryNext()
    else this.fail('tcp', error)
  }

  private skip(socket: Socket): void {
    this.timer = null
    this.tryNext()
    socket.destroy()
  }

  private end(): buildConnector.Callback | null {
    const callback = this.callback
    this.callback = null
    this.clearTimer()
    return callback
  }

  private clearTimer(): void {
    if (this.timer === null) return
    this.options.clock.clearTimeout(this.timer)
    this.timer = null
  }
}
