// Runs docs/run-the-service.md, and what README.md says of the service, as their readers do: what serves is started, and what asks
// it is run while it serves.
import { execFile, spawn } from 'node:child_process'
import type { ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { createServer } from 'node:net'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { promisify } from 'node:util'
import { expect, test } from 'vitest'
import { builtProgram } from '../cli/run-program.ts'
import { markdownBlocks, readPage, sectionUnder } from './markdown-blocks.ts'

const ofPages = {
  'docs/run-the-service.md': readPage('docs/run-the-service.md'),
  'README.md': sectionUnder(readPage('README.md'), 'Run it as a service'),
}

test.each(Object.entries(ofPages))('what %s runs runs', { timeout: 60_000 }, async (_, text) => {
  const blocks = markdownBlocks(text)
  const folder = mkdtempSync(join(tmpdir(), 'hookline-page-'))
  writeFileSync(join(folder, 'hookline'), `#!/bin/sh\nexec "${process.execPath}" "${builtProgram}" "$@"\n`, {
    mode: 0o755,
  })
  const port = String(await freePort())
  const env = { ...process.env, NODE_ENV: '', HOOKLINE_PORT: port, PATH: `${folder}:${process.env['PATH'] ?? ''}` }
  let serving: ChildProcess | null = null
  try {
    for (const { text, marks } of blocks.filter(({ language }) => language === 'sh')) {
      if (marks.includes('serves')) {
        await ended(serving)
        serving = spawn('sh', ['-c', `exec ${text.replace('npx ', '')}`], {
          cwd: folder,
          env,
          stdio: ['ignore', 'pipe', 'inherit'],
        })
        const [line] = (await once(createInterface({ input: serving.stdout! }), 'line')) as [string]
        expect(line).toContain(`listens on http://127.0.0.1:${port}`)
      } else {
        await promisify(execFile)('sh', ['-e', '-c', text.replaceAll(':3080', `:${port}`)], { cwd: folder, env })
      }
    }
    expect(await ended(serving)).toBe(0)
    serving = null
  } finally {
    serving?.kill('SIGKILL')
    rmSync(folder, { recursive: true, force: true })
  }
})

async function ended(serving: ChildProcess | null): Promise<unknown> {
  if (serving === null) return null
  serving.kill('SIGTERM')
  const [code] = (await once(serving, 'close')) as [number | null]
  return code
}

async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1')
  await once(server, 'listening')
  const { port } = server.address() as AddressInfo
  await new Promise((resolve) => server.close(resolve))
  return port
}
