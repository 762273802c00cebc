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

// The shell waits for a second command, and so none of them can become the service itself.
test.skipIf(process.platform === 'win32')(
  'ends in good order when npm is told to end and its shell does not pass that on',
  { timeout: 60_000 },
  async () => {
    const folder = mkdtempSync(join(tmpdir(), 'hookline-start-'))
    onTestFinished(() => rmSync(folder, { recursive: true, force: true }))
    const shell = spawn('sh', ['-c', `node scripts/start.mjs --port 0 --store ${join(folder, 'hookline.db')}; true`], {
      env: { ...process.env, npm_lifecycle_event: 'start', npm_package_name: 'hookline' },
    })
    const said = createInterface({ input: shell.stdout })
    const [first] = (await once(said, 'line')) as [string]
    const { pid } = JSON.parse(first) as { pid: number }
    const more: string[] = []
    said.on('line', (line: string) => more.push(line))
    shell.kill('SIGTERM')
    await once(said, 'close')
    onTestFinished(() => endIfAlive(pid))
    expect(more.at(-1)).toContain('ended; the next start goes on')
  },
)

function endIfAlive(pid: number): void {
  try {
    process.kill(pid, 'SIGKILL')
  } catch {
    // It has ended.
  }
}
