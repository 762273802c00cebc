import type { buildConnector } from 'undici'
import { describeValue } from '../../errors/describe-value.ts'
import { InvalidOptionError } from '../../errors/errors.ts'

/** The HTTP proxy that every connection goes through. Its user name and password can be read off it by nobody. */
export class EgressProxy {
  readonly target: buildConnector.Options
  readonly #authorization: string

  /** @param authorization the field value of `Proxy-Authorization`; null where the proxy asks for none */
  constructor(target: buildConnector.Options, authorization: string | null) {
    this.target = target
    this.#authorization = authorization === null ? '' : `Proxy-Authorization: ${authorization}\r\n`
  }

  /** The request for a tunnel to `authority`: host and port, as RFC 9110, section 9.3.6 has it. */
  connectRequest(authority: string): string {
    return `CONNECT ${authority} HTTP/1.1\r\nHost: ${authority}\r\n${this.#authorization}\r\n`
  }
}

const longestUrl = 2_048

/**
 * Reads the URL of a proxy: `http://127.0.0.1:4750`, `https://user:password@proxy.internal`. User name and password
 * are percent-decoded, and sent as UTF-8 in the Basic scheme (RFC 7617).
 *
 * @param option its path, for error messages: `egress.proxy`
 * @throws {InvalidOptionError} which shows no part of the URL: a wrong one may hold the right password
 */
export function readEgressProxy(value: unknown, option: string): EgressProxy {
  const url = parseUrl(value)
  if (url === null) return refuse(option, 'must be a URL such as "http://127.0.0.1:4750"', value)
  const { protocol, hostname, port, pathname } = url
  if (protocol !== 'http:' && protocol !== 'https:') {
    return refuse(option, 'must begin with http:// or https://', value)
  }
  if ((pathname !== '/' && pathname !== '') || url.search !== '' || url.hash !== '') {
    return refuse(option, 'must have no path, no query and no fragment', value)
  }
  if (port === '0') return refuse(option, 'must not have port 0, which nothing can listen on', value)
  const authorization = basicAuthorization(url)
  if (authorization === undefined) {
    return refuse(option, 'must have a percent-encoded user name and password, and no colon in the user name', value)
  }
  return new EgressProxy({ protocol, hostname, port }, authorization)
}

function parseUrl(value: unknown): URL | null {
  if (typeof value !== 'string' && !(value instanceof URL)) return null
  const text = typeof value === 'string' ? value : value.href
  if (text.length > longestUrl) return null
  try {
    return new URL(text)
  } catch {
    return null
  }
}

/** Null where the URL has neither user name nor password; undefined where they cannot be sent. */
function basicAuthorization({ username, password }: URL): string | null | undefined {
  if (username === '' && password === '') return null
  try {
    const user = decodeURIComponent(username)
    if (user.includes(':')) return undefined
    return `Basic ${Buffer.from(`${user}:${decodeURIComponent(password)}`).toString('base64')}`
  } catch {
    return undefined
  }
}

function refuse(option: string, rule: string, value: unknown): never {
  const received = typeof value === 'string' ? `a string of ${value.length} characters` : describeValue(value)
  throw new InvalidOptionError(`${option} ${rule}, got ${received}`, option, received)
}
