import { isIP } from 'node:net'
import { networkInterfaces } from 'node:os'
import { OptionReader } from '../../options/option-reader.ts'
import { refuseOption } from '../../options/refuse-option.ts'
import { AddressList } from './address-list.ts'
import { HostList } from './host-list.ts'
import { privateNetworks } from './private-networks.ts'

/** Who may be called. The rules are asked about every address at the moment of connecting, never about URLs alone. */
export interface EgressOptions {
  /**
   * Whether requests may go to addresses that are not public: loopback, private, link-local, reserved, and this
   * machine's own.
   * @default 'deny' when NODE_ENV is 'production', else 'allow'
   */
  readonly privateNetworks?: 'deny' | 'allow' | undefined
  /**
   * What may be called whatever the other rules say: addresses (`10.1.2.3`), networks (`10.0.0.0/8`, `fd00::/8`), host
   * names (`hooks.internal`) and all names below one (`*.internal`). A host name allows every address it resolves to.
   * @default []
   */
  readonly allow?: readonly string[] | undefined
  /** What may not be called unless `allow` names it. Written like `allow`. @default [] */
  readonly deny?: readonly string[] | undefined
  /** Whether plain `http:` is forbidden. @default false */
  readonly httpsOnly?: boolean | undefined
}

/** The decision, made once from {@link EgressOptions}; it never changes afterwards. */
export interface EgressPolicy {
  readonly httpsOnly: boolean
  /**
   * Whether a connection to `address` may be opened for a URL whose host is `hostname`. `allow` decides first, then
   * `deny`, then `privateNetworks`. What is not an IP address is forbidden.
   */
  permits(address: string, hostname: string): boolean
}

const optionNames = ['privateNetworks', 'allow', 'deny', 'httpsOnly'] as const

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
  ownAddresses: readonly string[] = interfaceAddresses(),
): EgressPolicy {
  const reader = new OptionReader(value, option, optionNames)
  const usual = environment.NODE_ENV === 'production' ? 'deny' : 'allow'
  const publicOnly = reader.oneOf('privateNetworks', usual, ['deny', 'allow']) === 'deny'
  const httpsOnly = reader.boolean('httpsOnly', false)
  const allowed = readRules(reader.given('allow'), reader.path('allow'))
  const denied = readRules(reader.given('deny'), reader.path('deny'))
  const own = new AddressList()
  for (const address of ownAddresses) own.add(address)

  return {
    httpsOnly,
    permits(address, hostname) {
      if (isIP(address) === 0) return false
      if (allowed.hosts.has(hostname) || allowed.addresses.has(address)) return true
      if (denied.hosts.has(hostname) || denied.addresses.has(address)) return false
      return !publicOnly || !(privateNetworks.has(address) || own.has(address))
    },
  }
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

function interfaceAddresses(): string[] {
  return Object.values(networkInterfaces()).flatMap((entries) => (entries ?? []).map((entry) => entry.address))
}
