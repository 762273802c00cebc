import { describe, expect, it, vi } from 'vitest'
import { secret, startApi } from './start-api.ts'
import type { Api } from './start-api.ts'

const escaped = (text: string): string => text.replaceAll(/[\\^$.*+?()[\]{}|/]/g, '\\$&')
const tooLarge = { limits: { payloadBytes: 20 } }

/** A webhook that answered 410, and so is disabled. */
async function goneWebhook({ call, webhook, receiver, settled }: Api): Promise<string> {
  const id = await webhook()
  receiver.respond(410)
  const { json } = await call('POST', '/events', { endpointId: id, eventType: 'a', payload: 0 })
  await settled(json.events[0]!.eventId)
  return id
}

describe('an event', () => {
  it('goes to the webhook it names', async () => {
    const { call, webhook, receiver } = await startApi()
    const [id] = [await webhook(), await webhook()]
    const { status, json } = await call('POST', '/events', { endpointId: id, eventType: 'a.b', payload: { n: 1 } })
    expect([status, json]).toEqual([202, { events: [{ endpointId: id, eventId: expect.stringMatching(/^evt_/) }] }])
    const [request] = await receiver.waitFor(1)
    expect(request).toMatchObject({ path: '/1', body: '{"n":1}', eventType: 'a.b', signatureValid: true })
    expect(request?.eventId).toBe(json.events[0]!.eventId)
  })

  it('goes to all that are subscribed when it names none', async () => {
    const { call, webhook, receiver } = await startApi()
    const payments = await webhook({ eventTypes: ['payment.*'] })
    const all = await webhook()
    await webhook({ eventTypes: ['refund.*'] })
    const { status, json } = await call('POST', '/events', { eventType: 'payment.captured', payload: 1 })
    expect(status).toBe(202)
    expect(json.events.map(({ endpointId }) => endpointId)).toEqual([payments, all])
    const requests = await receiver.waitFor(2)
    expect(requests.map(({ path }) => path).sort()).toEqual(['/1', '/2'])
    expect(requests.map(({ eventId }) => eventId).sort()).toEqual(json.events.map(({ eventId }) => eventId).sort())
  })

  it('is taken when nobody is subscribed', async () => {
    const { call } = await startApi()
    const { status, json } = await call('POST', '/events', { eventType: 'a', payload: null })
    expect([status, json]).toEqual([202, { events: [] }])
  })

  it.each([
    ['payload', (payload: string): unknown => payload],
    ['envelope', (payload: string): unknown => expect.stringMatching(new RegExp(`,"data":${escaped(payload)}}$`))],
  ])('reaches the merchant byte for byte, with the body %s', async (body, expected) => {
    const { call, webhook, receiver } = await startApi()
    const endpointId = await webhook({ body })
    const payloads = [
      '9007199254740993',
      '{"a":1,"a":2,"__proto__":{"x":1}}',
      String.raw`"\u00e9 \ud83d\ude00 \/ é 😀"`,
      '{ "a" :\t[ 1.0 ,\n -0, 1E400 ] }',
    ]
    for (const payload of payloads) {
      const text = ` {"payload" : ${payload} , "eventType":"a","endpointId":"${endpointId}"}`
      expect((await call('POST', '/events', text)).status).toBe(202)
    }
    const batch = payloads.map((payload) => `{"endpointId":"${endpointId}","eventType":"a","payload":${payload}}`)
    const { json } = await call('POST', '/events', `[${batch.join(' ,\n')}]`)
    const requests = await receiver.waitFor(2 * payloads.length)
    expect(requests.map((request) => request.body)).toEqual([...payloads, ...payloads].map(expected))
    expect(requests.every(({ signatureValid }) => signatureValid)).toBe(true)
    // And it is shown as it is, too.
    const read = await call('GET', `/deliveries/${json.results[1]!.events[0]!.eventId}`)
    expect(read.text).toContain('"payload":{"a":1,"a":2,"__proto__":{"x":1}}}')
  })

  it('is refused with the path of each field that is wrong', async () => {
    const { call, webhook, service } = await startApi()
    const endpointId = await webhook()
    const event = { eventType: 'a', payload: 1 }
    const cases: [unknown, string[]][] = [
      [{}, ['/eventType', '/payload']],
      [{ ...event, eventType: 'a b', colour: 1 }, ['/eventType', '/colour']],
      [{ ...event, idempotencyKey: 'a\u0000b', orderingKey: '\u0007' }, ['/idempotencyKey', '/orderingKey']],
      [
        [event, { ...event, endpointId: 7 }, event, { payload: 1 }],
        ['/1/endpointId', '/3/eventType'],
      ],
      [[event, 7], ['/1']],
      [[], ['']],
      [7, ['']],
      ['{"eventType":"a","payload":1,"payload":2}', ['/payload']],
      [String.raw`[{"eventType":"a","payload":1,"event\u0054ype":"b"}]`, ['/0/eventType']],
      [`{"eventType":"a","payload":${'['.repeat(2000)}${']'.repeat(2000)}}`, ['/payload']],
      [
        [
          { ...event, idempotencyKey: '\u0000' },
          { ...event, endpointId: 'ep_none' },
        ],
        ['/0/idempotencyKey', '/1/endpointId'],
      ],
    ]
    for (const [body, paths] of cases) {
      const { status, json } = await call('POST', '/events', body)
      expect([status, json.error.code]).toEqual([400, 'INVALID_REQUEST'])
      expect(json.error.fields.map(({ path }) => path).sort()).toEqual(paths.sort())
    }
    expect(service.listEvents({ endpointIds: [endpointId] }).events).toEqual([])
  })

  it('is refused when it is no JSON', async () => {
    const { call } = await startApi()
    for (const text of ['', '{', '{"eventType":"a","payload":NaN}', '\ufeff{}', '{} {}']) {
      expect((await call('POST', '/events', text)).status).toBe(400)
    }
  })

  it('is refused with 404 when its webhook is not there', async () => {
    const { call, service } = await startApi()
    const one = await call('POST', '/events', { endpointId: 'ep_none', eventType: 'a', payload: 1 })
    expect([one.status, one.json.error.code]).toEqual([404, 'ENDPOINT_NOT_FOUND'])
    expect(one.json.error.fields).toEqual([{ path: '/endpointId', message: expect.any(String) }])
    const many = await call('POST', '/events', [{ endpointId: 'ep_none', eventType: 'a', payload: 1 }])
    expect([many.status, many.json.error.fields[0]!.path]).toEqual([404, '/0/endpointId'])
    expect(service.stats().submitted).toBe(0)
  })

  it('is refused with 409 when its webhook is disabled', async () => {
    const api = await startApi()
    const endpointId = await goneWebhook(api)
    const { status, json } = await api.call('POST', '/events', { endpointId, eventType: 'a', payload: 1 })
    expect([status, json.error.code]).toEqual([409, 'ENDPOINT_DISABLED'])
  })

  it('is refused with 413 when its payload is too large', async () => {
    const { call, webhook, service } = await startApi(tooLarge)
    const endpointId = await webhook()
    const long = 'x'.repeat(20)
    const one = await call('POST', '/events', { endpointId, eventType: 'a', payload: long })
    expect([one.status, one.json.error.code]).toEqual([413, 'PAYLOAD_TOO_LARGE'])
    expect(one.json.error.fields).toEqual([{ path: '/payload', message: 'has 22 bytes; at most 20 are allowed' }])
    const events = [1, long, 'x', long].map((payload) => ({ eventType: 'a', payload }))
    const many = await call('POST', '/events', events)
    expect(many.status).toBe(413)
    expect(many.json.error.fields.map(({ path }) => path)).toEqual(['/1/payload', '/3/payload'])
    expect(service.stats().submitted).toBe(0)
  })

  it('is refused with 429, and when to come again, when there is no room', async () => {
    const { call, webhook } = await startApi({ limits: { pendingEvents: 1 } })
    const endpointId = await webhook()
    await call('POST', `/webhooks/${endpointId}/pause`)
    const event = { endpointId, eventType: 'a', payload: 1 }
    expect((await call('POST', '/events', event)).status).toBe(202)
    const full = await call('POST', '/events', event)
    expect([full.status, full.json.error.code]).toEqual([429, 'CAPACITY_REACHED'])
    expect(Number(full.headers.get('retry-after'))).toBeGreaterThan(0)
  })

  it('is refused with 503, and when to come again, when the service was shut down', async () => {
    const { call, webhook, service } = await startApi()
    const endpointId = await webhook()
    await service.shutdown()
    const { status, headers } = await call('POST', '/events', { endpointId, eventType: 'a', payload: 1 })
    expect(status).toBe(503)
    expect(Number(headers.get('retry-after'))).toBeGreaterThan(0)
  })
})

