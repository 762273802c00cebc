import { describeValue } from '../errors/describe-value.ts'
import { InvalidUrlError } from '../errors/errors.ts'

// Owns what may stand as an endpoint's URL. Where a host may lead is the egress policy's business, not decided here.
// A URL may hold a password or, in its path or query, a token: no message here repeats any part of it.

/** A URL that hookline can post to, as the WHATWG URL parser writes it. */
export interface EndpointUrl {
  /** `origin` and `path` together; no credentials, no fragment. */
  readonly href: string
  /** Scheme, host and port: `https://merchant.example:8443`. */
  readonly origin: string
  /** Path with query, as it goes on the wire: `/hooks?v=1`. */
  readonly path: string
  /** The host without port, in punycode: `merchant.example`, `192.0.2.1` or, with its brackets, `[2001:db8::1]`. */
  readonly hostname: string
}

const longestUrl = 2048
const longestHostname = 253
// 1 to 63 letters, digits, hyphens and underscores (which DNS names in the wild have), no hyphen at either end.
const hostLabel = /^(?!-)[a-z0-9_-]{1,63}(?<!-)$/

/**
 * Checks an endpoint's URL: absolute, `http:` or `https:`, at most 2,048 characters, no credentials, a well-formed host
 * (an IP address, or a name of at most 253 characters; single-label names such as `localhost` too), a port other
 * than 0. A fragment is dropped: it never goes on the wire.
 *
 * @throws InvalidUrlError
 */
export function parseEndpointUrl(value: unknown, settings: { readonly httpsOnly: boolean }): EndpointUrl {
  const url = parseUrl(value)
  if (url.protocol !== 'https:' && url.protocol !== 'http:') refuse('must begin with http:// or https://')
  if (settings.httpsOnly && url.protocol === 'http:')
    refuse('must begin with https://: the egress option httpsOnly is set')
  if (url.username !== '' || url.password !== '') {
    refuse('must hold no user name or password; to authenticate, give an Authorization header in the option headers')
  }
  if (url.port === '0') refuse('must not have port 0, which nothing can listen on')
  checkHostname(url.hostname)
  const path = url.pathname + url.search
  const href = url.origin + path
  // Escaping lengthens a URL, so the text that is stored and sent is measured too.
  if (href.length > longestUrl) refuseLength(href.length)
  return Object.freeze({ href, origin: url.origin, path, hostname: url.hostname })
}

function parseUrl(value: unknown): URL {
  const text = typeof value === 'string' ? value : hrefOf(value)
  if (text === null) return refuse(`must be a string or a URL object, got ${describeValue(value)}`)
  if (text.length > longestUrl) refuseLength(text.length)
  try {
    return new URL(text)
  } catch {
    // The parser's own error carries the text, so it is not kept as the cause.
    return refuse('must be an absolute URL such as https://merchant.example/hooks; what was given is not one')
  }
}

/** Null for what is no URL object; a proxy of one is none either. */
function hrefOf(value: unknown): string | null {
  try {
    return value instanceof URL ? value.href : null
  } catch {
    return null
  }
}

/** The URL parser lets through names that no resolver can look up. */
function checkHostname(hostname: string): void {
  if (hostname.startsWith('[')) return
  if (hostname.length > longestHostname) {
    refuse(`must have a host name of at most ${longestHostname} characters, got ${hostname.length}`)
  }
  if (!hostname.split('.').every((label) => hostLabel.test(label))) {
    refuse(
      'must have a host name whose labels (the parts between its dots) are each 1 to 63 letters, digits, - or _, with no - at either end',
    )
  }
}

function refuseLength(length: number): never {
  return refuse(`must be at most ${longestUrl} characters long (when escaped), got ${length}`)
}

function refuse(rule: string): never {
  throw new InvalidUrlError(`url ${rule}`)
}
