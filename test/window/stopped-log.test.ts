import { expect, test } from 'vitest'
import { windowSizes } from '../../src/lane/window-sizes.ts'
import { createEngine } from '../support/start-engine.ts'
import { createStoredLog } from '../support/stored-log.ts'

test('a log that has stopped is read no more, and is not offered what cannot be recorded', async () => {
  const log = createStoredLog(undefined, setImmediate)
  const { service, register, transport, clock, quiet } = createEngine({ log }, undefined, {
    ...windowSizes,
    lines: 2,
    page: 4,
  })
  transport.respond(() => 'held')
  const endpointId = register({ ordering: 'none', concurrency: 2 })
  for (let n = 0; n < 50; n += 1) service.submitEvent(endpointId, 'order.paid', { n })
  await quiet()
  const { reads } = log
  const refused = new Set<string>()
  service.on('appendFailed', ({ eventId }) => refused.add(eventId))
  log.stop()
  const inFlight = transport.open.map(({ eventId }) => eventId)
  for (const request of transport.open) request.answer(200)
  await clock.advance(60_000)
  expect(log.reads).toBe(reads)
  // Their answers, and no attempt of any other.
  expect([...refused]).toEqual(inFlight)
  await expect(service.shutdown({ drain: true })).rejects.toThrow('the disk is full')
})
