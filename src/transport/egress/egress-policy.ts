import { isIP } from 'node:net'
import { systemClock } from '../../clock/system-clock.ts'
import { OptionReader } from '../../options/option-reader.ts'
import { refuseOption } from '../../options/refuse-option.ts'
import { AddressList } from './address-list.ts'
import { readEgressProxy, type EgressProxy } from './egress-proxy.ts'
import { HostList } from './host-list.ts'
import { isLoopbackName, loopbackAddresses } from './loopback-name.ts'
import { OwnAddresses } from './own-addresses.ts'
import { privateNetworks } from './private-networks.ts'
import { reachedAddresses } from './reached-addresses.ts'

/** Who may be called. The rules are asked about every address at the moment of connecting, never about URLs alone. */
export interface EgressOptions {
  /**
   * Whether requests may go to addresses that are not public: loopback, private, link-local, reserved, and this
   * machine's own; to ports below 1024 other than 80 and 443; and to names of a single label (`metadata`).
   * @default 'deny' when NODE_ENV is 'production', else 'allow'
   */
  readonly privateNetworks?: 'deny' | 'allow' | undefined
  /**
   * What may be called whatever the other rules say: addresses (`10.1.2.3`), networks (`10.0.0.0/8`, `fd00::/8`), host
   * names (`hooks.internal`) and all names below one (`*.internal`). A host name allows every address it resolves to.
   * @default []
   */
  readonly allow?: readonly string[] | undefined
  /**
   * What may not be called unless `allow` names it. Written like `allow`. A v4 rule holds for the v6 addresses that
   * carry a v4 address too (`64:ff9b::a00:1` is `10.0.0.1` behind a translator).
   * @default []
   */
  readonly deny?: readonly string[] | undefined
  /** Whether plain `http:` is forbidden. @default false */
  readonly httpsOnly?: boolean | undefined
  /**
   * An HTTP proxy through which every connection goes, as a CONNECT tunnel: `http://127.0.0.1:4750`, or `https://` to
   * speak TLS with the proxy too. A user name and a password in it are sent as `Proxy-Authorization`, and shown nowhere.
   *
   * The rules do not hold for the proxy's own address. For an endpoint, `httpsOnly` and the rules about host names,
   * ports, single labels and IP addresses in its URL are applied before the proxy is asked; where a host name leads is
   * for the proxy to judge, because only the proxy resolves it.
   * @default none, whatever the environment says
   */
  readonly proxy?: string | URL | undefined
}

/** The decision, made once from {@link EgressOptions}; it never changes afterwards. */
export interface EgressPolicy {
  readonly httpsOnly: boolean
  /** Null: connections go straight to the endpoints. */
  readonly proxy: EgressProxy | null
  /**
   * Whether a connection to `address` and `port` may be opened for a URL whose host is `hostname`. `allow` decides
   * first, then `deny`, then `privateNetworks`. What is not an IP address is forbidden.
   */
  permits(address: string, hostname: string, port: number): boolean
  /**
   * Whether a proxy may be asked for a connection to this host, a name or an address: decided as `permits` does, as far
   * as that can be without the name's addresses.
   */
  permitsUnresolved(hostname: string, port: number): boolean
  /** Whether the addresses of this name may be asked for. If not, nothing it could lead to is permitted. */
  mayResolve(hostname: string): boolean
  /**
   * Whether the name may be one that only this machine or its network knows: then public DNS is not all there is. So may
   * a proxy's, which is the only name to look up where there is a proxy.
   */
  mayBeLocal(hostname: string): boolean
}

const optionNames = ['privateNetworks', 'allow', 'deny', 'httpsOnly', 'proxy'] as const

/**
 * Checks the options and makes the policy.
 *
 * @param value what the user passed, unchecked; undefined means the defaults
 * @param option where it stood, for error messages: `egress`
 * @param environment its NODE_ENV decides the default of `privateNetworks`
 * @param ownAddresses this machine's addresses: where private networks are denied, so are its public ones
 * @throws {InvalidOptionError} when anything is not as {@link EgressOptions} says, an unknown option included: a misspelt
 *   rule must not silently protect nothing
 */
export function createEgressPolicy(
  value: unknown,
  option: string,
  environment: { readonly NODE_ENV?: string | undefined },
  ownAddresses?: OwnAddresses,
): EgressPolicy {
  const reader = new OptionReader(value, option, optionNames)
  const usual = environment.NODE_ENV === 'production' ? 'deny' : 'allow'
  const publicOnly = reader.oneOf('privateNetworks', usual, ['deny', 'allow']) === 'deny'
  const httpsOnly = reader.boolean('httpsOnly', false)
  const allowed = readRules(reader.given('allow'), reader.path('allow'))
  const denied = readRules(reader.given('deny'), reader.path('deny'))
  const proxyGiven = reader.given('proxy')
  const proxy = proxyGiven === undefined ? null : readEgressProxy(proxyGiven, reader.path('proxy'))
  const own = publicOnly ? (ownAddresses ?? new OwnAddresses(systemClock)) : null

  const permits = (address: string, hostname: string, port: number): boolean => {
    if (isIP(address) === 0) return false
    if (allowed.hosts.has(hostname) || allowed.addresses.has(address)) return true
    if (denied.hosts.has(hostname)) return false
    const reached = reachedAddresses(address)
    if (reached.some((each) => denied.addresses.has(each))) return false
    if (own === null) return true
    return isWebPort(port) && !reached.some((each) => privateNetworks.has(each) || own.has(each))
  }
  const mayResolve = (hostname: string): boolean =>
    !publicOnly || hasTwoLabels.test(hostname) || allowed.hosts.has(hostname)
  const permitsUnresolved = (hostname: string, port: number): boolean => {
    if (isIP(hostname) !== 0) return permits(hostname, hostname, port)
    if (!mayResolve(hostname)) return false
    if (isLoopbackName(hostname)) return loopbackAddresses.every((address) => permits(address, hostname, port))
    if (allowed.hosts.has(hostname)) return true
    if (denied.hosts.has(hostname)) return false
    return !publicOnly || isWebPort(port)
  }
  return {
    httpsOnly,
    proxy,
    permits,
    permitsUnresolved,
    mayResolve,
    mayBeLocal: (hostname) => !publicOnly || proxy !== null || allowed.hosts.has(hostname),
  }
}

/** A single label is no name of the public DNS: it means something else in every network. */
const hasTwoLabels = /[^.]\.[^.]/

/** Below 1024 are the ports of other protocols, where a POST may be taken for commands. */
function isWebPort(port: number): boolean {
  return port === 80 || port === 443 || port >= 1_024
}

interface Rules {
  readonly addresses: AddressList
  readonly hosts: HostList
}

function readRules(value: unknown, option: string): Rules {
  const rules: Rules = { addresses: new AddressList(), hosts: new HostList() }
  if (value === undefined) return rules
  if (!Array.isArray(value)) return refuseOption(option, 'must be an array of rules', value)
  for (const [index, entry] of value.entries()) {
    if (typeof entry !== 'string' || !(rules.addresses.add(withoutBrackets(entry)) || rules.hosts.add(entry))) {
      const valid = 'must be an IP address, a network such as "10.0.0.0/8", a host name or "*." and a host name'
      refuseOption(`${option}[${index}]`, valid, entry)
    }
  }
  return rules
}

/** `[::1]` as it stands in a URL, `::1` as it stands everywhere else. */
function withoutBrackets(text: string): string {
  return text.startsWith('[') && text.endsWith(']') ? text.slice(1, -1) : text
}
