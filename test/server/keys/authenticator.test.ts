import { expect, test } from 'vitest'
import { systemRandomBytes } from '../../../src/random/random-bytes.ts'
import { createAuthenticator } from '../../../src/server/keys/create-authenticator.ts'
import { FailureLimit } from '../../../src/server/keys/failure-limit.ts'
import { issueKey } from '../../../src/server/keys/issue-key.ts'
import type { IssuedKey, KeyOptions } from '../../../src/server/keys/issue-key.ts'
import { memoryKeys } from '../../../src/server/keys/memory-keys.ts'
import { parseKeyText } from '../../../src/server/keys/key-text.ts'
import { createVirtualClock } from '../../../src/testing/virtual-clock.ts'

const wrong = `hk_0123456789ab_${'0'.repeat(48)}`
const at = '192.0.2.1'
const later = '2025-01-02T00:00:00.000Z'

function setUp(limits = { perAddress: 3, overall: 6 }) {
  const clock = createVirtualClock()
  const keys = memoryKeys()
  const authenticator = createAuthenticator(keys, clock, limits)
  const issue = (options: Partial<KeyOptions> = {}): Promise<IssuedKey> =>
    issueKey(keys, { name: 'a key', role: 'admin', ...options }, { clock, randomBytes: systemRandomBytes })
  const ask = (key: string, address = at) => authenticator.authenticate({ authorization: `Bearer ${key}` }, address)
  return { clock, keys, authenticator, issue, ask }
}

test('tells who holds a key, by either header', async () => {
  const { authenticator, issue } = setUp()
  const { text, key } = await issue({ role: 'reader', tenantId: 'acme' })
  const caller = { role: 'reader', tenantId: 'acme', keyId: key.id }
  expect(authenticator.authenticate({ authorization: `Bearer ${text}` }, at)).toEqual(caller)
  expect(authenticator.authenticate({ authorization: `bearer ${text}` }, at)).toEqual(caller)
  expect(authenticator.authenticate({ 'x-api-key': text }, at)).toEqual(caller)
  expect(authenticator.authenticate({ 'x-api-key': text, authorization: `Bearer ${text}` }, at)).toEqual(caller)
})

test('refuses no key, another scheme, two keys that differ, and every key with a digit changed', async () => {
  const { authenticator, issue } = setUp({ perAddress: 1000, overall: 1000 })
  const { text } = await issue()
  const status = (headers: Record<string, string>) => authenticator.authenticate(headers, at)
  expect(status({})).toMatchObject({ status: 401 })
  expect(status({ authorization: text })).toMatchObject({ status: 401 })
  expect(status({ authorization: `Basic ${text}` })).toMatchObject({ status: 401 })
  expect(status({ authorization: `Bearer ${text}`, 'x-api-key': wrong })).toMatchObject({ status: 401 })
  expect(status({ 'x-api-key': `${text} ` })).toMatchObject({ status: 401 })
  for (let place = 0; place < text.length; place += 1) {
    const digit = text[place] === '1' ? '2' : '1'
    const changed = text.slice(0, place) + digit + text.slice(place + 1)
    expect(status({ 'x-api-key': changed })).toMatchObject({ status: 401 })
  }
})

test('keeps no secret of a key', async () => {
  const { keys, issue } = setUp()
  const { text } = await issue()
  expect(JSON.stringify(keys.list())).not.toContain(parseKeyText(text)?.secret)
})

test('is open until the first key, and never after: not by revoking the last one either', async () => {
  const { keys, authenticator, issue } = setUp()
  expect([authenticator.open, authenticator.authenticate({}, at)]).toEqual([
    true,
    { role: 'admin', tenantId: null, keyId: null },
  ])
  const { key, text } = await issue()
  await keys.revoke(key.id, later)
  expect(authenticator.open).toBe(false)
  expect(authenticator.authenticate({ 'x-api-key': text }, at)).toMatchObject({ status: 401 })
})

test('tells whoever holds a key that it was revoked or its tenant is inactive, each time and only them', async () => {
  const { keys, issue, ask } = setUp()
  const revoked = await issue()
  const inactive = await issue({ tenantId: 'acme' })
  await keys.revoke(revoked.key.id, later)
  await keys.setTenant({ id: 'acme', active: false, changedAt: later })
  for (let time = 0; time < 10; time += 1) {
    expect(ask(revoked.text)).toMatchObject({ status: 401, message: expect.stringContaining('was revoked') })
    expect(ask(inactive.text)).toMatchObject({ status: 401, message: expect.stringContaining('not active') })
  }
  expect(ask(`hk_${revoked.key.id}_${'0'.repeat(48)}`)).toEqual({ status: 401, message: 'there is no such key' })
  await keys.setTenant({ id: 'acme', active: true, changedAt: later })
  expect(ask(inactive.text)).toMatchObject({ tenantId: 'acme' })
})

test('answers 429 after too many wrong keys of one address, says when to try again, and means it', async () => {
  const { clock, issue, ask } = setUp()
  const { text } = await issue()
  for (let time = 0; time < 3; time += 1) expect(ask(wrong)).toMatchObject({ status: 401 })
  expect(ask(wrong)).toMatchObject({ status: 429, retryAfterMs: 20_000 })
  expect(ask(wrong, '192.0.2.2')).toMatchObject({ status: 401 })
  expect(ask(text)).toMatchObject({ role: 'admin' })
  await clock.advance(20_000)
  expect(ask(wrong)).toMatchObject({ status: 401 })
})

test('answers 429 after too many wrong keys of all addresses', async () => {
  const { issue, ask } = setUp()
  await issue()
  for (let time = 0; time < 6; time += 1) expect(ask(wrong, `192.0.2.${time}`)).toMatchObject({ status: 401 })
  expect(ask(wrong, '192.0.2.7')).toMatchObject({ status: 429 })
})

test('counts the addresses of one network of IPv6 as one, and an IPv4 address however it is written', () => {
  const limit = new FailureLimit(createVirtualClock(), { perAddress: 1, overall: 1000 })
  expect(limit.count('2001:db8::1')).toBe(0)
  expect(limit.count('2001:db8:0:0:ffff::2')).toBeGreaterThan(0)
  expect(limit.count('2001:db8:0:1::1')).toBe(0)
  expect(limit.count('192.0.2.1')).toBe(0)
  expect(limit.count('::ffff:192.0.2.1')).toBeGreaterThan(0)
})

test('remembers 10,000 addresses and no more', () => {
  const limit = new FailureLimit(createVirtualClock())
  for (let number = 0; number < 10_100; number += 1) limit.count(`10.0.${number >> 8}.${number & 255}`)
  expect(limit.addresses).toBe(10_000)
})
