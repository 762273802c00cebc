const loopbackName = /^(?:.*\.)?localhost(?:\.localdomain)?\.?$/i

/**
 * Whether a name is loopback wherever it is asked for: `localhost` and the names below it (RFC 6761, section 6.3), and
 * `localhost.localdomain`, which many a hosts file has.
 */
export function isLoopbackName(hostname: string): boolean {
  return loopbackName.test(hostname)
}

/** What such names lead to. */
export const loopbackAddresses: readonly string[] = ['127.0.0.1', '::1']
