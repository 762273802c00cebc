import { isIP } from 'node:net'
import { ipv4Of, ipv6Groups } from './ipv6-groups.ts'

/**
 * Every address that a connection to `address` may end at: itself, and the v4 address that a v6 address holds for a
 * translator or a tunnel on the way to unwrap. What forbids one of them has to forbid them all.
 *
 * Unwrapped are v4-compatible (RFC 4291), translated (RFC 2765), NAT64 (RFC 6052, RFC 8215), 6to4 (RFC 3056), Teredo
 * (RFC 4380) and ISATAP (RFC 5214) addresses. The unspecified address leads to loopback. Mapped addresses
 * (`::ffff:10.0.0.1`) are left as they are: `AddressList` takes them for v4.
 *
 * The caller has made sure that `address` is an IP address; a zone is ignored.
 */
export function reachedAddresses(address: string): readonly string[] {
  if (address === '0.0.0.0') return [address, '127.0.0.1']
  const zone = address.indexOf('%')
  const bare = zone < 0 ? address : address.slice(0, zone)
  return isIP(bare) === 6 ? [address, ...heldBy(ipv6Groups(bare))] : [address]
}

function heldBy(groups: readonly number[]): string[] {
  const [a = 0, b = 0, c = 0, d = 0, e = 0, f = 0, high = 0, low = 0] = groups
  const last = ipv4Of(high, low)
  const startsEmpty = a === 0 && b === 0 && c === 0 && d === 0
  if (startsEmpty && e === 0 && f === 0) {
    if (high === 0) return low === 0 ? ['::1', '127.0.0.1'] : []
    return [last]
  }
  if (startsEmpty && e === 0xffff && f === 0) return [last]
  if (a === 0x64 && b === 0xff9b) return c === 1 ? [last, ...behindOwnPrefix(groups)] : [last]
  if (a === 0x2002) return [ipv4Of(b, c)]
  if (a === 0x2001 && b === 0) return [ipv4Of(c, d), ipv4Of(high ^ 0xffff, low ^ 0xffff)]
  return (e === 0 || e === 0x200) && f === 0x5efe ? [last] : []
}

/**
 * A network's own translator (64:ff9b:1::/48) may have a prefix of 48, 56 or 64 bits too. The address stands right behind
 * it, around bits 64 to 71, which are never used (RFC 6052, section 2.2).
 */
function behindOwnPrefix([, , , d = 0, e = 0, f = 0, high = 0]: readonly number[]): string[] {
  const behindBit72 = ((e & 0xff) << 8) | (f >> 8)
  return [
    ipv4Of(d, behindBit72),
    ipv4Of(((d & 0xff) << 8) | (e & 0xff), f),
    ipv4Of(behindBit72, ((f & 0xff) << 8) | (high >> 8)),
  ]
}
