import { execFile } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { afterEach, expect, it } from 'vitest'
import { onEachRequest, startServer, type TestServer } from './test-server.ts'

const run = promisify(execFile)
const root = fileURLToPath(new URL('../../', import.meta.url))
const servers: TestServer[] = []

afterEach(() => Promise.all(servers.splice(0).map((server) => server.close())))

/** Posts to many endpoints, one after the other, and keeps a connection open to each. */
const program = `
  import { createWebhookService } from './src/index.ts'
  const service = createWebhookService({ retry: { maxAttempts: 2, initialDelayMs: 1, jitter: 0 } })
  for (let n = 0; n < 150; n += 1) {
    const eventId = service.submitEvent(service.registerEndpoint(process.env.ORIGIN + '/' + n, 'secret'), 'a.b', {})
    await service.drain()
    const { status, attempts, lastError } = service.getEventStatus(eventId)
    console.log(status, attempts, lastError)
  }
  await service.shutdown()
`

it('closes idle connections when the process has too many files open, so that the next attempt gets one', async () => {
  const server = await startServer((socket) => {
    onEachRequest(socket, () => socket.write('HTTP/1.1 200 OK\r\ncontent-length: 0\r\n\r\n'))
  })
  servers.push(server)
  const limited = 'ulimit -n 100 && exec node --import tsx --input-type=module --eval "$PROGRAM"'
  const { stdout } = await run('sh', ['-c', limited], {
    cwd: root,
    env: { ...process.env, ORIGIN: server.origin, PROGRAM: program },
  })
  const ends = stdout.trim().split('\n')
  expect(ends).toHaveLength(150)
  expect(ends.filter((end) => !end.startsWith('delivered'))).toEqual([])
  expect(ends.filter((end) => end.includes('too many open files')).length).toBeGreaterThan(0)
}, 30_000)
