import { describe, expect, test } from 'vitest'
import { startEngine } from '../support/start-engine.ts'

const once = { retry: { maxAttempts: 1 }, retention: { ageMs: 60_000, deadLetterAgeMs: 120_000 } }

describe('an event says when it settled, and when its age lets it be forgotten', () => {
  test.each([
    ['delivered', 200, '2025-01-01T00:01:00.000Z'],
    ['failed', 404, '2025-01-01T00:01:00.000Z'],
    ['deadLettered', 500, '2025-01-01T00:02:00.000Z'],
  ])('one that is %s', async (status, answer, expiresAt) => {
    const { service, register, transport, quiet } = startEngine(once)
    transport.respond(() => answer)
    const event = service.submitEvent(register(), 'a.b', 1)
    expect(service.getEvent(event)).toMatchObject({ settledAt: null, expiresAt: null })
    await quiet()
    expect(service.getEvent(event)).toMatchObject({ status, settledAt: '2025-01-01T00:00:00.000Z', expiresAt })
  })

  test('one that holds its line is kept until a person decides', async () => {
    const { service, register, transport, clock } = startEngine(once)
    transport.respond(() => 500)
    const endpoint = register({ whenExhausted: 'halt' })
    const event = service.submitEvent(endpoint, 'a.b', 1)
    await clock.advance(1000)
    expect(service.getEvent(event)).toMatchObject({ settledAt: '2025-01-01T00:00:00.000Z', expiresAt: null })
    service.resumeEndpoint(endpoint)
    expect(service.getEvent(event)).toMatchObject({ expiresAt: '2025-01-01T00:02:00.000Z' })
  })

  test('one that was put back in line has not settled', async () => {
    const { service, register, transport, quiet } = startEngine(once)
    const event = service.submitEvent(register(), 'a.b', 1)
    await quiet()
    transport.respond(() => 'held')
    service.redeliver(event)
    expect(service.getEvent(event)).toMatchObject({ settledAt: null, expiresAt: null })
  })
})
