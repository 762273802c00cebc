import { describe, expect, test } from 'vitest'
import { StorageError } from '../../../src/index.ts'
import type { WebhookService } from '../../../src/index.ts'
import { issueKey } from '../../../src/server/keys/issue-key.ts'
import { memoryKeys } from '../../../src/server/keys/memory-keys.ts'
import type { ServerLog } from '../../../src/server/server-log.ts'
import { errorOf } from '../error-of.ts'
import { makeServer } from '../start-server.ts'
import { answering } from '../test-routes.ts'

interface Line {
  readonly level: string
  readonly message: string
  readonly fields: Readonly<Record<string, unknown>>
}

function collectingLog(): { readonly log: ServerLog; readonly lines: readonly Line[] } {
  const lines: Line[] = []
  const at =
    (level: string) =>
    (fields: object, message: string): void =>
      void lines.push({ level, message, fields: { ...fields } })
  return { log: { debug: at('debug'), info: at('info'), warn: at('warn'), error: at('error') }, lines }
}

test('each request has a line: which route, what came of it, whose key, and nothing that was in it', async () => {
  const keys = memoryKeys()
  const { text, key } = await issueKey(keys, { name: 'a key', role: 'admin', tenantId: 'acme' })
  const { log, lines } = collectingLog()
  const { server } = makeServer({ keys, log })
  await server.inject({
    method: 'POST',
    path: '/api/v1/webhooks/ep_hush/test?hush=hush',
    headers: { authorization: `Bearer ${text}`, 'x-request-id': 'mine-1', 'content-type': 'application/json' },
    body: '{"payload":"hush"}',
  })
  expect(lines).toEqual([
    {
      level: 'info',
      message: 'request',
      fields: {
        requestId: 'mine-1',
        method: 'POST',
        route: '/api/v1/webhooks/:id/test',
        status: 404,
        ms: expect.any(Number),
        keyId: key.id,
        tenantId: 'acme',
      },
    },
  ])
  expect(JSON.stringify(lines)).not.toContain('hush')
})

test('what leads nowhere, and who is not let in, has a line too', async () => {
  const keys = memoryKeys()
  await issueKey(keys, { name: 'a key', role: 'admin' })
  const { log, lines } = collectingLog()
  const { server } = makeServer({ keys, log })
  await server.inject({ method: 'GET', path: '/hush' })
  await server.inject({ method: 'GET', path: '/api/v1/stats', headers: { 'x-api-key': 'hush' } })
  expect(lines.map(({ fields: { route, status, keyId } }) => [route, status, keyId])).toEqual([
    [null, 404, null],
    ['/api/v1/stats', 401, null],
  ])
  expect(JSON.stringify(lines)).not.toContain('hush')
})

test('a submission says by which request it came, and each event by its own id', async () => {
  const { log, lines } = collectingLog()
  const { server, service } = makeServer({ log })
  const endpointId = service.registerEndpoint('http://127.0.0.1:9/', 'a secret')
  const answer = await server.inject({
    method: 'POST',
    path: '/api/v1/events',
    headers: { 'x-request-id': 'mine-1', 'content-type': 'application/json' },
    body: JSON.stringify([1, 2].map((payload) => ({ endpointId, eventType: 'order.paid', payload }))),
  })
  const { results } = JSON.parse(answer.text) as { results: { events: { eventId: string }[] }[] }
  expect(lines.filter(({ level }) => level === 'debug').map(({ fields }) => fields)).toEqual(
    results.map(({ events: [event] }) => ({
      correlationId: event!.eventId,
      requestId: 'mine-1',
      endpointId,
      eventType: 'order.paid',
    })),
  )
})

describe('the line of a request names the events it made or changed', () => {
  interface World {
    readonly service: WebhookService
    readonly endpointId: string
    /** Sends a body, and resolves with the answer's text and what the request's line says of events. */
    readonly post: (path: string, body?: unknown) => Promise<readonly [string, Line['fields']]>
  }

  function world(): World {
    const { log, lines } = collectingLog()
    const { server, service } = makeServer({ log })
    const endpointId = service.registerEndpoint('http://127.0.0.1:9/', 'a secret')
    service.pauseEndpoint(endpointId)
    return {
      service,
      endpointId,
      async post(path, body = {}) {
        const headers = { 'content-type': 'application/json' }
        const { text } = await server.inject({ method: 'POST', path, headers, body: JSON.stringify(body) })
        const { eventIds, eventCount } = lines.filter(({ message }) => message === 'request').at(-1)?.fields ?? {}
        return [text, { eventIds, eventCount }]
      },
    }
  }

  test('of a submission, and of one to all who are subscribed', async () => {
    const { endpointId, post } = world()
    const [text, told] = await post('/api/v1/events', { endpointId, eventType: 'order.paid', payload: 'hush' })
    expect(told).toEqual({ eventIds: [/evt_[\w-]+/.exec(text)?.[0]] })
    const [published, toldOfAll] = await post('/api/v1/events', { eventType: 'order.paid', payload: 'hush' })
    expect(toldOfAll).toEqual({ eventIds: [/evt_[\w-]+/.exec(published)?.[0]] })
  })

  test('of very many the first twenty, and how many they were', async () => {
    const { endpointId, post } = world()
    const events = Array.from({ length: 25 }, (_, payload) => ({ endpointId, eventType: 'order.paid', payload }))
    const [text, told] = await post('/api/v1/events', events)
    expect(told).toEqual({ eventIds: text.match(/evt_[\w-]+/g)?.slice(0, 20), eventCount: 25 })
  })

  test('of a test event, and of a redelivery', async () => {
    const { endpointId, post } = world()
    const [text, tried] = await post(`/api/v1/webhooks/${endpointId}/test`)
    const [id] = /evt_[\w-]+/.exec(text) ?? []
    expect(tried).toEqual({ eventIds: [id] })
    expect((await post(`/api/v1/deliveries/${id}/redeliver`))[1]).toEqual({ eventIds: [id] })
  })

  test('also when it could not be told that they were stored: they may be', async () => {
    const { service, endpointId, post } = world()
    service.flush = () => Promise.reject(new StorageError('the log: no space', 'full', true))
    const [text, told] = await post('/api/v1/events', { endpointId, eventType: 'order.paid', payload: 1 })
    expect(errorOf(text).code).toBe('STORAGE_FAILED')
    expect(told).toEqual({ eventIds: [...service.listEvents().events.map(({ id }) => id)] })
  })

  test('and of none when it made none', async () => {
    const { post } = world()
    expect((await post('/api/v1/events', { eventType: 'order.paid' }))[1]).toEqual({})
    expect((await post('/api/v1/deliveries/evt_none/redeliver'))[1]).toEqual({})
  })
})

test('an error that no one foresaw is written down under the id that its caller was told', async () => {
  const { log, lines } = collectingLog()
  const err = new Error('boom')
  const { server } = makeServer({ log, routes: [answering(() => Promise.reject(err))] })
  const { headers } = await server.inject({ method: 'GET', path: '/api/v1/answer' })
  const requestId = headers['x-request-id']
  expect(lines.filter(({ level }) => level === 'error').map(({ fields }) => fields)).toEqual([
    { where: 'request', requestId, err },
  ])
})
