import { expect, test } from 'vitest'
import { windowSizes } from '../../src/lane/window-sizes.ts'
import { createEngine } from '../support/start-engine.ts'
import { createStoredLog } from '../support/stored-log.ts'

test('a line of an endpoint that was removed takes in nothing of the one registered under its id', async () => {
  const log = createStoredLog()
  const { service, register, transport, quiet, stop } = createEngine({ log }, undefined, { ...windowSizes, line: 1 })
  const settle = async (): Promise<void> => {
    for (let turn = 0; turn < 6; turn += 1) {
      await quiet()
      log.commit()
    }
  }
  transport.respond(() => 'held')
  const endpointId = register({ id: 'ep_1' })
  service.submitEvent(endpointId, 'order.paid', {})
  await quiet()
  log.commit()
  await quiet()
  // It stands behind the window, and comes in once it is durable.
  service.submitEvent(endpointId, 'order.paid', {})
  transport.open[0]?.answer(200)
  await quiet()
  service.removeEndpoint(endpointId)
  transport.respond(() => 200)
  register({ id: endpointId })
  const eventIds = [1, 2, 3].map((n) => service.submitEvent(endpointId, 'order.paid', { n }))
  await settle()
  expect(eventIds.map((eventId) => service.getEventStatus(eventId).status)).toEqual(eventIds.map(() => 'delivered'))
  log.commit()
  await stop()
})
