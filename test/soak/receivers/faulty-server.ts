// One listener at one port, plain or TLS, that misbehaves as it is told, and may go away and come back.
import { once } from 'node:events'
import { createServer, type Server, type Socket } from 'node:net'
import type { Duplex } from 'node:stream'
import { setTimeout as wait } from 'node:timers/promises'
import { TLSSocket, type SecureContext } from 'node:tls'
import { onEachRequest } from '../../transport/test-server.ts'
import type { Dice } from '../dice.ts'
import type { ConnectionFault } from '../faults.ts'

export interface FaultyServerPorts {
  readonly dice: Dice
  /** Null: plain HTTP. */
  readonly secureContext: SecureContext | null
  /** What is to become of the next connection. */
  readonly drawFault: () => ConnectionFault
  readonly onRequest: (stream: Duplex, reset: () => void, head: string, body: string) => void
}

/** After it a connection that nobody ends is ended: what is left open here is not what the soak looks for. */
const longestStallMs = 5_000
const listenAgainMs = 20
/** Below those that systems give to connections and to port 0: while a server is gone, nobody else is to answer there. */
const ownPorts = [20_000, 32_000] as const

export class FaultyServer {
  readonly #ports: FaultyServerPorts
  readonly #sockets = new Set<Socket>()
  #server: Server
  port = 0

  private constructor(ports: FaultyServerPorts) {
    this.#ports = ports
    this.#server = this.#make()
  }

  static async start(ports: FaultyServerPorts): Promise<FaultyServer> {
    const started = new FaultyServer(ports)
    await started.listen()
    return started
  }

  get listening(): boolean {
    return this.#server.listening
  }

  /** At the same port as before, if there was one. */
  async listen(): Promise<void> {
    while (!this.listening) {
      const port = this.port === 0 ? this.#ports.dice.whole(...ownPorts) : this.port
      this.#server = this.#make()
      this.#server.listen(port, '127.0.0.1')
      await once(this.#server, 'listening').then(
        () => (this.port = port),
        () => wait(listenAgainMs),
      )
    }
  }

  /** As when its process is killed: nothing listens, and every connection is reset. */
  crash(): void {
    this.#server.close()
    for (const socket of this.#sockets) socket.resetAndDestroy()
  }

  #make(): Server {
    // Half open: what ends its own side early must go on reading; what hears the other side end, ends too, below. Paused:
    // of a connection that is to stay unread not a byte may be taken, or its window would not fill.
    const server = createServer({ allowHalfOpen: true, pauseOnConnect: true }, (socket) => this.#connected(socket))
    server.on('error', () => undefined)
    return server
  }

  #connected(socket: Socket): void {
    this.#sockets.add(socket)
    socket.on('error', () => undefined)
    socket.once('close', () => this.#sockets.delete(socket))
    socket.once('end', () => socket.end())
    const fault = this.#ports.drawFault()
    switch (fault) {
      case 'none':
        return this.#serve(socket)
      case 'resetAtOnce':
        socket.resetAndDestroy()
        return
      case 'finAtOnce':
        socket.resume().end()
        return
      case 'tlsAlert':
        // A fatal handshake_failure, RFC 8446 section 6.
        socket.resume().end(Buffer.from([21, 3, 3, 0, 2, 2, 40]))
        return
      case 'unread':
      case 'tlsStall':
        setTimeout(() => socket.destroy(), longestStallMs).unref()
    }
  }

  #serve(socket: Socket): void {
    const reset = (): void => {
      socket.resetAndDestroy()
    }
    const { secureContext, onRequest } = this.#ports
    socket.resume()
    if (secureContext === null) {
      onEachRequest(socket, (head, body) => onRequest(socket, reset, head, body))
      return
    }
    const secured = new TLSSocket(socket, { isServer: true, secureContext, ALPNProtocols: ['http/1.1'] })
    secured.on('error', () => socket.destroy())
    secured.once('end', () => secured.end())
    onEachRequest(secured, (head, body) => onRequest(secured, reset, head, body))
  }
}
