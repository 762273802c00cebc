import { expect, onTestFinished, test } from 'vitest'
import { StorageError } from '../../src/errors/errors.ts'
import { createEngine } from '../support/start-engine.ts'
import { createStoredLog } from '../support/stored-log.ts'

test('a batch that is refused because a place cannot be read gives back the places it took', () => {
  const log = createStoredLog()
  onTestFinished(() => log.die())
  const { service, register } = createEngine({ log, limits: { orderingKeys: 1 } })
  const [one, other] = [register({ ordering: 'key' }), register({ ordering: 'key' })]
  const paid = { endpointId: one, eventType: 'order.paid', payload: {}, orderingKey: 'order-1' }
  const [first = ''] = service.submitEvents([paid])
  const { storedEvents } = log
  const lastSequence = storedEvents.lastSequence.bind(storedEvents)
  storedEvents.lastSequence = (endpointId, laneKey) => {
    if (endpointId === other) throw new StorageError('unreadable', 'ioError', true)
    return lastSequence(endpointId, laneKey)
  }
  expect(() => service.submitEvents([paid, { ...paid, endpointId: other }])).toThrow('unreadable')
  storedEvents.lastSequence = lastSequence
  const [second = ''] = service.submitEvents([paid])
  expect([first, second].map((eventId) => service.getEvent(eventId).sequence)).toEqual([1, 2])
})
