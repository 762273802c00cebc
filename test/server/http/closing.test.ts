import { once } from 'node:events'
import type { ServerResponse } from 'node:http'
import { connect } from 'node:net'
import { expect, onTestFinished, test } from 'vitest'
import { healthRoutes } from '../../../src/server/health/health-routes.ts'
import { createVirtualClock } from '../../../src/testing/virtual-clock.ts'
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
  const clock = createVirtualClock()
  const { server, url } = await startServer({ routes: [route], clock })
  const answer = fetch(`${url}/api/v1/answer`)
  await isUnderWay
  const closed = server.close({ graceMs: 1000 })
  await expect(fetch(`${url}/api/v1/answer`)).rejects.toThrow('fetch failed')
  await clock.advance(999)
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

/** A connection on which a second request is on its way when the first has been answered. */
async function halfAsked(port: number, path: string) {
  const socket = connect(port, '127.0.0.1').setEncoding('utf8')
  onTestFinished(() => void socket.destroy())
  const first = 'GET /api/v1/first HTTP/1.1\r\nHost: localhost\r\n\r\n'
  socket.write(`${first}GET ${path} HTTP/1.1\r\nHost: localhost\r\n`)
  await once(socket, 'data')
  let text = ''
  socket.on('data', (chunk: string) => (text += chunk))
  return {
    /** Sends the rest, and resolves with all that comes back. */
    ask: async (): Promise<string> => {
      socket.write('\r\n')
      await once(socket, 'close')
      return text
    },
  }
}

test('refuses with 503 what comes while it closes, and says when to try again; it lives, and is not ready', async () => {
  const first = answering(() => ({ status: 204 }), { path: '/api/v1/first', operationId: 'first' })
  const { server, port } = await startServer({ routes: [first, answering(() => ({ status: 200 })), ...healthRoutes] })
  const asking = await Promise.all(
    ['/api/v1/answer', '/health/live', '/health/ready'].map((path) => halfAsked(port, path)),
  )
  const closed = server.close()
  const [refused, live, ready] = await Promise.all(asking.map(({ ask }) => ask()))
  expect(refused).toMatch(/^HTTP\/1.1 503 [^]*\r\nretry-after: 1\r\n[^]*"code":"SERVER_CLOSING"/)
  expect(refused).toMatch(/\r\nconnection: close\r\n/i)
  expect(live).toMatch(/^HTTP\/1.1 200 [^]*"live":true/)
  expect(ready).toMatch(/^HTTP\/1.1 503 [^]*"ready":false,"reasons":\["closing"\]/)
  await closed
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
