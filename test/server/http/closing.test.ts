import type { ServerResponse } from 'node:http'
import { expect, test } from 'vitest'
import { exchange, makeServer, startServer } from '../start-server.ts'
import { answering } from '../test-routes.ts'

/** A route that waits to be let go on, and tells when it is under way. */
function heldRoute() {
  let release = (): void => undefined
  let begun = (): void => undefined
  const held = new Promise<void>((resolve) => (release = resolve))
  const isUnderWay = new Promise<void>((resolve) => (begun = resolve))
  const route = answering(async () => {
    begun()
    await held
    return { status: 200, body: 'done' }
  })
  return { route, release, isUnderWay }
}

test('lets requests in flight end, and takes no new ones', async () => {
  const { route, release, isUnderWay } = heldRoute()
  const { server, url } = await startServer({ routes: [route] })
  const answer = fetch(`${url}/api/v1/answer`)
  await isUnderWay
  const closed = server.close()
  await expect(fetch(`${url}/api/v1/answer`)).rejects.toThrow('fetch failed')
  release()
  const { status, headers } = await answer
  expect([status, headers.get('connection')]).toEqual([200, 'close'])
  await closed
})

test('cuts off what has not ended within the grace time', async () => {
  const { route, isUnderWay } = heldRoute()
  const { server, port } = await startServer({ routes: [route] })
  const answer = exchange(port, 'GET /api/v1/answer HTTP/1.1\r\nHost: localhost\r\n\r\n')
  await isUnderWay
  await server.close({ graceMs: 1 })
  expect(await answer).toBe('')
})

test('ends live streams when it retires, and goes on answering', async () => {
  const streams: ServerResponse[] = []
  const stream = answering(() => ({
    status: 200,
    headers: { 'content-type': 'text/event-stream' },
    stream: (response) => {
      streams.push(response)
      response.write('data: 1\n\n')
    },
  }))
  const route = {
    ...stream,
    handle: (call: Parameters<typeof stream.handle>[0]) => {
      call.context.closing.addEventListener('abort', () => streams[0]?.end())
      return stream.handle(call)
    },
  }
  const { server, url } = await startServer({ routes: [route, answering(() => ({ status: 204 }), { path: '/other' })] })
  const answer = await fetch(`${url}/api/v1/answer`)
  expect([answer.status, answer.headers.get('content-type'), answer.headers.get('x-content-type-options')]).toEqual([
    200,
    'text/event-stream',
    'nosniff',
  ])
  server.retire()
  expect(await answer.text()).toBe('data: 1\n\n')
  expect((await fetch(`${url}/other`)).status).toBe(204)
})

test('leaves the service as it is, and closes once', async () => {
  const { server, service } = await startServer()
  const closed = server.close()
  expect(server.close()).toBe(closed)
  await closed
  expect(service.registerEndpoint('http://127.0.0.1:9/', 'a secret')).toMatch(/^ep_/)
})

test('closes although it never listened', async () => {
  const { server } = makeServer()
  await expect(server.close()).resolves.toBeUndefined()
})

test('says what of its options is wrong at once', () => {
  expect(() => makeServer({ limits: { bodyBytes: 1 } })).toThrow(
    'limits.bodyBytes must be a whole number from 1024 to 1073741824, got 1 (number)',
  )
  const { server } = makeServer()
  expect(() => server.close({ graceMs: -1 })).toThrow('graceMs must be a whole number')
})
