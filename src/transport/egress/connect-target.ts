import type { buildConnector } from 'undici'

/** Where a connection is to go. */
export interface ConnectTarget {
  readonly secure: boolean
  /** A name, or an IP address without brackets. */
  readonly hostname: string
  readonly port: number
}

/** The target as undici gives it, with brackets around v6 addresses and without the port a scheme has anyway. */
export function connectTarget({ protocol, hostname, port }: buildConnector.Options): ConnectTarget {
  const secure = protocol === 'https:'
  return {
    secure,
    hostname: hostname.startsWith('[') ? hostname.slice(1, -1) : hostname,
    port: port === '' ? (secure ? 443 : 80) : Number(port),
  }
}
