import { BlockList, isIP } from 'node:net'
import { ipv4Of, ipv6Groups } from './ipv6-groups.ts'

/**
 * A set of IP addresses and networks.
 *
 * It keeps two `BlockList`s because one alone cannot be trusted: there a v6 rule that covers `::ffff:0:0/96` matches
 * every v4 address, and `check` takes everything for v4 unless told otherwise. Here a v4 address written as v6
 * (`::ffff:127.0.0.1`) is v4 before it is added or looked up, so each list sees its own family alone.
 */
export class AddressList {
  private readonly v4 = new BlockList()
  private readonly v6 = new BlockList()

  /** Adds an address (`10.0.0.1`, `::1`) or a network (`10.0.0.0/8`, `fd00::/8`); false when the text is neither. */
  add(text: string): boolean {
    const slash = text.indexOf('/')
    const address = slash < 0 ? text : text.slice(0, slash)
    const family = isIP(address)
    // A zone (`fe80::1%eth0`) names an interface of this machine, which no rule about addresses can mean.
    if (family === 0 || address.includes('%')) return false

    const bits = family === 4 ? 32 : 128
    const prefixText = slash < 0 ? String(bits) : text.slice(slash + 1)
    if (!/^(?:0|[1-9]\d{0,2})$/.test(prefixText)) return false
    const prefix = Number(prefixText)
    if (prefix > bits) return false

    const mapped = family === 6 && prefix >= 96 ? mappedIpv4(address) : null
    if (mapped !== null) this.v4.addSubnet(mapped, prefix - 96, 'ipv4')
    else if (family === 4) this.v4.addSubnet(address, prefix, 'ipv4')
    else this.v6.addSubnet(address, prefix, 'ipv6')
    return true
  }

  /** Whether the list holds this address. The caller has made sure with `isIP` that it is one. */
  has(address: string): boolean {
    const zone = address.indexOf('%')
    const bare = zone < 0 ? address : address.slice(0, zone)
    if (isIP(bare) === 4) return this.v4.check(bare, 'ipv4')
    const mapped = mappedIpv4(bare)
    return mapped === null ? this.v6.check(bare, 'ipv6') : this.v4.check(mapped, 'ipv4')
  }
}

/** The v4 address inside `::ffff:a.b.c.d`, however it is spelled; null for any other v6 address. */
function mappedIpv4(address: string): string | null {
  const [a, b, c, d, e, f, high = 0, low = 0] = ipv6Groups(address)
  const isMapped = a === 0 && b === 0 && c === 0 && d === 0 && e === 0 && f === 0xffff
  return isMapped ? ipv4Of(high, low) : null
}
