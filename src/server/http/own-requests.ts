// Who may ask while there is no key: programs of this machine. A page of another site can make the browser of whoever runs
// this send requests here; what it cannot do is choose their Host, Origin and Sec-Fetch-Site. A proxy on this machine sends on
// what others ask, and says so.
import type { IncomingHttpHeaders } from 'node:http'
import { isOfOtherSite } from '../../browser/other-site.ts'
import { ApiError } from './api-error.ts'

const proxyHeaders = ['forwarded', 'x-forwarded-for', 'x-forwarded-host', 'x-real-ip', 'via']
const ownHost = /^(?:127(?:\.\d{1,3}){3}|localhost|\[::1\])(?::\d{1,5})?$/i

/** Whether whoever connects to this address is on this machine. */
export function isLoopback(host: string): boolean {
  return /^(?:127(?:\.\d{1,3}){3}|localhost|::1|::ffff:127(?:\.\d{1,3}){3})$/i.test(host)
}

/** @throws ApiError for what another site has a browser ask, and for what a proxy sends on */
export function checkOwnRequest(headers: IncomingHttpHeaders): void {
  const { host, origin } = headers
  // A name that another site has pointed at this machine (DNS rebinding) is none of these.
  if (host === undefined || !ownHost.test(host)) throw new ApiError(403, 'FOREIGN_HOST', 'this host is not served here')
  if (proxyHeaders.some((name) => headers[name] !== undefined)) {
    throw new ApiError(403, 'FOREIGN_CLIENT', 'what a proxy sends on is not served without a key: make one first')
  }
  // Another port is another site: what runs there need not be trusted with this.
  const isForeign = origin !== undefined && origin.toLowerCase() !== `http://${host.toLowerCase()}`
  if (isForeign || isOfOtherSite(headers)) {
    throw new ApiError(403, 'FOREIGN_ORIGIN', 'pages of other sites are not served')
  }
}
