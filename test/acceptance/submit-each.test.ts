import { describe, expect, it } from 'vitest'
import type { SubmissionResult } from '../../src/index.ts'
import { createFailingLog, DiskFullError } from '../support/failing-log.ts'
import { startEngine } from '../support/start-engine.ts'

const item = (endpointId: string, payload: unknown, options: object = {}) => ({
  endpointId,
  eventType: 'order.paid',
  payload,
  ...options,
})

/** The code of each error, `taken` for what was. */
const outcomes = (results: readonly SubmissionResult[]): readonly string[] =>
  results.map((result) => ('error' in result ? result.error.code : 'taken'))

async function startWithDisabled(limits = {}) {
  const engine = startEngine({ limits })
  const { service, register, transport, quiet } = engine
  const [open, disabled] = [register(), register()]
  transport.respond(() => 410)
  service.submitEvent(disabled, 'order.paid', {})
  await quiet()
  transport.respond(() => 200)
  return { ...engine, open, disabled }
}

describe('submitEach', () => {
  it('takes what can be taken, and says of each other why not', async () => {
    const { service, open, disabled, quiet } = await startWithDisabled()
    const before = service.submitEvent(open, 'order.paid', 0, { idempotencyKey: 'used' })
    const results = service.submitEach([
      item(open, 1),
      item(disabled, 2),
      item(open, 3, { idempotencyKey: 'used' }),
      item(open, 0, { idempotencyKey: 'used' }),
      item(open, 5, { idempotencyKey: 'new' }),
      item(open, 5, { idempotencyKey: 'new' }),
      item(open, 6, { idempotencyKey: 'new' }),
    ])
    const conflict = 'IDEMPOTENCY_CONFLICT'
    expect(outcomes(results)).toEqual(['taken', 'ENDPOINT_DISABLED', conflict, 'taken', 'taken', 'taken', conflict])
    expect(results[3]).toEqual({ eventId: before })
    expect(results[5]).toEqual(results[4])
    expect('error' in results[1]! && results[1].error.message).toContain('events[1]: ')
    expect('error' in results[6]! && results[6].error.message).toContain('events[6]: ')
    await quiet()
    expect(service.stats().events).toMatchObject({ delivered: 3, pending: 0 })
  })

  it('leaves no gap in a line for what was not taken', () => {
    const { service, register } = startEngine({ limits: { pendingEvents: 2 } })
    const endpoint = register()
    service.pauseEndpoint(endpoint)
    const key = { idempotencyKey: 'k' }
    const results = service.submitEach([1, 2, 3].map((n) => item(endpoint, n, n === 3 ? {} : key)))
    expect(outcomes(results)).toEqual(['taken', 'IDEMPOTENCY_CONFLICT', 'taken'])
    expect([...service.log.entries()].map(({ event }) => 'sequence' in event && event.sequence)).toEqual([1, 2])
  })

  it('takes as many as the limits allow, the first first', () => {
    const { service, register } = startEngine({ limits: { pendingEvents: 2, pendingBytes: 10 } })
    const endpoint = register()
    service.pauseEndpoint(endpoint)
    const results = service.submitEach(['a', 'longer than ten', 'b', 'c'].map((text) => item(endpoint, text)))
    expect(outcomes(results)).toEqual(['taken', 'CAPACITY_REACHED', 'taken', 'CAPACITY_REACHED'])
    expect('error' in results[1]! && results[1].error).toMatchObject({ limit: 'limits.pendingBytes' })
    expect('error' in results[3]! && results[3].error).toMatchObject({
      limit: 'limits.pendingEvents',
      message: expect.stringMatching(/^events\[3\]: /),
    })
    expect(service.stats()).toMatchObject({ pendingBytes: 6, events: { pending: 2 } })
  })

  it('frees the key of what a limit refused, for the next with it', () => {
    const { service, register } = startEngine({ limits: { pendingBytes: 5 } })
    const endpoint = register()
    service.pauseEndpoint(endpoint)
    const key = { idempotencyKey: 'k' }
    const results = service.submitEach([item(endpoint, 'too long', key), item(endpoint, 'a', key)])
    expect(outcomes(results)).toEqual(['CAPACITY_REACHED', 'taken'])
  })

  it.each([
    ['ENDPOINT_NOT_FOUND', item('ep_none', 1)],
    ['INVALID_PAYLOAD', item('ep_1', 1n)],
    ['INVALID_OPTION', { ...item('ep_1', 1), eventType: '' }],
    ['PAYLOAD_TOO_LARGE', item('ep_1', 'x'.repeat(100))],
  ])('throws %s for the whole batch, which is not valid', (code, invalid) => {
    const { service, register } = startEngine({ limits: { payloadBytes: 50 } })
    const endpoint = register()
    expect(() => service.submitEach([item(endpoint, 1), invalid])).toThrow(
      expect.objectContaining({ code, message: expect.stringContaining('events[1]') }),
    )
    expect(service.stats().submitted).toBe(0)
  })

  it('stores all of what it takes, or nothing', () => {
    const log = createFailingLog()
    const { service, register } = startEngine({ log })
    const endpoint = register()
    log.refuse((call) => call === 2)
    expect(() => service.submitEach([item(endpoint, 1), item(endpoint, 2)])).toThrow(DiskFullError)
    expect(service.stats()).toMatchObject({ submitted: 0, pendingBytes: 0 })
  })
})
