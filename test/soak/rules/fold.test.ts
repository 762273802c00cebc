import { expect, test } from 'vitest'
import { createEngine } from '../../support/start-engine.ts'
import { gatherFacts, type Facts } from '../facts.ts'
import { endpoint } from '../small-history.ts'
import { checkFold, type LiveState } from './fold.ts'

/** A service that delivered one event, with its whole log and what it says of itself. */
async function lived(): Promise<{ facts: Facts; live: LiveState }> {
  const engine = createEngine()
  const { service } = engine
  const endpointId = engine.register()
  const eventId = service.submitEvent(endpointId, 'a.b', {})
  await engine.quiet()
  service.pauseEndpoint(endpointId)
  const records = [...service.log.entries(), ...service.log.endpointEntries()]
  const live = {
    events: { [eventId]: service.getEventStatus(eventId) },
    endpoints: { [endpointId]: service.getEndpoint(endpointId).state },
  }
  await engine.stop()
  return { facts: gatherFacts({ submitted: [eventId], records, endpoints: [endpoint(1)], received: [] }), live }
}

test('accepts a log that leads to the state of the service', async () => {
  const { facts, live } = await lived()
  expect(checkFold(facts, live)).toEqual([])
})

test('finds a step that does not follow', async () => {
  const { facts, live } = await lived()
  const records = facts.records.filter(({ event }) => event.type !== 'attempt.started')
  expect(checkFold({ ...facts, records }, live)).toHaveLength(1)
})

test('finds an event whose state is not the log’s', async () => {
  const { facts, live } = await lived()
  const events = { evt_1: { ...live.events['evt_1']!, attempts: 2 } }
  expect(checkFold(facts, { ...live, events })).toEqual([
    expect.stringMatching(/^evt_1 is delivered \(attempts 2, .* and its log says delivered \(attempts 1, /),
  ])
})

test('finds an endpoint whose state is not the log’s', async () => {
  const { facts, live } = await lived()
  expect(checkFold(facts, { ...live, endpoints: { ep_1: 'active' } })).toEqual([
    'ep_1 is active, and its log says paused',
  ])
})
