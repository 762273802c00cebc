import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { Readable } from 'node:stream'
import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import { spoolInput } from '../../src/recorded/spooled-input.ts'

let folder: string

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'hookline-test-'))
  vi.stubEnv('TMPDIR', folder)
})

afterEach(() => {
  vi.unstubAllEnvs()
  rmSync(folder, { recursive: true, force: true })
})

test.skipIf(process.platform === 'win32')(
  'keeps payloads under no name, for a process that is killed to leave',
  async () => {
    const spooled = await spoolInput(Readable.from([Buffer.from('one\n'), Buffer.from('two\n')]))
    expect(readdirSync(folder)).toEqual([])
    expect(readFileSync(`/dev/fd/${spooled.file}`, 'utf8')).toBe('one\ntwo\n')
    spooled.close()
  },
)

test('leaves nothing behind when the input fails', async () => {
  const failing = new Readable({ read: () => failing.destroy(new Error('unplugged')) })
  await expect(spoolInput(failing)).rejects.toThrow('unplugged')
  expect(readdirSync(folder)).toEqual([])
})
