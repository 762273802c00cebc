import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { expect, test } from 'vitest'

/** A program of its own that serves one route, which fails, and ends when it has been answered once. */
const program = (onFault: string): string => `
  import { createWebhookService } from './src/index.ts'
  import { createServer } from './src/server/create-server.ts'
  const route = {
    method: 'GET', path: '/fail', operationId: 'fail', summary: 'fails', tag: 'tests', access: 'public',
    request: {}, responses: {}, handle: () => { throw new TypeError('boom') },
  }
  const service = createWebhookService()
  const server = createServer(service, { routes: [route], ${onFault} })
  const { url } = await server.listen()
  const answer = await fetch(url + '/fail')
  console.log(answer.status, JSON.parse(await answer.text()).error.code)
  await server.close()
  await service.shutdown()
  console.log('goes on')
`

async function run(onFault: string): Promise<{ code: unknown; stdout: string; stderr: string }> {
  const args = ['--import', 'tsx', '--input-type=module', '--eval', program(onFault)]
  const child = spawn(process.execPath, args, { stdio: ['ignore', 'pipe', 'pipe'] })
  const said = { stdout: '', stderr: '' }
  child.stdout.setEncoding('utf8').on('data', (text: string) => (said.stdout += text))
  child.stderr.setEncoding('utf8').on('data', (text: string) => (said.stderr += text))
  const [code] = (await once(child, 'close')) as [unknown]
  return { code, ...said }
}

test('a program without onFault goes on after a fault in a route', { timeout: 30_000 }, async () => {
  expect(await run('')).toMatchObject({ code: 0, stdout: '500 INTERNAL_ERROR\ngoes on\n' })
})

test('what onFault throws ends the program, and nothing is begun after it', { timeout: 30_000 }, async () => {
  const { code, stdout, stderr } = await run('onFault: (error) => { throw error }')
  expect([code, stdout]).toEqual([1, ''])
  expect(stderr).toContain('TypeError: boom')
})
