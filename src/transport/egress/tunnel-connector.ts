import { isIP, type Socket } from 'node:net'
import type { TLSSocket } from 'node:tls'
import type { buildConnector } from 'undici'
import { ConnectError } from '../connect-error.ts'
import { ProxyError } from '../proxy-error.ts'
import { connectTarget, type ConnectTarget } from './connect-target.ts'
import { connectTls } from './connect-tls.ts'
import type { EgressPolicy } from './egress-policy.ts'
import type { EgressProxy } from './egress-proxy.ts'
import { GuardedConnector, type ConnectorOptions } from './guarded-connector.ts'
import { ProxyAnswerReader, type ProxyAnswer } from './proxy-answer.ts'

/** Where the proxy stands is the operator's word: the policy is about endpoints. */
const proxyHop: EgressPolicy = {
  proxy: null,
  httpsOnly: false,
  permits: () => true,
  permitsUnresolved: () => true,
  mayResolve: () => true,
  mayBeLocal: () => true,
}
/** No endpoint's key is like it: those have a space. */
const proxySessionKey = 'proxy'

/**
 * Opens the connections of one undici `Client`, one at a time, as tunnels through the egress proxy: `http:` and
 * `https:` endpoints alike, so that the proxy learns host and port and no more.
 *
 * The egress policy judges the endpoint before the proxy hears of it, by what can be known without resolving its name.
 * The proxy resolves the name, and has to judge where it leads.
 */
export class TunnelConnector {
  private readonly options: ConnectorOptions
  private readonly proxy: EgressProxy
  private readonly hop: GuardedConnector
  private attempt: TunnelAttempt | null = null

  constructor(options: ConnectorOptions, proxy: EgressProxy) {
    this.options = options
    this.proxy = proxy
    this.hop = new GuardedConnector({ ...options, egress: proxyHop, tlsSessionKey: proxySessionKey })
  }

  /** The connector function for undici. */
  readonly connect: buildConnector.connector = (target, callback) => {
    const attempt = new TunnelAttempt(this.options, connectTarget(target), callback)
    this.attempt = attempt
    if (!attempt.isPermitted()) return attempt.fail(new ConnectError('egress'))
    this.hop.connect(this.proxy.target, (error, socket) => {
      if (error === null) attempt.open(socket, this.proxy)
      else attempt.fail(unreachable(error))
    })
  }

  /** Ends the attempt under way, if there is one, and destroys the last socket, half-open or not. */
  destroy(): void {
    this.attempt?.destroy()
    this.hop.destroy()
  }
}

/** One way from a connected proxy to a connected endpoint. */
class TunnelAttempt {
  private readonly options: ConnectorOptions
  private readonly target: ConnectTarget
  private readonly answer = new ProxyAnswerReader()
  private callback: buildConnector.Callback | null
  private socket: Socket | null = null
  private secured: TLSSocket | null = null

  constructor(options: ConnectorOptions, target: ConnectTarget, callback: buildConnector.Callback) {
    this.options = options
    this.target = target
    this.callback = callback
  }

  isPermitted(): boolean {
    const { egress } = this.options
    const { secure, hostname, port } = this.target
    return (secure || !egress.httpsOnly) && egress.permitsUnresolved(hostname, port)
  }

  open(socket: Socket, proxy: EgressProxy): void {
    this.socket = socket
    socket.on('readable', this.read)
    socket.on('close', this.closed)
    const { hostname, port } = this.target
    socket.write(proxy.connectRequest(isIP(hostname) === 6 ? `[${hostname}]:${port}` : `${hostname}:${port}`))
  }

  /** Tells undici that there will be no connection. */
  fail(error: Error): void {
    const callback = this.end()
    this.secured?.destroy()
    this.socket?.destroy()
    callback?.(error, null)
  }

  /** The socket below TLS is destroyed with the hop. */
  destroy(): void {
    if (this.callback !== null) this.fail(new ConnectError('tcp'))
    else this.secured?.destroy()
  }

  private readonly read = (): void => {
    for (;;) {
      const piece: unknown = this.socket?.read()
      if (!(piece instanceof Buffer)) return
      const answer = this.answer.add(piece)
      if (answer !== null) return this.answered(answer)
    }
  }

  private readonly closed = (): void => {
    this.fail(new ProxyError('the egress proxy closed the connection without an answer'))
  }

  private answered(answer: ProxyAnswer | 'invalid'): void {
    const { socket } = this
    if (socket === null) return
    if (answer === 'invalid') return this.fail(new ProxyError('the egress proxy gave no valid answer'))
    if (answer.status >= 300) return this.fail(refusal(answer))
    socket.off('readable', this.read)
    socket.off('close', this.closed)
    if (answer.rest.length > 0) socket.unshift(answer.rest)
    if (this.target.secure) this.secure(socket)
    else this.end()?.(null, socket)
  }

  private secure(socket: Socket): void {
    const secured = connectTls(this.options, this.target.hostname, { socket })
    this.secured = secured
    secured.once('secureConnect', () => this.end()?.(null, secured))
    // The listener stays for the socket's life: between here and undici's own listeners an error must not go unheard.
    secured.on('error', (error: Error) => this.fail(new ConnectError('tls', error)))
  }

  private end(): buildConnector.Callback | null {
    const callback = this.callback
    this.callback = null
    return callback
  }
}

function unreachable(error: Error): ProxyError {
  const code = error instanceof ConnectError && error.stage === 'tls' ? error.systemCode : null
  // What is wrong with its certificate is nothing the operator could guess.
  return new ProxyError(`the egress proxy cannot be reached${code === null ? '' : `: ${code}`}`)
}

/**
 * A proxy that forbids a target says 403 or, as smokescreen does, 407 without asking for credentials. A 407 that does
 * ask is about us: a wrong password must cost no event.
 */
function refusal({ status, challenges }: ProxyAnswer): Error {
  if (status === 403 || (status === 407 && !challenges)) return new ConnectError('egress')
  return new ProxyError(`the egress proxy did not connect: HTTP ${status}`)
}
