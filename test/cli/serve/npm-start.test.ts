// `npm start` in this checkout.
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { expect, onTestFinished, test } from 'vitest'

/** Starts the service, ends it once it listens, and resolves with what it said on its way. */
async function start(): Promise<{ notes: string; code: unknown }> {
  const folder = mkdtempSync(join(tmpdir(), 'hookline-start-'))
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }))
  const process = spawn('node', ['scripts/start.mjs', '--port', '0', '--store', join(folder, 'hookline.db')])
  onTestFinished(() => void process.kill('SIGKILL'))
  let notes = ''
  process.stderr.on('data', (text: Buffer) => (notes += text.toString()))
  const line = await new Promise<string>((resolve, reject) => {
    createInterface({ input: process.stdout }).once('line', resolve)
    process.once('close', () => reject(new Error(`it ended before it listened: ${notes}`)))
  })
  const { msg } = JSON.parse(line) as { msg: string }
  expect(msg).toContain('listens on http://127.0.0.1:')
  process.kill('SIGTERM')
  const [code] = (await once(process, 'close')) as [unknown]
  return { notes, code }
}

test('runs what was built, and builds it only when the sources are newer', { timeout: 60_000 }, async () => {
  expect((await start()).code).toBe(0)
  expect((await start()).notes).toBe('')
})
