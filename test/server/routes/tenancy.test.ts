import { describe, expect, it } from 'vitest'
import { startApi } from './start-api.ts'
import type { Api, ApiAnswer } from './start-api.ts'

interface Tenant {
  readonly call: Api['call']
  readonly endpointId: string
  readonly deadLetterId: string
}

/** A tenant with a webhook and a dead letter of its own. */
async function tenantOf(api: Api, tenantId: string): Promise<Tenant> {
  const call = await api.as('admin', tenantId)
  const { json } = await call('POST', '/webhooks', { url: `${api.receiver.url}/${tenantId}` })
  api.receiver.respond(500)
  const submitted = await call('POST', '/events', { endpointId: json.id, eventType: 'a', payload: 1 })
  const deadLetterId = submitted.json.events[0]!.eventId
  await api.settled(deadLetterId)
  return { call, endpointId: json.id, deadLetterId }
}

const withoutRequest = ({ status, json }: ApiAnswer, id: string): unknown => {
  const { requestId, ...error } = json.error
  return JSON.parse(JSON.stringify({ status, error, named: typeof requestId }).replaceAll(id, 'ID'))
}

describe('a tenant', () => {
  it('owns the webhooks it makes, and can give them to no other', async () => {
    const api = await startApi()
    const call = await api.as('admin', 'one')
    const url = api.receiver.url
    expect((await call('POST', '/webhooks', { url })).json.tenantId).toBe('one')
    const own = await call('POST', '/webhooks', { url, tenantId: 'one' })
    expect([own.status, own.json.tenantId]).toEqual([201, 'one'])
    for (const tenantId of ['two', null]) {
      const made = await call('POST', '/webhooks', { url, tenantId })
      expect([made.status, made.json.error.fields[0]!.path]).toEqual([400, '/tenantId'])
      expect((await call('PATCH', `/webhooks/${own.json.id}`, { tenantId })).status).toBe(400)
    }
    const platform = await api.as('admin', null)
    expect((await platform('PATCH', `/webhooks/${own.json.id}`, { tenantId: 'two' })).json.tenantId).toBe('two')
    expect((await call('GET', `/webhooks/${own.json.id}`)).status).toBe(404)
  })

  it("is answered for what is another's like for what there is not", async () => {
    const api = await startApi()
    const one = await tenantOf(api, 'one')
    const two = await tenantOf(api, 'two')
    const requests: [string, string, 'endpointId' | 'deadLetterId', unknown?][] = [
      ['GET', '/webhooks/ID', 'endpointId'],
      ['PATCH', '/webhooks/ID', 'endpointId', { description: 'taken' }],
      ['DELETE', '/webhooks/ID', 'endpointId'],
      ['POST', '/webhooks/ID/pause', 'endpointId'],
      ['POST', '/webhooks/ID/resume', 'endpointId'],
      ['POST', '/webhooks/ID/rotate-secret', 'endpointId'],
      ['POST', '/webhooks/ID/test', 'endpointId'],
      ['GET', '/stats/webhooks/ID', 'endpointId'],
      ['POST', '/events', 'endpointId', { endpointId: 'ID', eventType: 'a', payload: 1 }],
      ['POST', '/events', 'endpointId', [{ endpointId: 'ID', eventType: 'a', payload: 1 }]],
      ['GET', '/deliveries/ID', 'deadLetterId'],
      ['GET', '/deliveries/ID/explain', 'deadLetterId'],
      ['POST', '/deliveries/ID/redeliver', 'deadLetterId'],
      ['GET', '/dlq/ID', 'deadLetterId'],
      ['POST', '/dlq/ID/redeliver', 'deadLetterId'],
      ['DELETE', '/dlq/ID', 'deadLetterId'],
    ]
    for (const [method, path, kind, body] of requests) {
      const ask = async (id: string): Promise<unknown> => {
        const given = body === undefined ? undefined : JSON.stringify(body).replaceAll('ID', id)
        return withoutRequest(await one.call(method, path.replaceAll('ID', id), given), id)
      }
      const foreign = await ask(two[kind])
      expect([method, path, foreign]).toEqual([method, path, await ask(kind === 'endpointId' ? 'ep_none' : 'evt_none')])
      expect(foreign).toMatchObject({ status: 404 })
    }
    expect(api.service.getEventStatus(two.deadLetterId).status).toBe('deadLettered')
    expect(api.receiver.received).toBe(2)
  })

  it('lists what is its own', async () => {
    const api = await startApi()
    const one = await tenantOf(api, 'one')
    const two = await tenantOf(api, 'two')
    const listed = async (path: string, call = one.call): Promise<string[]> =>
      (await call('GET', path)).json.data.map((item) => item.id ?? item.endpointId)
    expect(await listed('/webhooks')).toEqual([one.endpointId])
    expect(await listed('/webhooks?tenantId=two')).toEqual([])
    expect(await listed('/stats/webhooks')).toEqual([one.endpointId])
    expect(await listed('/deliveries')).toEqual([one.deadLetterId])
    expect(await listed(`/deliveries?endpointId=${two.endpointId}`)).toEqual([])
    expect(await listed('/dlq')).toEqual([one.deadLetterId])
    const { json } = await one.call('GET', '/stats')
    expect(json).toMatchObject({ events: { deadLettered: 1 }, endpoints: 1, service: null })
    expect((await one.call('GET', '/stats/webhooks')).json.data).toMatchObject([{ events: { deadLettered: 1 } }])
    const platform = await api.as('reader', null)
    expect(await listed('/webhooks?tenantId=two', platform)).toEqual([two.endpointId])
    expect(await listed('/deliveries', platform)).toHaveLength(2)
  })

  it('sees nothing any more of what went to a webhook that was removed, nor does another; the platform does', async () => {
    const api = await startApi()
    const one = await tenantOf(api, 'one')
    const two = await tenantOf(api, 'two')
    expect((await one.call('DELETE', `/webhooks/${one.endpointId}`)).status).toBe(204)
    for (const { call } of [one, two]) {
      for (const path of ['/deliveries/ID', '/deliveries/ID/explain', '/dlq/ID']) {
        expect((await call('GET', path.replace('ID', one.deadLetterId))).status).toBe(404)
      }
      expect((await call('GET', '/deliveries')).text).not.toContain(one.deadLetterId)
      expect((await call('GET', `/deliveries?endpointId=${one.endpointId}`)).json.data).toEqual([])
    }
    const platform = await api.as('reader', null)
    expect((await platform('GET', `/deliveries/${one.deadLetterId}`)).status).toBe(200)
  })

  it('publishes to its own webhooks alone, and redelivers its own dead letters', async () => {
    const api = await startApi()
    const one = await tenantOf(api, 'one')
    const two = await tenantOf(api, 'two')
    const { call } = one
    const { json } = await call('POST', '/events', { eventType: 'b', payload: 1 })
    expect(json.events.map(({ endpointId }) => endpointId)).toEqual([one.endpointId])
    const batch = await call('POST', '/events', [{ eventType: 'b', payload: 1 }])
    expect(batch.json.results[0]!.events).toHaveLength(1)
    expect((await call('POST', '/dlq/redeliver', { all: true })).json.redelivered).toBe(1)
    expect(api.service.getEventStatus(two.deadLetterId).status).toBe('deadLettered')
    const none = await call('POST', '/dlq/redeliver', { endpointId: two.endpointId })
    expect(none.json.redelivered).toBe(0)
    const platform = await api.as('publisher', null)
    expect((await platform('POST', '/events', { eventType: 'b', payload: 1 })).json.events).toHaveLength(2)
  })
})

describe('a role', () => {
  it('lets a publisher submit and nothing else, a reader read and nothing else', async () => {
    const api = await startApi()
    const publisher = await api.as('publisher', null)
    const reader = await api.as('reader', null)
    const event = { eventType: 'a', payload: 1 }
    expect((await publisher('POST', '/events', event)).status).toBe(202)
    expect((await publisher('GET', '/webhooks')).status).toBe(403)
    expect((await publisher('POST', '/webhooks', { url: api.receiver.url })).status).toBe(403)
    expect((await reader('GET', '/webhooks')).status).toBe(200)
    expect((await reader('POST', '/events', event)).status).toBe(403)
    expect((await reader('POST', '/dlq/redeliver', { all: true })).status).toBe(403)
  })
})