describe('an idempotency key', () => {
  const event = { eventType: 'a', payload: { n: 1 } }

  it('makes the same event of what is sent again, and is refused for another', async () => {
    const { call, webhook } = await startApi()
    await webhook()
    await webhook()
    const key = { 'idempotency-key': 'order-1' }
    const first = await call('POST', '/events', event, key)
    const again = await call('POST', '/events', event, key)
    expect([again.status, again.json]).toEqual([202, first.json])
    expect(first.json.events).toHaveLength(2)
    const other = await call('POST', '/events', { ...event, payload: { n: 2 } }, key)
    expect([other.status, other.json.error.code]).toEqual([409, 'IDEMPOTENCY_CONFLICT'])
  })

  it('of an event goes before that of the request', async () => {
    const { call, webhook, service } = await startApi()
    const endpointId = await webhook()
    const own = { ...event, endpointId, idempotencyKey: 'own' }
    const { json } = await call('POST', '/events', own, { 'idempotency-key': 'request' })
    expect(service.getEvent(json.events[0]!.eventId).idempotencyKey).toBe('own')
  })

  it('of an array names each of its events, and none that was sent alone', async () => {
    const { call, webhook } = await startApi()
    const endpointId = await webhook()
    const batch = [1, 2, 2].map((payload) => ({ endpointId, eventType: 'a', payload }))
    const key = { 'idempotency-key': 'k' }
    const first = await call('POST', '/events', batch, key)
    const again = await call('POST', '/events', batch, key)
    expect(again.json).toEqual(first.json)
    const ids = first.json.results.map(({ events }) => events[0]!.eventId)
    expect(new Set(ids).size).toBe(3)
    const alone = await call('POST', '/events', batch[0], key)
    expect(ids).not.toContain(alone.json.events[0]!.eventId)
  })

  it('is refused with 400 when no header can be it', async () => {
    const { call } = await startApi()
    for (const key of ['', 'a b', 'x'.repeat(201)]) {
      const { status, json } = await call('POST', '/events', event, { 'idempotency-key': key })
      expect([status, json.error.fields[0]]).toMatchObject([400, { path: '/idempotency-key', in: 'header' }])
    }
  })
})

