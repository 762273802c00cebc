// Who may ask: pages of this very server, and programs of this machine. A page of another site can make the browser of
// whoever runs this send requests here; what it cannot do is choose their Host, Origin and Sec-Fetch-Site.
import type { IncomingHttpHeaders } from 'node:http'
import { isOfOtherSite } from '../../browser/other-site.ts'

/** Refuses what another site has a browser ask; null when the request may be answered. */
export type CheckRequest = (headers: IncomingHttpHeaders) => string | null

/** @param port the server's own */
export function ownRequests(port: number): CheckRequest {
  // A name that another site has pointed at this machine (DNS rebinding) is none of these.
  const hosts = new Set(['127.0.0.1', 'localhost', '[::1]'].flatMap((name) => authoritiesOf(name, port)))
  const origins = new Set(Array.from(hosts, (host) => `http://${host}`))
  return (headers) => {
    const { host, origin } = headers
    if (host === undefined || !hosts.has(host.toLowerCase())) return 'this host is not served here'
    if (origin !== undefined && !origins.has(origin)) return 'pages of other sites are not served'
    return isOfOtherSite(headers) ? 'pages of other sites are not served' : null
  }
}

function authoritiesOf(name: string, port: number): string[] {
  return port === 80 ? [name, `${name}:80`] : [`${name}:${port}`]
}
