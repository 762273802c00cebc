import type { Socket } from 'node:net'
import { createServer as createTlsServer } from 'node:tls'
import type { UndiciTransportOptions } from '../../../src/transport/undici-transport.ts'
import { startServer, type TestServer } from '../test-server.ts'
import { makeCertificate, type Certificate } from './certificate.ts'

export type Scheme = 'http' | 'https'

let certificate: Certificate | null = null

/** A server that is spoken to in plain text or over TLS; `onConnection` reads and writes plain text in either case. */
export async function startSchemeServer(scheme: Scheme, onConnection: (socket: Socket) => void): Promise<TestServer> {
  if (scheme === 'http') return startServer(onConnection)
  const tls = createTlsServer(theCertificate())
  tls.on('secureConnection', (socket) => {
    socket.on('error', () => undefined)
    onConnection(socket)
  })
  tls.on('tlsClientError', () => undefined)
  const server = await startServer(() => undefined, tls)
  return Object.create(server, { origin: { value: server.origin.replace('http:', 'https:') } }) as TestServer
}

/** What a transport needs to trust the servers of this scheme. */
export function trusting(scheme: Scheme): Partial<UndiciTransportOptions> {
  return scheme === 'https' ? { certificateAuthorities: [theCertificate().cert] } : {}
}

function theCertificate(): Certificate {
  return (certificate ??= makeCertificate())
}