describe('one event to many webhooks', () => {
  const many = 10_001

  async function startWithMany(fanOut?: number) {
    const api = await startApi({}, fanOut === undefined ? {} : { limits: { fanOut } })
    const ids = Array.from({ length: many }, (_, index) =>
      api.service.registerEndpoint(`https://merchant.example/${index}`, secret, { eventTypes: ['a'] }),
    )
    for (const id of ids) api.service.pauseEndpoint(id)
    return { ...api, ids }
  }

  it('is refused with 413 beyond the limit, alone and in an array, and nothing is stored', async () => {
    const { call, service, ids } = await startWithMany()
    for (const body of [{ eventType: 'a', payload: 1 }, [{ eventType: 'a', payload: 1 }]]) {
      const { status, json } = await call('POST', '/events', body)
      expect([status, json.error.code]).toEqual([413, 'TOO_MANY_EVENTS'])
      expect(json.error.message).toContain('10001 webhooks, and fanOut is 10000')
    }
    expect(service.stats().submitted).toBe(0)
    service.removeEndpoint(ids[0] ?? '')
    const { status, json } = await call('POST', '/events', { eventType: 'a', payload: 1 })
    expect([status, json.events.length]).toEqual([202, many - 1])
  })

  it('goes to all of them where the limit is raised', async () => {
    const { call, service } = await startWithMany(many)
    const { status, json } = await call('POST', '/events', { eventType: 'a', payload: 1 })
    expect([status, json.events.length, service.stats().submitted]).toEqual([202, many, many])
  })
})

