// hookline submit against the service itself: what is accepted, what is refused, and that a second run submits nothing twice.
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, expect, test } from 'vitest'
import { runProgram } from '../../src/cli/program.ts'
import { createWebhookService } from '../../src/index.ts'
import { createServer } from '../../src/server/index.ts'
import { createReceiver } from '../../src/testing/index.ts'
import { createTestTerminal } from './test-terminal.ts'

const folder = mkdtempSync(join(tmpdir(), 'hookline-submit-'))
afterAll(() => rmSync(folder, { recursive: true }))

test('delivers the lines of a file byte for byte and once, and names those that are refused', async () => {
  const file = join(folder, 'events.jsonl')
  const payloads = ['{"n": 9007199254740993, "n": 1.0}', '"\\u00e9"', '[ ]']
  const lines = payloads.map((payload) => `{"eventType":"a","payload":${payload}}`)
  writeFileSync(file, [lines[0], '{"eventType":"not a type","payload":1}', ...lines.slice(1)].join('\n'))
  const receiver = await createReceiver()
  const service = createWebhookService()
  service.registerEndpoint(receiver.url, 'a secret')
  const server = createServer(service)
  const { port } = await server.listen({ host: '127.0.0.1', port: 0 })
  for (let run = 1; run <= 2; run += 1) {
    const terminal = createTestTerminal()
    expect(await runProgram(['submit', file, '--url', `http://127.0.0.1:${port}`, '--json'], terminal)).toBe(1)
    expect(JSON.parse(terminal.printed)).toMatchObject({ submitted: 3, events: 3, refusals: [{ line: 2 }] })
  }
  await service.drain()
  expect(receiver.requests.map(({ body }) => body)).toEqual(payloads)
  await server.close()
  await service.shutdown()
  await receiver.close()
})
