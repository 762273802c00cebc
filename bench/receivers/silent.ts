import { once } from 'node:events'
import { createServer } from 'node:net'
import type { AddressInfo } from 'node:net'

/** Takes every connection and every request, and never answers. It ends with the process. Returns its origin. */
export async function startSilentReceiver(): Promise<string> {
  const server = createServer((socket) => {
    // A sender that gives up may reset the connection.
    socket.on('error', () => undefined)
    socket.resume()
  })
  server.listen({ port: 0, host: '127.0.0.1', backlog: 4096 })
  await once(server, 'listening')
  // Of a server on a port.
  const { port } = server.address() as AddressInfo
  return `http://127.0.0.1:${port}`
}
