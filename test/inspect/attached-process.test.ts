import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { text } from 'node:stream/consumers'
import { expect, test } from 'vitest'

/** Attaches an inspector, and has nothing more to do once its standard input ends. */
const program = `
  import { createWebhookService } from './src/index.ts'
  import { attachInspector } from './src/inspect/index.ts'

  const inspector = await attachInspector(createWebhookService(), { stately: false })
  console.log(inspector.url)
  process.stdin.resume()
`

test('keeps no process alive, even while somebody watches', { timeout: 30_000 }, async () => {
  const args = ['--import', 'tsx', '--input-type=module', '--eval', program]
  const child = spawn(process.execPath, args, { stdio: ['pipe', 'pipe', 'inherit'], timeout: 20_000 })
  const ended = once(child, 'exit')
  const [url] = (await once(child.stdout, 'data')) as [Buffer]
  const { status, body } = await fetch(`${String(url).trim()}api/changes`)
  expect(status).toBe(200)
  const stream = text(body!).catch(() => 'broken off')
  child.stdin.end()
  expect(await ended).toEqual([0, null])
  expect(await stream).toBe('broken off')
})
