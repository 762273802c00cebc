import { isIP, type Socket } from 'node:net'
import { connect, type SecureContext, type TLSSocket } from 'node:tls'
import type { TlsSessions } from './tls-sessions.ts'

export interface TlsSettings {
  /** One TLS context for all connections: making one costs far more than a connection. */
  readonly secureContext: () => SecureContext
  readonly tlsSessions: TlsSessions
  /** Under which the TLS session of the endpoint at this origin is kept. */
  readonly tlsSessionKey: string
}

/** An address to connect to, or a connected socket to speak TLS on. */
export type TlsRoute = { readonly host: string; readonly port: number } | { readonly socket: Socket }

/** Begins TLS with the server that `hostname` names, whichever way leads there. */
export function connectTls(settings: TlsSettings, hostname: string, route: TlsRoute): TLSSocket {
  const { tlsSessions, tlsSessionKey } = settings
  const session = tlsSessions.get(tlsSessionKey)
  const socket = connect({
    // On a socket that is connected already the host is only what the certificate must name where there is no SNI.
    host: hostname,
    ...route,
    // The name certificates are checked against is always the URL's; an address has no SNI (RFC 6066, section 3).
    servername: isIP(hostname) === 0 ? hostname : '',
    secureContext: settings.secureContext(),
    ...(session === undefined ? {} : { session }),
    ALPNProtocols: ['http/1.1'],
  })
  socket.on('session', (latest) => {
    tlsSessions.set(tlsSessionKey, latest)
  })
  return socket
}
