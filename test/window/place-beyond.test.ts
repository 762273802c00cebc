import { expect, test } from 'vitest'
import { windowSizes } from '../../src/lane/window-sizes.ts'
import { createEngine } from '../support/start-engine.ts'
import { createStoredLog } from '../support/stored-log.ts'

test('an event that was put back in line comes behind one that joined before, before either is durable', async () => {
  const log = createStoredLog()
  const { service, register, transport, quiet } = createEngine({ log }, undefined, { ...windowSizes, line: 1 })
  transport.respond(() => 'held')
  const endpointId = register()
  const first = service.submitEvent(endpointId, 'order.paid', {})
  await quiet()
  log.commit()
  await quiet()
  const second = service.submitEvent(endpointId, 'order.paid', {})
  transport.open[0]?.answer(200)
  await quiet()
  service.redeliver(first)
  expect(service.explain(second)).toMatchObject({ ahead: 0, behind: null })
  expect(service.explain(first)).toMatchObject({ ahead: 1, behind: { eventId: second } })
  log.die()
})

test('a subscriber that asks as it hears of records is told each place once', async () => {
  const log = createStoredLog()
  const { service, register, transport, quiet } = createEngine({ log }, undefined, { ...windowSizes, line: 1 })
  transport.respond(() => 'held')
  const endpointId = register()
  const places: (number | null)[] = []
  const eventIds = [1, 2, 3, 4].map((n) => service.submitEvent(endpointId, 'order.paid', { n }))
  await quiet()
  service.log.subscribe(({ eventId }) => places.push(service.explain(eventId).ahead))
  log.commit()
  await quiet()
  expect(places.slice(0, eventIds.length)).toEqual([0, 1, 2, 3])
  log.die()
})
