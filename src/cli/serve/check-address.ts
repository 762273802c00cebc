import { BlockList, createServer } from 'node:net'

/** Whether an address or a name can only be reached from this machine. */
export function isLoopback(host: string): boolean {
  if (host === 'localhost') return true
  return loopback.check(host, 'ipv4') || loopback.check(host, 'ipv6')
}

const loopback = new BlockList()
loopback.addSubnet('127.0.0.0', 8, 'ipv4')
loopback.addAddress('::1', 'ipv6')

/**
 * Rejects when nothing can listen there, before anything is sent: a service that cannot be asked must not deliver either, or
 * a supervisor that starts it over and over sends and cuts off the same requests each time.
 */
export function checkAddress(host: string, port: number): Promise<void> {
  return new Promise((resolve, reject) => {
    const probe = createServer()
    probe.once('error', (cause: NodeJS.ErrnoException) => {
      const error: NodeJS.ErrnoException = new Error(
        `nothing can listen on ${host} port ${port}: ${reasons.get(cause.code) ?? cause.message}; see host and port`,
        { cause },
      )
      // Told in full: not a fault of the program.
      error.code = cause.code ?? 'UNKNOWN'
      reject(error)
    })
    probe.listen(port, host, () => probe.close(() => resolve()))
  })
}

const reasons: ReadonlyMap<string | undefined, string> = new Map([
  ['EADDRINUSE', 'something does already'],
  ['EACCES', 'this user may not'],
  ['EADDRNOTAVAIL', 'the address is none of this machine'],
  ['ENOTFOUND', 'the name has no address'],
])
