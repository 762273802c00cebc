import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { runProgram } from '../../src/cli/program.ts'
import { fileKeys } from '../../src/server/keys/file-keys.ts'
import { parseKeyText } from '../../src/server/keys/key-text.ts'
import { createTestTerminal } from './test-terminal.ts'

let folder = ''
let file = ''
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'hookline-keys-'))
  file = join(folder, 'hooks.db.keys.json')
})
afterEach(() => rmSync(folder, { recursive: true }))

async function run(...args: string[]) {
  const terminal = createTestTerminal()
  const code = await runProgram(['keys', ...args, '--store', join(folder, 'hooks.db')], terminal)
  return { code, printed: terminal.printed, noted: terminal.noted }
}

test('create prints the key alone, once, and keeps its hash beside the log', async () => {
  const { code, printed, noted } = await run('create', 'ops', '--role', 'admin')
  const parts = parseKeyText(printed)
  expect([code, fileKeys(file).find(parts?.id ?? '')?.name]).toEqual([0, 'ops'])
  expect(noted).toContain(file)
  expect(readFileSync(file, 'utf8')).not.toContain(parts?.secret)
  expect((await run('list')).printed).not.toContain(parts?.secret)
})

test('create warns when no key may manage the service', async () => {
  expect((await run('create', 'shop', '--role', 'admin', '--tenant', 'acme')).noted).toContain('none may manage it')
  await run('create', 'ops', '--role', 'admin')
  expect((await run('create', 'view', '--role', 'reader')).noted).not.toContain('none may manage it')
})

test('list, revoke and list again: a key that was revoked stays in the list', async () => {
  await run('create', 'shop', '--role', 'publisher', '--tenant', 'acme', '--json')
  const [key] = fileKeys(file).list()
  expect((await run('list')).printed).toMatch(new RegExp(`${key?.id}  shop  publisher  acme .* valid`))
  expect(await run('revoke', `hk_${key?.id}`)).toMatchObject({ code: 0 })
  expect((await run('list')).printed).toMatch(/revoked 2025/)
  const listed: unknown = JSON.parse((await run('list', '--json')).printed)
  expect(listed).toMatchObject({ keys: [{ id: key?.id, revokedAt: expect.any(String) }] })
  expect(JSON.stringify(listed)).not.toContain('secretHash')
})

test('tenants are turned off and on', async () => {
  await run('create', 'shop', '--role', 'publisher', '--tenant', 'acme')
  expect(await run('deactivate', 'acme')).toMatchObject({ code: 0, printed: 'acme is inactive; it has 1 key' })
  expect((await run('list')).printed).toContain('tenant inactive')
  expect(JSON.parse((await run('activate', 'acme', '--json')).printed)).toMatchObject({ id: 'acme', active: true })
  expect((await run('tenants')).printed).toMatch(/acme +active/)
})

test('ends with 1 for a key that there is not, and makes no file for it', async () => {
  expect(await run('revoke', '0123456789ab')).toMatchObject({ code: 1, noted: expect.stringContaining('no key has') })
  expect((await run('list')).noted).toContain('there are no keys')
})

test.each([
  [['create', 'ops']],
  [['create', 'ops', '--role', 'king']],
  [['create', '', '--role', 'admin']],
  [['create', 'ops', '--role', 'admin', '--tenant', '']],
  [['revoke', 'all']],
  [['deactivate', '']],
  [['sing']],
])('ends with 2 when called wrongly: %j', async (args) => {
  expect(await run(...args)).toMatchObject({ code: 2, printed: '' })
})

test('shows its help', async () => {
  const terminal = createTestTerminal()
  expect(await runProgram(['keys', '--help'], terminal)).toBe(0)
  expect(terminal.printed).toContain('hookline keys create ops --role admin')
})