describe('an array of events', () => {
  it('is refused with 413 when it makes too many, before it costs what they would', async () => {
    const { call, service } = await startApi()
    for (let index = 0; index < 400; index += 1) service.registerEndpoint(`https://merchant.example/${index}`, secret)
    const lookUp = vi.spyOn(service, 'endpointIds')
    const events = Array.from({ length: 1000 }, () => ({ eventType: 'a', payload: 1 }))
    const { status, json } = await call('POST', '/events', events)
    expect([status, json.error.code]).toEqual([413, 'TOO_MANY_EVENTS'])
    expect(lookUp).toHaveBeenCalledTimes(26)
    expect(service.stats().submitted).toBe(0)
    const few = await call('POST', '/events', events.slice(0, 25))
    expect([few.status, service.stats().submitted]).toEqual([202, 10_000])
    const wrong = await call('POST', '/events', [...events.slice(0, 999), { eventType: 'a' }])
    expect([wrong.status, wrong.json.error.fields[0]!.path]).toEqual([400, '/999/payload'])
  })

  it('is accepted whole, with the ids of each', async () => {
    const { call, webhook, receiver } = await startApi()
    const [one, other] = [await webhook({ eventTypes: ['b'] }), await webhook({ eventTypes: ['b'] })]
    const { status, json } = await call('POST', '/events', [
      { endpointId: one, eventType: 'a', payload: 1 },
      { eventType: 'b', payload: 2 },
      { eventType: 'nobody', payload: 3 },
    ])
    expect(status).toBe(202)
    const endpoints = json.results.map(({ events }) => events.map(({ endpointId }) => endpointId))
    expect(endpoints).toEqual([[one], [one, other], []])
    await receiver.waitFor(3)
  })

  it('is not taken at all when any of it is not valid', async () => {
    const { call, webhook, service } = await startApi()
    await webhook()
    const { status } = await call('POST', '/events', [
      { eventType: 'a', payload: 1 },
      { eventType: 'a b', payload: 1 },
    ])
    expect(status).toBe(400)
    expect(service.stats().submitted).toBe(0)
  })

  it('is answered with 207 when a disabled webhook, a key or a limit leaves out a part', async () => {
    const api = await startApi({ limits: { pendingEvents: 2 } })
    const gone = await goneWebhook(api)
    const paused = await api.webhook()
    await api.call('POST', `/webhooks/${paused}/pause`)
    const event = { endpointId: paused, eventType: 'a', payload: 1 }
    const { json: first } = await api.call('POST', '/events', { ...event, idempotencyKey: 'k' })
    const { status, json, headers } = await api.call('POST', '/events', [
      { ...event, endpointId: gone },
      { ...event, idempotencyKey: 'k' },
      { ...event, idempotencyKey: 'k', payload: 2 },
      event,
      event,
    ])
    expect(status).toBe(207)
    expect(json.results.map(({ events }) => events[0])).toEqual([
      { endpointId: gone, error: { status: 409, code: 'ENDPOINT_DISABLED', message: expect.any(String) } },
      first.events[0],
      { endpointId: paused, error: { status: 409, code: 'IDEMPOTENCY_CONFLICT', message: expect.any(String) } },
      { endpointId: paused, eventId: expect.stringMatching(/^evt_/) },
      { endpointId: paused, error: { status: 429, code: 'CAPACITY_REACHED', message: expect.any(String) } },
    ])
    expect(headers.get('retry-after')).toBe('1')
  })

  it('is answered like one event when all of it is refused alike', async () => {
    const { call, webhook } = await startApi({ limits: { pendingEvents: 1 } })
    const endpointId = await webhook()
    await call('POST', `/webhooks/${endpointId}/pause`)
    const event = { endpointId, eventType: 'a', payload: 1 }
    await call('POST', '/events', event)
    const { status, headers } = await call('POST', '/events', [event, event])
    expect([status, headers.has('retry-after')]).toEqual([429, true])
  })

  it('is refused when it has more events than one request may carry', async () => {
    const { call } = await startApi()
    const events = Array.from({ length: 1001 }, () => ({ eventType: 'a', payload: 1 }))
    expect((await call('POST', '/events', events)).status).toBe(400)
  })
})
