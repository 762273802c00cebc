import { expect, it } from 'vitest'
import { freshPath } from '../support/sqlite-files.ts'
import { runScript } from './run-script.ts'

it('serves whoever has the key it showed, keeps both, and ends when it is told to', async () => {
  const path = freshPath('webhooks.db')
  const first = await runScript('examples/server.ts', path, '0')
  const [shown, where] = await Promise.all([first.line(/^the key/), first.line(/^the API/)])
  const key = /hk_\w+$/.exec(shown)![0]
  const url = (line: string): string => /http:\S+(?=,)/.exec(line)![0]
  const made = await fetch(`${url(where)}/api/v1/webhooks`, {
    method: 'POST',
    headers: { 'Content-Type': 'application/json', 'X-API-Key': key },
    body: JSON.stringify({ url: 'http://127.0.0.1:9/hooks' }),
  })
  expect(made.status).toBe(201)
  expect((await fetch(`${url(where)}/api/v1/webhooks`)).status).toBe(401)
  first.process.kill('SIGTERM')
  expect((await first.ended).code).toBe(0)

  const second = await runScript('examples/server.ts', path, '0')
  const listed = await fetch(`${url(await second.line(/^the API/))}/api/v1/webhooks`, { headers: { 'X-API-Key': key } })
  expect((await listed.json()) as { data: unknown[] }).toMatchObject({ data: [{ url: 'http://127.0.0.1:9/hooks' }] })
  second.process.kill('SIGTERM')
  expect(await second.ended).toMatchObject({ code: 0, stdout: expect.not.stringContaining('hk_') as string })
}, 60_000)
