import { describe, expect, it } from 'vitest'
import type { HooklineError, WebhookService } from '../../src/index.ts'
import type { WebhookServiceOptions } from '../../src/service-options.ts'
import { createFailingLog, DiskFullError } from '../support/failing-log.ts'
import { startEngine } from '../support/start-engine.ts'

const item = (endpointId: string, payload: unknown, options: object = {}) => ({
  endpointId,
  eventType: 'order.paid',
  payload,
  ...options,
})

function start(options: WebhookServiceOptions = {}) {
  const engine = startEngine(options)
  const { service } = engine
  const stateOf = () => [service.stats(), [...service.log.entries()]]
  /** What a JavaScript caller would pass. */
  const submit = (events: unknown): string[] => service.submitEvents(events as never)
  return {
    ...engine,
    submit,
    refusalOf: (events: unknown): HooklineError => {
      const before = stateOf()
      try {
        submit(events)
      } catch (error) {
        expect(stateOf()).toEqual(before)
        return error as HooklineError // the test looks at its code and message
      }
      throw new Error('the batch was taken')
    },
  }
}

describe('submitEvents', () => {
  it('takes events for several endpoints and lines, and returns their ids in order', async () => {
    const { service, register, quiet, transport } = start()
    const [one, other] = [register(), register({ ordering: 'key' })]
    const ids = service.submitEvents([
      item(one, 1),
      item(other, 2, { orderingKey: 'k' }),
      item(one, 3),
      item(other, 4, { orderingKey: 'k' }),
    ])
    expect(ids.map((id) => service.getEvent(id))).toMatchObject([
      { endpointId: one, payload: 1, sequence: 1 },
      { endpointId: other, payload: 2, sequence: 1, orderingKey: 'k' },
      { endpointId: one, payload: 3, sequence: 2 },
      { endpointId: other, payload: 4, sequence: 2, orderingKey: 'k' },
    ])
    await quiet()
    expect(ids.map((id) => service.getEventStatus(id).status)).toEqual(ids.map(() => 'delivered'))
    expect(transport.requests).toHaveLength(4)
  })

  it('is a batch of none, too', () => {
    const { service } = start()
    expect(service.submitEvents([])).toEqual([])
  })

  it('checks types and payloads together, as submitEvent does', () => {
    const typed = start().service as unknown as WebhookService<{ a: number; b: string }> // only types it
    // @ts-expect-error -- the payload of another type
    expect(() => typed.submitEvents([{ endpointId: 'ep_none', eventType: 'a', payload: 'text' }])).toThrow('events[0]')
    expect(() => typed.submitEvents([{ endpointId: 'ep_none', eventType: 'b', payload: 'text' }])).toThrow('events[0]')
  })

  it.each([
    ['INVALID_OPTION', 'events must be an array of 0 to 10000 items, got a string', 'no list'],
    ['INVALID_OPTION', 'events must be an array of 0 to 10000 items, got an array of 10001', Array(10_001).fill({})],
  ])('refuses with %s what is no batch: %s', (code, message, events) => {
    const refusal = start().refusalOf(events)
    expect(refusal.code).toBe(code)
    expect(refusal.message).toContain(message)
  })

  const circle: Record<string, unknown> = {}
  circle['self'] = circle
  it.each([
    ['ENDPOINT_NOT_FOUND', 'events[1]: no endpoint has the id "ep_unknown"', { endpointId: 'ep_unknown' }],
    ['ENDPOINT_NOT_FOUND', 'events[1]: no endpoint has the id that was given (undefined)', { endpointId: undefined }],
    ['INVALID_OPTION', 'events[1].eventType must be', { eventType: 'no type' }],
    ['INVALID_OPTION', 'events[1].orderingKey must be', { orderingKey: '' }],
    ['INVALID_OPTION', 'events[1].idempotencyKey must be', { idempotencyKey: 1 }],
    ['INVALID_OPTION', 'events[1].idempotencykey is not an option; valid are endpointId,', { idempotencykey: 'k' }],
    ['INVALID_PAYLOAD', 'events[1].payload must be a JSON value, got undefined', { payload: undefined }],
    ['INVALID_PAYLOAD', 'events[1].payload.self is a circular reference', { payload: circle }],
    ['PAYLOAD_TOO_LARGE', "events[1]: the payload's JSON has 102 bytes", { payload: 'x'.repeat(100) }],
  ])('refuses it whole with %s, and names the item: %s', (code, message, wrong) => {
    const { register, refusalOf } = start({ limits: { payloadBytes: 100 } })
    const endpoint = register()
    const refusal = refusalOf([item(endpoint, 1), { ...item(endpoint, 2), ...wrong }, item(endpoint, 3)])
    expect(refusal.code).toBe(code)
    expect(refusal.message).toContain(message)
  })

  it.each([
    ['undefined', undefined],
    ['null', null],
    ['a list', []],
  ])('refuses an item that is %s', (_, wrong) => {
    expect(start().refusalOf([wrong]).message).toContain('events[0] must be a plain object')
  })

  it('refuses it whole when one of its endpoints is disabled', async () => {
    const { service, register, quiet, transport, refusalOf } = start()
    const [well, gone] = [register(), register()]
    transport.respond(() => 410)
    service.submitEvent(gone, 'order.paid', {})
    await quiet()
    const refusal = refusalOf([item(well, 1), item(gone, 2)])
    expect(refusal.code).toBe('ENDPOINT_DISABLED')
    expect(refusal.message).toContain(`events[1]: endpoint ${gone} is disabled`)
  })

  it.each([
    ['limits.pendingEvents', { pendingEvents: 3 }],
    ['limits.pendingBytes', { pendingBytes: 12 }],
  ])('counts all of it against %s', (limit, limits) => {
    const { service, register, refusalOf } = start({ limits })
    const endpoint = register()
    service.pauseEndpoint(endpoint)
    service.submitEvent(endpoint, 'order.paid', '12')
    expect(refusalOf([1, 2, 3].map(() => item(endpoint, '12')))).toMatchObject({ code: 'CAPACITY_REACHED', limit })
    expect(service.submitEvents([1, 2].map(() => item(endpoint, '12')))).toHaveLength(2)
  })

  it('makes one event of two with one idempotency key, and of one that was submitted before', () => {
    const { service, register } = start()
    const [one, other] = [register(), register()]
    const before = service.submitEvent(one, 'order.paid', 0, { idempotencyKey: 'before' })
    const ids = service.submitEvents([
      item(one, 1, { idempotencyKey: 'k' }),
      item(one, 0, { idempotencyKey: 'before' }),
      item(other, 2, { idempotencyKey: 'k' }),
      item(one, 1, { idempotencyKey: 'k' }),
    ])
    expect(ids).toEqual([ids[0], before, ids[2], ids[0]])
    expect(new Set(ids).size).toBe(3)
    expect(service.stats().submitted).toBe(3)
    expect(service.submitEvents([item(one, 1, { idempotencyKey: 'k' })])).toEqual([ids[0]])
  })

  it('refuses another payload or type under the key of an item before it, and under one from before', () => {
    const { service, register, refusalOf } = start()
    const endpoint = register()
    const key = { idempotencyKey: 'k' }
    const within = refusalOf([item(endpoint, 1, key), item(endpoint, 2, key)])
    expect(within.code).toBe('IDEMPOTENCY_CONFLICT')
    expect(within.message).toContain(
      `events[1]: the idempotency key of events[0] was used again for endpoint ${endpoint}`,
    )
    expect(refusalOf([item(endpoint, 1, key), { ...item(endpoint, 1, key), eventType: 'a' }]).code).toBe(within.code)
    const id = service.submitEvent(endpoint, 'order.paid', 1, key)
    expect(refusalOf([item(endpoint, 0), item(endpoint, 2, key)]).message).toContain(
      `events[1]: the idempotency key of event ${id} was`,
    )
  })

  it('is refused whole by a log that refuses a part of it, and no place in line is used up', async () => {
    const log = createFailingLog()
    const { service, register, quiet, submit } = start({ log })
    const orderings = ['fifo', 'key', 'none'] as const
    const endpoints = orderings.map((ordering) => register({ ordering }))
    const batch = [1, 2, 3].flatMap((payload) =>
      endpoints.map((endpoint) => item(endpoint, payload, { orderingKey: 'k' })),
    )
    log.refuse((call) => call === 9)
    expect(() => submit(batch)).toThrow(DiskFullError)
    expect(service.stats()).toMatchObject({ submitted: 0, pendingBytes: 0 })
    const ids = submit(batch)
    expect(ids.map((id) => service.getEvent(id).sequence)).toEqual([1, 1, 1, 2, 2, 2, 3, 3, 3])
    await quiet()
    expect(service.stats().events.delivered).toBe(9)
  })

  it('stores nothing when the code of a payload has shut the service down or removed an endpoint', () => {
    const { service, register, refusalOf, submit } = start()
    const [one, other] = [register(), register()]
    const removing = { toJSON: () => (service.removeEndpoint(one), 1) }
    expect(() => submit([item(one, 1), item(other, removing)])).toThrow(`events[0]: no endpoint has the id "${one}"`)
    const closing = { toJSON: () => (void service.shutdown(), 1) }
    expect(() => submit([item(other, closing)])).toThrow('submitEvents: the service was shut down')
    expect(refusalOf([]).code).toBe('SERVICE_CLOSED')
    expect(service.stats().submitted).toBe(0)
  })
})
