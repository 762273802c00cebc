import { once } from 'node:events'
import { createServer, type AddressInfo } from 'node:net'

/** A port on 127.0.0.1 that nobody listens on just now. */
export async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1')
  await once(server, 'listening')
  const { port } = server.address() as AddressInfo // a TCP server's address is an object
  server.close()
  await once(server, 'close')
  return port
}
