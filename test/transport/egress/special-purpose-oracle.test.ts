// The classification again, by other means: arithmetic over the IANA special-purpose registries, which share no code
// and no list with the program.
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { egressPolicy } from '../transport-harness.ts'

interface Block {
  readonly base: bigint
  readonly hostBits: bigint
}

/** https://www.iana.org/assignments/iana-ipv4-special-registry, multicast, and the address of Azure's platform. */
const v4Blocks = [
  [0x00000000, 8],
  [0x0a000000, 8],
  [0x64400000, 10],
  [0x7f000000, 8],
  [0xa83f8110, 32],
  [0xa9fe0000, 16],
  [0xac100000, 12],
  [0xc0000000, 24],
  [0xc0000200, 24],
  [0xc0586300, 24],
  [0xc0a80000, 16],
  [0xc6120000, 15],
  [0xc6336400, 24],
  [0xcb007100, 24],
  [0xe0000000, 4],
  [0xf0000000, 4],
].map(([base = 0, prefix = 0]): Block => ({ base: BigInt(base), hostBits: BigInt(32 - prefix) }))

/** https://www.iana.org/assignments/iana-ipv6-special-registry, within global unicast. */
const v6Blocks = [
  [0x20010000n, 23n],
  [0x20010db8n, 32n],
  [0x20020000n, 16n],
  [0x3fff0000n, 20n],
].map(([top = 0n, prefix = 0n]): Block => ({ base: top << 96n, hostBits: 128n - prefix }))

const holds = (address: bigint) => (block: Block) => address >> block.hostBits === block.base >> block.hostBits
const isPublic4 = (address: bigint) => !v4Blocks.some(holds(address))

function isPublic6(address: bigint): boolean {
  if (address >> 32n === 0xffffn) return isPublic4(address & 0xffffffffn)
  const interfaceId = (address >> 32n) & 0xffffffffn
  const isatap = interfaceId === 0x5efen || interfaceId === 0x2005efen
  if (isatap && !isPublic4(address & 0xffffffffn)) return false
  return address >> 125n === 1n && !v6Blocks.some(holds(address))
}

const text4 = (address: bigint) => [24n, 16n, 8n, 0n].map((shift) => String((address >> shift) & 255n)).join('.')
const text6 = (address: bigint) =>
  Array.from({ length: 8 }, (_, n) => ((address >> BigInt(112 - 16 * n)) & 0xffffn).toString(16)).join(':')

/** Anywhere in a block, or one beside it. */
const around = (blocks: readonly Block[], bits: bigint) =>
  fc
    .tuple(fc.constantFrom(...blocks), fc.bigInt(0n, (1n << bits) - 1n), fc.constantFrom('in', 'first', 'last', 'next'))
    .map(([{ base, hostBits }, random, where]) => {
      const last = base + (1n << hostBits) - 1n
      if (where === 'first') return base === 0n ? base : base - 1n
      if (where === 'last') return last
      return where === 'next'
        ? BigInt.asUintN(Number(bits), last + 1n)
        : base + BigInt.asUintN(Number(hostBits), random)
    })

const any4 = fc.oneof(fc.bigInt(0n, (1n << 32n) - 1n), around(v4Blocks, 32n))
const anyTop = fc.bigInt(0n, (1n << 64n) - 1n)
const any6 = fc.oneof(
  fc.bigInt(0n, (1n << 128n) - 1n),
  fc.bigInt(1n << 125n, (1n << 126n) - 1n),
  around(v6Blocks, 128n),
  any4.map((address) => (0xffffn << 32n) | address),
  any4.map((address) => (0x64ff9bn << 96n) | address),
  any4.map((address) => (0x2002n << 112n) | (address << 80n)),
  fc.tuple(anyTop, any4).map(([top, address]) => (top << 64n) | (0x2005efen << 32n) | address),
)

describe('where private networks are denied', () => {
  const policy = egressPolicy({ privateNetworks: 'deny' })
  const permits = (address: string) => policy.permits(address, 'host.test', 443)

  it('a v4 address is permitted exactly if no registry sets it apart', () => {
    fc.assert(
      fc.property(any4, (address) => {
        expect(permits(text4(address))).toBe(isPublic4(address))
      }),
      { numRuns: 2_000 },
    )
  })

  it('a v6 address is permitted exactly if it is global unicast that no registry sets apart', () => {
    fc.assert(
      fc.property(any6, (address) => {
        expect(permits(text6(address))).toBe(isPublic6(address))
      }),
      { numRuns: 2_000 },
    )
  })
})
