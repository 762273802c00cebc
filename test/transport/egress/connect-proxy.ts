import { connect, type Socket } from 'node:net'
import { startSchemeServer, type Scheme } from '../hostile/scheme-server.ts'
import type { TestServer } from '../test-server.ts'

export const established = 'HTTP/1.1 200 Connection established\r\n\r\n'

/** A proxy on 127.0.0.1, spoken to in plain text or over TLS. */
export interface ConnectProxy {
  readonly server: TestServer
  /** The heads it got, one for each tunnel it was asked for. */
  readonly heads: readonly string[]
}

/** Says what becomes of a CONNECT request for `port`. */
export type TunnelScript = (socket: Socket, port: number) => void

export async function startProxy(script: TunnelScript = forward(), scheme: Scheme = 'http'): Promise<ConnectProxy> {
  const heads: string[] = []
  const server = await startSchemeServer(scheme, (socket) => {
    let text = ''
    const read = (chunk: Buffer): void => {
      text += chunk.toString('latin1')
      if (!text.endsWith('\r\n\r\n')) return
      socket.off('data', read)
      heads.push(text)
      script(socket, Number(/^CONNECT \S+:(\d+) /.exec(text)?.[1]))
    }
    socket.on('data', read)
  })
  return { server, heads }
}

/** Whatever the host was, the tunnel leads to 127.0.0.1. `answer` goes out in so many pieces, each read by itself. */
export function forward(answer: readonly string[] = [established]): TunnelScript {
  return (socket, port) => {
    const endpoint = connect(port, '127.0.0.1', () => {
      const [piece, ...rest] = answer
      if (piece === undefined) return
      socket.write(piece)
      const next = (left: readonly string[]): void => {
        const [first, ...others] = left
        if (first === undefined) {
          socket.pipe(endpoint)
          endpoint.pipe(socket)
        } else setImmediate(() => socket.write(first, () => next(others)))
      }
      next(rest)
    })
    endpoint.on('error', () => socket.destroy())
    socket.on('error', () => endpoint.destroy())
    socket.on('close', () => endpoint.destroy())
  }
}
