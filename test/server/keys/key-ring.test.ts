import { expect, test } from 'vitest'
import { KeyRing } from '../../../src/server/keys/key-ring.ts'
import type { StoredKey } from '../../../src/server/keys/key-store.ts'

const at = '2025-01-01T00:00:00.000Z'

function keys(count: number, revokedAt: string | null): StoredKey[] {
  return Array.from({ length: count }, (_, index) => ({
    id: `${revokedAt === null ? 'valid' : 'revoked'} ${index}`,
    name: 'a key',
    role: 'admin',
    tenantId: null,
    secretHash: '',
    createdAt: at,
    revokedAt,
  }))
}

test('holds 10,000 keys that let in, and no more', () => {
  const [first, ...rest] = keys(10_000, null)
  const ring = new KeyRing([...rest, ...keys(500, at)])
  ring.add(first!)
  expect(() => ring.add({ ...first!, id: 'one more' })).toThrow('there are 10000 keys, which is the most')
  ring.revoke(first!.id, at)
  ring.add({ ...first!, id: 'one more' })
})

test('knows the thousand keys revoked last, so that their holders can be told', () => {
  const ring = new KeyRing([...keys(1000, at), ...keys(1, null)])
  ring.revoke('valid 0', at)
  expect(ring.list()).toHaveLength(1000)
  expect([ring.find('revoked 0'), ring.find('valid 0')?.revokedAt]).toEqual([undefined, at])
})

test('knows 100,000 tenants that were told to be active or not, and no more', () => {
  const tenants = Array.from({ length: 100_000 }, (_, index) => ({ id: `t${index}`, active: false, changedAt: at }))
  const ring = new KeyRing([], tenants)
  ring.setTenant({ id: 't0', active: true, changedAt: at })
  expect(() => ring.setTenant({ id: 'one more', active: false, changedAt: at })).toThrow('which is the most')
})
