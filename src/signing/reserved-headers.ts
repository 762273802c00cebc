/** The names no endpoint may set for itself, as {@link headerKey} writes them. The one list of them. */
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
  'accept-encoding', // what comes back is kept as it comes, and never inflated
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
  // claims about the sender, or about the way the request came, that an inner network would trust
  'cf-connecting-ip',
  'cf-connecting-ipv6',
  'client-cert', // RFC 9440
  'client-cert-chain',
  'client-ip',
  'cookie',
  'fastly-client-ip',
  'forwarded',
  'max-forwards',
  'proxy', // CGI hands it to programs as HTTP_PROXY
  'remote-user',
  'true-client-ip',
  'via',
  'x-client-ip',
  'x-cluster-client-ip',
  'x-forwarded',
  'x-host',
  'x-original-host',
  'x-originating-ip',
  'x-real-ip',
  // they make of a POST to one path another method, or another path
  'x-http-method',
  'x-http-method-override',
  'x-method-override',
  'x-original-uri',
  'x-original-url',
  'x-rewrite-url',
  // what a cloud's metadata service or a local agent asks for before it hands out credentials
  'metadata',
  'x-identity-header', // Azure's managed identity
  'x-instance-id', // OpenStack's proxy
  'x-vault-request',
])

const reservedPrefixes = [
  'metadata-', // Google and IBM (metadata-flavor), Linode (metadata-token)
  'proxy-',
  'x-aliyun-',
  'x-amz-',
  'x-amzn-',
  'x-aws-',
  'x-azure-',
  'x-envoy-',
  'x-forwarded-',
  'x-goog-',
  'x-google-',
  'x-metadata-',
  'x-ms-',
  'x-openstack-',
  'x-remote-', // Kubernetes: who the front proxy says is calling
]

/**
 * A header's name as receivers tell names apart: in lower case, and with one character for all that is no letter or digit,
 * because many servers hand `x-a`, `x_a` and `x.a` to the application under one name.
 */
export function headerKey(name: string): string {
  return name.toLowerCase().replaceAll(/[^a-z0-9]/g, '-')
}

/**
 * Whether a header belongs to hookline or to the connection, or speaks for a proxy or to a cloud's metadata service; in
 * any writing that {@link headerKey} holds for the same.
 */
export function isReservedHeader(name: string): boolean {
  const key = headerKey(name)
  return reservedNames.has(key) || reservedPrefixes.some((prefix) => key.startsWith(prefix))
}

/** Whether a name can stand in a request: an RFC 9110 token of at most 100 characters. */
export function isHeaderName(name: string): boolean {
  return name.length <= 100 && /^[!#$%&'*+\-.^_`|~0-9A-Za-z]+$/.test(name)
}
