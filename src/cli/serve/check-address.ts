import { createServer } from 'node:net'

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
