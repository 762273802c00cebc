import { lookup as getAddressInfo } from 'node:dns'
import type { Clock } from '../../clock/clock.ts'
import { isLoopbackName, loopbackAddresses } from './loopback-name.ts'
import type { Lookup } from './lookup.ts'
import { NameLookup, type NameLookupSettings } from './name-lookup.ts'
import { SystemNames, type SystemLookup } from './system-names.ts'

export interface NameResolverOptions {
  readonly clock: Clock
  /** Whether a name that DNS does not know may be looked up as the system does it: hosts file, search domains. */
  readonly mayBeLocal: (hostname: string) => boolean
  /** DNS servers: `192.0.2.53`, `192.0.2.53:5353`. @default those of the system */
  readonly servers?: readonly string[]
  /**
   * How long a server has for its first answer, in milliseconds; twice and four times as long for the second and third.
   * @default 1500
   */
  readonly firstTryMs?: number
  /** How the system looks names up. @default `dns.lookup` */
  readonly systemLookup?: SystemLookup
}

const loopback = loopbackAddresses.map((address) => ({ address }))

/**
 * The resolver: asks DNS itself instead of the system. `dns.lookup` has four threads for the whole process, so four
 * names whose servers do not answer would hold up every other name, and file access with them.
 *
 * Who asks for a name while it is being looked up gets that same answer. There is no cache beyond that: connections are
 * kept, so names are seldom asked for, and a cached address is a stale one when an endpoint moves. `localhost` and
 * the names below it are loopback, without asking anyone.
 */
export function createNameResolver(options: NameResolverOptions): Lookup {
  const { clock, mayBeLocal, servers, firstTryMs = 1_500, systemLookup = getAddressInfo } = options
  const systemNames = new SystemNames(systemLookup)
  const settings: NameLookupSettings = { clock, mayBeLocal, servers, firstTryMs, systemNames }
  const underWay = new Map<string, NameLookup>()

  return (hostname, { signal }, callback) => {
    if (signal.aborted) return
    if (isLoopbackName(hostname)) return callback(null, loopback)
    let lookup = underWay.get(hostname)
    if (lookup === undefined) {
      lookup = new NameLookup(hostname, settings, () => underWay.delete(hostname))
      underWay.set(hostname, lookup)
    }
    lookup.join(signal, callback)
  }
}
