/** The names no endpoint may set for itself, in lower case. The one list of them. */
const reservedNames = new Set([
  // the connection's: set by the transport alone, or they split one request into two
  'connection',
  'content-length',
  'expect',
  'host',
  'http2-settings',
  'keep-alive',
  'te',
  'trailer',
  'transfer-encoding',
  'upgrade',
  // hookline's own
  'content-encoding',
  'content-type',
  'user-agent',
  'webhook-id',
  'webhook-signature',
  'webhook-timestamp',
  'x-event-attempt',
  'x-event-id',
  'x-event-sequence',
  'x-event-sequence-signature',
  'x-event-type',
  'x-signature',
  // credentials and claims about the sender that an inner network would trust
  'cookie',
  'forwarded',
  'metadata',
  'metadata-flavor',
  'proxy', // CGI hands it to programs as HTTP_PROXY
  'x-real-ip',
])

const reservedPrefixes = ['proxy-', 'x-amz-', 'x-aws-', 'x-azure-', 'x-forwarded-', 'x-goog-', 'x-google-']

/**
 * Whether a header belongs to hookline, to the connection, or to a cloud's metadata service, in any case.
 * `_` counts as `-`, because many servers hand both to the application under one name.
 */
export function isReservedHeader(name: string): boolean {
  const lowerName = name.toLowerCase().replaceAll('_', '-')
  return reservedNames.has(lowerName) || reservedPrefixes.some((prefix) => lowerName.startsWith(prefix))
}

/** Whether a name can stand in a request: an RFC 9110 token of at most 100 characters. */
export function isHeaderName(name: string): boolean {
  return name.length <= 100 && /^[!#$%&'*+\-.^_`|~0-9A-Za-z]+$/.test(name)
}
