import { describe, expect, test } from 'vitest'
import { caughtUp, startWatchedEngine } from './watched-engine.ts'

const canaries = {
  payload: 'canary-payload-4711',
  snippet: 'canary-snippet-4712',
  key: 'canary-key-4713',
  secret: 'canary-secret-4714',
  header: 'canary-header-4715',
} as const

async function showCanaries(payloads: boolean): Promise<string> {
  const { service, transport, quiet, feed } = startWatchedEngine({ payloads })
  transport.respond(() => ({ kind: 'answered', status: 400, retryAfter: null, snippet: canaries.snippet }))
  const endpointId = service.registerEndpoint('https://merchant.example/', canaries.secret, {
    headers: { authorization: canaries.header },
  })
  service.submitEvent(endpointId, 'payment', { note: canaries.payload }, { idempotencyKey: canaries.key })
  await quiet()
  return Array.from(feed.relay.since(0), ({ text }) => text).join('\n')
}

describe('what viewers are told', () => {
  test('holds no payload, answer, idempotency key, header or secret', async () => {
    const told = await showCanaries(false)
    expect(told).toContain('attempt.rejected')
    expect(Object.values(canaries).filter((canary) => told.includes(canary))).toEqual([])
  })

  test('holds sizes instead', async () => {
    const told = await showCanaries(false)
    expect(told).toContain(`"bodyBytes":${JSON.stringify({ note: canaries.payload }).length}`)
    expect(told).toContain(`"snippetBytes":${canaries.snippet.length}`)
  })

  test('holds payloads when they are asked for, and still no secret and no header', async () => {
    const told = await showCanaries(true)
    const found = Object.entries(canaries).filter(([, canary]) => told.includes(canary))
    expect(found.map(([name]) => name)).toEqual(['payload', 'snippet', 'key'])
  })

  test('holds no more than the beginning of a long body', async () => {
    const { service, register, quiet, feed } = startWatchedEngine({ payloads: true })
    service.submitEvent(register(), 'payment', 'x'.repeat(500_000))
    await quiet()
    const lengths = Array.from(feed.relay.since(0), ({ text }) => text.length)
    expect(Math.max(...lengths)).toBeLessThan(15_000)
  })
})

describe('the choice of events', () => {
  test('leaves out whole events that the filter does not want, and asks once for each', async () => {
    const asked: string[] = []
    const { service, register, transport, clock, watch, feed } = startWatchedEngine({
      filter: (record) => {
        asked.push(record.eventId)
        return 'eventType' in record.event && record.event.eventType === 'payment'
      },
    })
    transport.respond(({ attempt }) => (attempt === 1 ? 500 : 200))
    const endpointId = register()
    for (const type of ['payment', 'noise', 'payment']) service.submitEvent(endpointId, type, 1)
    await clock.advance(10_000)
    const seen = watch()
    expect(seen.named('evt_1')[0]!.states.at(-1)).toBe('delivered')
    expect(seen.named('evt_2')).toEqual([])
    expect(seen.named('evt_3')[0]!.states.at(-1)).toBe('delivered')
    expect(asked).toEqual(['evt_1', 'evt_2', 'evt_3'])
    expect(feed.stats).toMatchObject({ seen: 15, shown: 8, filtered: 4, resting: 3, dropped: 0, failures: 0 })
  })

  test('asks the filter about endpoints too', async () => {
    const { service, register, quiet, watch } = startWatchedEngine({
      filter: ({ endpointId }) => endpointId !== 'ep_1',
    })
    for (const endpointId of [register(), register()]) {
      service.pauseEndpoint(endpointId)
      service.resumeEndpoint(endpointId)
    }
    await quiet()
    expect(Array.from(watch().actors.values(), ({ name }) => name)).toEqual(['endpoint ep_2'])
  })

  test('samples before anything is converted', async () => {
    const { service, register, clock, feed } = startWatchedEngine({ sample: 0.1, maxEventsPerSecond: 100_000 })
    const endpointId = register()
    for (let event = 0; event < 1000; event += 1) service.submitEvent(endpointId, 'payment', event)
    await clock.advance(1000)
    await caughtUp(feed)
    const { seen, shown, filtered, resting, messages } = feed.stats
    expect(seen).toBe(3000)
    expect(shown + filtered + resting).toBe(3000)
    expect(shown).toBeGreaterThan(100)
    expect(shown).toBeLessThan(300)
    // For each of these records a delivery's event and snapshot; and per delivery, four messages of its own and four of its lane.
    expect(messages).toBeLessThan(shown * 7)
  })

  test('takes up no more events in a second than it may', async () => {
    const { service, register, clock, feed, watch } = startWatchedEngine({ maxEventsPerSecond: 3 })
    const endpointId = register()
    for (let event = 0; event < 10; event += 1) service.submitEvent(endpointId, 'payment', event)
    await clock.advance(0)
    expect(feed.stats).toMatchObject({ shown: 6, dropped: 14 })
    await clock.advance(1000)
    service.submitEvent(endpointId, 'payment', 11)
    await clock.advance(0)
    expect(watch().named('evt_11')).toHaveLength(1)
  })
})
