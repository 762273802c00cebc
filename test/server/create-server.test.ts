import { expect, test } from 'vitest'
import { createWebhookService } from '../../src/index.ts'
import { createServer } from '../../src/server/create-server.ts'
import { version } from '../../src/version.ts'

test('answers over a socket of this machine', async () => {
  const service = createWebhookService()
  const server = createServer(service)
  const { url } = await server.listen({ host: '127.0.0.1', port: 0 })
  const answer = await fetch(`${url}/api/v1/version`)
  expect([answer.status, await answer.json()]).toEqual([200, { version }])
  await server.close()
  await service.shutdown()
})
