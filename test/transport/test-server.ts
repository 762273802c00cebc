import { once } from 'node:events'
import { createServer, type Server, type Socket } from 'node:net'

/** A TCP listener on 127.0.0.1 that counts its connections and can end them all. */
export interface TestServer {
  readonly origin: string
  readonly port: number
  /** Connections accepted so far. */
  readonly accepted: number
  /** Connections open now. */
  readonly open: number
  close(): Promise<void>
}

export async function startServer(
  onConnection: (socket: Socket) => void,
  server: Server = createServer(),
): Promise<TestServer> {
  const sockets = new Set<Socket>()
  let accepted = 0
  server.on('connection', (socket: Socket) => {
    accepted++
    sockets.add(socket)
    socket.on('error', () => undefined)
    socket.on('close', () => sockets.delete(socket))
    onConnection(socket)
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  const address = server.address()
  if (address === null || typeof address === 'string') throw new Error('the server has no port')
  const { port } = address
  return {
    origin: `http://127.0.0.1:${port}`,
    port,
    get accepted() {
      return accepted
    },
    get open() {
      return sockets.size
    },
    async close() {
      for (const socket of sockets) socket.destroy()
      server.close()
      await once(server, 'close')
    },
  }
}

/** Resolves when the socket is closed, by whatever means. */
export function closeOf(socket: Socket): Promise<void> {
  return new Promise((resolve) => socket.once('close', () => resolve()))
}

/** Calls `onRequest` once for each whole request (a POST with a content-length) that comes in. */
export function onEachRequest(socket: Socket, onRequest: (head: string, body: string) => void): void {
  let text = ''
  socket.on('data', (chunk) => {
    text += chunk.toString('latin1')
    for (;;) {
      const end = text.indexOf('\r\n\r\n')
      if (end < 0) return
      const head = text.slice(0, end)
      const length = Number(/content-length: (\d+)/i.exec(head)?.[1] ?? '0')
      if (text.length < end + 4 + length) return
      const body = text.slice(end + 4, end + 4 + length)
      text = text.slice(end + 4 + length)
      onRequest(head, body)
    }
  })
}
