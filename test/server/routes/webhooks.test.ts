import { describe, expect, it } from 'vitest'
import { secret, startApi } from './start-api.ts'

describe('webhooks', () => {
  it('are made, read, changed and deleted', async () => {
    const { call, receiver } = await startApi()
    const made = await call('POST', '/webhooks', {
      url: `${receiver.url}/hooks`,
      eventTypes: ['payment.*'],
      headers: { Authorization: 'Bearer canary' },
      tenantId: 'acme',
    })
    expect(made.status).toBe(201)
    const { id } = made.json
    expect(made.headers.get('location')).toBe(`/api/v1/webhooks/${id}`)
    expect(made.json.secret).toMatch(/^whsec_[A-Za-z0-9+/]{43}=$/)
    expect(made.json).toMatchObject({ url: `${receiver.url}/hooks`, state: 'active', headers: ['Authorization'] })

    const read = await call('GET', `/webhooks/${id}`)
    expect(read.status).toBe(200)
    expect(read.json).toEqual({ ...made.json, secret: undefined })
    expect(read.text).not.toContain('canary')

    const changed = await call('PATCH', `/webhooks/${id}`, { description: 'till 3', eventTypes: ['*'], retry: null })
    expect([changed.status, changed.json.description, changed.json.eventTypes]).toEqual([200, 'till 3', ['*']])
    expect(changed.json.tenantId).toBe('acme')

    const deleted = await call('DELETE', `/webhooks/${id}`)
    expect([deleted.status, deleted.text]).toEqual([204, ''])
    const gone = await call('GET', `/webhooks/${id}`)
    expect([gone.status, gone.json.error.code]).toEqual([404, 'ENDPOINT_NOT_FOUND'])
  })

  it('keep the secret they are given', async () => {
    const { call, receiver } = await startApi()
    const { json } = await call('POST', '/webhooks', { url: receiver.url, secret })
    expect(json.secret).toBe(secret)
    await call('POST', '/events', { endpointId: json.id, eventType: 'a', payload: 1 })
    const [request] = await receiver.waitFor(1)
    expect(request?.signatureValid).toBe(true)
  })

  it.each([
    [{}, '/url'],
    [{ url: 7 }, '/url'],
    [{ url: 'ftp://merchant.example' }, '/url'],
    [{ url: 'https://user:canary@merchant.example' }, '/url'],
    [{ url: 'https://merchant.example', secret: '' }, '/secret'],
    [{ url: 'https://merchant.example', secret: 'canary'.repeat(200) }, '/secret'],
    [{ url: 'https://merchant.example', retry: { maxAttempts: 0 } }, '/retry/maxAttempts'],
    [{ url: 'https://merchant.example', retry: { initialDelayMs: 9, maxDelayMs: 1 } }, '/retry/initialDelayMs'],
    [{ url: 'https://merchant.example', eventTypes: ['a', 'a b'] }, '/eventTypes/1'],
    [{ url: 'https://merchant.example', ordering: 'lifo' }, '/ordering'],
    [{ url: 'https://merchant.example', colour: 'red' }, '/colour'],
    [{ url: 'https://merchant.example', id: 'ep_1' }, '/id'],
    [{ url: 'https://merchant.example', headers: { Host: 'canary' } }, '/headers/Host'],
  ])('are refused when a field is wrong: %j', async (body, path) => {
    const { call } = await startApi()
    const { status, json, text } = await call('POST', '/webhooks', body)
    expect(status).toBe(400)
    expect(json.error.fields.map((field) => field.path)).toEqual([path])
    expect(text).not.toContain('canary')
    expect((await call('GET', '/webhooks')).json.data).toEqual([])
  })

  it.each([{ secret: 'another' }, { ordering: 'none' }, { id: 'ep_1' }, { state: 'active' }])(
    'cannot be changed in what is not a setting: %j',
    async (body) => {
      const { call, webhook } = await startApi()
      const { status, json } = await call('PATCH', `/webhooks/${await webhook()}`, body)
      expect([status, json.error.fields[0]!.path]).toEqual([400, `/${Object.keys(body).join('')}`])
    },
  )

  it('are listed page by page, each once, though others come and go meanwhile', async () => {
    const { call, webhook } = await startApi()
    const ids = await Promise.all(Array.from({ length: 7 }, () => webhook()))
    const first = await call('GET', '/webhooks?limit=3')
    const seen = first.json.data.map(({ id }) => id)
    expect(seen).toEqual([...ids].sort().slice(0, 3))
    const second = await call('GET', `/webhooks?limit=3&cursor=${first.json.nextCursor}`)
    expect(second.json.data.map(({ id }) => id)).toEqual([...ids].sort().slice(3, 6))
    // Whoever deletes what a page shows still gets the rest.
    for (const id of seen) await call('DELETE', `/webhooks/${id}`)
    const rest = await call('GET', `/webhooks?limit=4&cursor=${first.json.nextCursor}`)
    expect(rest.json.data.map(({ id }) => id)).toEqual([...ids].sort().slice(3))
    expect(rest.json.nextCursor).toBeNull()
    // It means the same to a decoder, and is not what was given.
    expect((await call('GET', `/webhooks?cursor=${first.json.nextCursor}%3D`)).status).toBe(400)
  })

  it.each(['limit=0', 'limit=501', 'limit=-1', 'limit=1e9', 'limit=x', 'cursor=%20', 'cursor=', 'cursor=Zg', 'x=1'])(
    'are not listed by a query that is none: %s',
    async (query) => {
      const { call } = await startApi()
      expect((await call('GET', `/webhooks?${query}`)).status).toBe(400)
    },
  )

  it('are not listed by the cursor of another list', async () => {
    const { call, webhook } = await startApi()
    const endpointIds = [await webhook(), await webhook()]
    await call(
      'POST',
      '/events',
      endpointIds.map((endpointId) => ({ endpointId, eventType: 'a', payload: 1 })),
    )
    for (const [list, other] of [
      ['/webhooks', '/deliveries'],
      ['/stats/webhooks', '/deliveries'],
      ['/stats/webhooks', '/webhooks'],
      ['/keys', '/webhooks'],
      ['/tenants', '/stats/webhooks'],
    ]) {
      const { json: page } = await call('GET', `${other}?limit=1`)
      expect(page.nextCursor).toEqual(expect.any(String))
      const { status, json } = await call('GET', `${list}?cursor=${page.nextCursor}`)
      expect([list, status, json.error.fields[0]!.path]).toEqual([list, 400, '/cursor'])
    }
  })

  it('are paused and resumed', async () => {
    const { call, webhook, receiver } = await startApi()
    const id = await webhook()
    const paused = await call('POST', `/webhooks/${id}/pause`)
    expect([paused.status, paused.json.state]).toEqual([200, 'paused'])
    await call('POST', '/events', { endpointId: id, eventType: 'a', payload: 1 })
    expect(receiver.received).toBe(0)
    const resumed = await call('POST', `/webhooks/${id}/resume`)
    expect([resumed.status, resumed.json.state]).toEqual([200, 'active'])
    await receiver.waitFor(1)
  })

  it('get a new secret, shown once', async () => {
    const { call, webhook, receiver } = await startApi()
    const id = await webhook()
    const made = await call('POST', `/webhooks/${id}/rotate-secret`)
    expect(made.status).toBe(200)
    expect(made.json).toEqual({ id, secret: expect.stringMatching(/^whsec_/) })
    const given = await call('POST', `/webhooks/${id}/rotate-secret`, { secret: 'a new one', overlapMs: 0 })
    expect(given.json.secret).toBe('a new one')
    expect((await call('GET', `/webhooks/${id}`)).text).not.toContain('a new one')
    await call('POST', `/webhooks/${id}/test`)
    const [request] = await receiver.waitFor(1)
    expect(request?.signatureValid).toBe(false)
    const wrong = await call('POST', `/webhooks/${id}/rotate-secret`, { overlapMs: -1 })
    expect([wrong.status, wrong.json.error.fields[0]!.path]).toEqual([400, '/overlapMs'])
  })

  it('are tried with an event', async () => {
    const { call, webhook, receiver } = await startApi()
    const id = await webhook()
    const sent = await call('POST', `/webhooks/${id}/test`)
    expect(sent.status).toBe(202)
    expect(sent.json).toEqual({ events: [{ endpointId: id, eventId: expect.stringMatching(/^evt_/) }] })
    await call('POST', `/webhooks/${id}/test`, '{"eventType":"own.test", "payload": {"n":9007199254740993} }')
    const [plain, own] = await receiver.waitFor(2)
    expect([plain?.eventType, plain?.json()]).toEqual(['webhook.test', { test: true, endpointId: id }])
    expect([own?.eventType, own?.body]).toEqual(['own.test', '{"n":9007199254740993}'])
  })

  it.each([
    ['GET', ''],
    ['PATCH', ''],
    ['DELETE', ''],
    ['POST', '/pause'],
    ['POST', '/resume'],
    ['POST', '/rotate-secret'],
    ['POST', '/test'],
  ])('that there are not are not found: %s %s', async (method, action) => {
    const { call } = await startApi()
    const { status, json } = await call(method, `/webhooks/ep_none${action}`, method === 'PATCH' ? {} : undefined)
    expect([status, json.error.code]).toEqual([404, 'ENDPOINT_NOT_FOUND'])
  })
})
