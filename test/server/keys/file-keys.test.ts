import { spawnSync } from 'node:child_process'
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { hostname, tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { systemClock } from '../../../src/clock/system-clock.ts'
import { systemRandomBytes } from '../../../src/random/random-bytes.ts'
import { fileKeys } from '../../../src/server/keys/file-keys.ts'
import { issueKey } from '../../../src/server/keys/issue-key.ts'
import type { IssuedKey } from '../../../src/server/keys/issue-key.ts'
import type { KeyStore } from '../../../src/server/keys/key-store.ts'
import { createVirtualClock } from '../../../src/testing/virtual-clock.ts'

let folder = ''
let path = ''
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'hookline-keys-'))
  path = join(folder, 'hooks.db.keys.json')
})
afterEach(() => rmSync(folder, { recursive: true }))

const later = '2025-01-02T00:00:00.000Z'
const issue = (keys: KeyStore, name = 'a key'): Promise<IssuedKey> =>
  issueKey(keys, { name, role: 'admin' }, { clock: systemClock, randomBytes: systemRandomBytes })
const lockText = (pid: number, host = hostname()): string => JSON.stringify({ pid, host, token: 'x' })

test('keeps keys and tenants, readable to their owner alone, and leaves no other file', async () => {
  const keys = fileKeys(path)
  const { key } = await issue(keys)
  await keys.setTenant({ id: 'acme', active: false, changedAt: later })
  await keys.revoke(key.id, later)
  const again = fileKeys(path)
  expect([again.list(), again.tenants()]).toEqual([keys.list(), keys.tenants()])
  expect(again.find(key.id)?.revokedAt).toBe(later)
  expect(statSync(path).mode & 0o777).toBe(0o600)
  expect(readdirSync(folder)).toEqual(['hooks.db.keys.json'])
})

test('knows a key of another process at once, and what it revoked within half a second', async () => {
  const clock = createVirtualClock()
  const server = fileKeys(path, { clock })
  const other = fileKeys(path)
  expect(server.empty).toBe(true)
  const { key } = await issue(other)
  expect(server.empty).toBe(false)
  expect(server.find(key.id)).toEqual(key)
  await other.revoke(key.id, later)
  await clock.advance(500)
  expect(server.find(key.id)?.revokedAt).toBe(later)
})

test('loses no key of those that many make at once', async () => {
  const makers = Array.from({ length: 10 }, () => fileKeys(path))
  await Promise.all(makers.flatMap((keys) => [issue(keys), issue(keys)]))
  expect(fileKeys(path).list()).toHaveLength(20)
})

test.each([
  ['', 'damaged', 'it is empty'],
  ['{"format": "hookline-keys", "vers', 'damaged', 'it is no JSON'],
  ['{"format":"hookline-keys","version":1,"keys":[{"id":"no"}],"tenants":[]}', 'damaged', 'keys[0].id must be 12 hex'],
  ['{"format":"hookline-keys","version":2}', 'unknownFormat', 'written by a newer hookline, in form 2'],
  ['{"name":"another"}', 'unknownFormat', 'no key file of hookline'],
])('refuses to open %j, and to write over it', async (content, reason, text) => {
  const keys = fileKeys(path)
  writeFileSync(path, content)
  expect(() => fileKeys(path)).toThrow(expect.objectContaining({ reason, message: expect.stringContaining(text) }))
  await expect(issue(keys)).rejects.toMatchObject({ reason })
  expect(readFileSync(path, 'utf8')).toBe(content)
})

test('goes on with the keys it knows while its file is half written or gone, tells of it once, and never opens', async () => {
  const clock = createVirtualClock()
  const problems: (string | null)[] = []
  const keys = fileKeys(path, { clock, onProblem: (problem) => problems.push(problem?.reason ?? null) })
  const { key } = await issue(keys)
  const whole = readFileSync(path, 'utf8')
  for (const break_ of [() => writeFileSync(path, whole.slice(0, 50)), () => rmSync(path)]) {
    break_()
    await clock.advance(500)
    expect(keys.find(key.id)).toEqual(key)
    expect(keys.find('000000000000')).toBeUndefined()
    await clock.advance(500)
    expect([keys.find(key.id), keys.empty]).toEqual([key, false])
    writeFileSync(path, whole)
    await clock.advance(500)
    expect(keys.find(key.id)).toEqual(key)
  }
  expect(problems).toEqual(['damaged', null, 'replaced', null])
})

test('an empty list in the file lets nobody in who knew another', async () => {
  const clock = createVirtualClock()
  const keys = fileKeys(path, { clock })
  const { key } = await issue(keys)
  writeFileSync(path, '{"format":"hookline-keys","version":1,"keys":[],"tenants":[]}')
  await clock.advance(500)
  expect([keys.empty, keys.find(key.id)]).toEqual([false, undefined])
})

test('takes over the lock of a process that is dead, at once', async () => {
  const { pid } = spawnSync(process.execPath, ['--version'])
  writeFileSync(`${path}.lock`, lockText(pid))
  writeFileSync(`${path}.lock.stale`, lockText(pid))
  await issue(fileKeys(path))
  expect(readdirSync(folder)).toEqual(['hooks.db.keys.json'])
})

test('waits for a lock of another machine, and takes it over when nothing has come of it for ten seconds', async () => {
  const clock = createVirtualClock()
  writeFileSync(`${path}.lock`, lockText(1, 'elsewhere'))
  const made = issue(fileKeys(path, { clock }))
  await clock.advance(9900)
  expect(existsSync(path)).toBe(false)
  await clock.advance(200)
  await made
  expect(existsSync(path)).toBe(true)
})

test('gives up, and says so, when others hold the lock all the time', async () => {
  const clock = createVirtualClock()
  const lock = `${path}.lock`
  writeFileSync(lock, lockText(process.ppid))
  const made = issue(fileKeys(path, { clock })).catch((error: unknown) => error)
  for (let second = 0; second < 31; second += 1) {
    writeFileSync(lock, lockText(process.ppid, `${hostname()}-${second}`))
    await clock.advance(1000)
  }
  expect(await made).toMatchObject({ reason: 'inUse', recoverable: true })
  expect(existsSync(path)).toBe(false)
})

test('removes what a process left behind that died while it wrote', async () => {
  writeFileSync(`${path}.tmp`, 'half', { mode: 0o666 })
  await issue(fileKeys(path))
  expect(statSync(path).mode & 0o777).toBe(0o600)
  expect(readdirSync(folder)).toEqual(['hooks.db.keys.json'])
})

test('says what to do when the folder is not there', async () => {
  await expect(issue(fileKeys(join(folder, 'none', 'keys.json')))).rejects.toMatchObject({
    code: 'STORAGE_FAILED',
    reason: 'notOpened',
  })
})
