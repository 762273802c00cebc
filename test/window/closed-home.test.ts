import { expect, test } from 'vitest'
import { createEngine } from '../support/start-engine.ts'
import { createStoredLog } from '../support/stored-log.ts'

test('a redelivery right before the log is closed under the service fails nothing else', async () => {
  const log = createStoredLog()
  const { service, register, quiet } = createEngine({ log })
  const eventId = service.submitEvent(register(), 'order.paid', {})
  for (let turn = 0; turn < 3; turn += 1) {
    await quiet()
    log.commit()
  }
  await quiet()
  expect(service.getEventStatus(eventId).status).toBe('delivered')
  service.redeliver(eventId)
  await log.close?.()
  // What is thrown in a microtask would end the process here.
  await quiet()
})
