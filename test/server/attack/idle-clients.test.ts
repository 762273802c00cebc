import { fork } from 'node:child_process'
import { once } from 'node:events'
import { fileURLToPath } from 'node:url'
import { expect, onTestFinished, test } from 'vitest'
import { attackedServer } from './attacked-server.ts'

const program = fileURLToPath(new URL('idle-clients.ts', import.meta.url))

test('answers and delivers while ten thousand others hold idle connections', { timeout: 60_000 }, async () => {
  const { port, expectSound } = await attackedServer({ limits: { headersTimeoutMs: 60_000 } })
  const before = process.memoryUsage().rss
  // A process has not files enough for both ends of each.
  const clients = fork(program, [`${port}`, '10000'], { execArgv: ['--import', 'tsx'] })
  onTestFinished(() => void clients.kill())
  let lost = 0
  const held = new Promise<void>((resolve) => {
    clients.on('message', (message) => (message === 'held' ? resolve() : (lost += 1)))
  })
  await held
  for (let count = 0; count < 20; count += 1) await expectSound()
  expect(lost).toBe(0)
  expect(process.memoryUsage().rss - before).toBeLessThan(500_000_000)
  clients.kill()
  await once(clients, 'exit')
  await expectSound()
})
