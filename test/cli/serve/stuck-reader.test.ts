// Whoever reads the service's log may stop reading: neither the deliveries nor the end of the process wait for it.
import { once } from 'node:events'
import { expect, test } from 'vitest'
import { createServiceWorld, makeWebhook } from './service-world.ts'

test('a reader that has stopped reading holds up no delivery, and not the end', { timeout: 60_000 }, async () => {
  const { receiver, start } = await createServiceWorld()
  const service = await start(['--log-level', 'debug'])
  const endpointId = await makeWebhook(service, receiver)
  service.process.stdout.pause()
  const events = Array.from({ length: 500 }, (_, n) => ({ endpointId, eventType: 'order.paid', payload: n }))
  // Some lines each: far more than a pipe takes.
  for (let batch = 0; batch < 4; batch += 1) await service.ask('POST', '/api/v1/events', events)
  await receiver.waitFor(2000)
  const exited = once(service.process, 'exit')
  service.process.kill('SIGTERM')
  expect(await exited).toEqual([0, null])
})
