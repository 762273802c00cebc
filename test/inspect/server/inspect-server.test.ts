import { subscribe } from 'node:diagnostics_channel'
import { once } from 'node:events'
import { get } from 'node:http'
import type { ClientRequest, IncomingMessage, Server } from 'node:http'
import { connect } from 'node:net'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { InspectServer } from '../../../src/inspect/server/inspect-server.ts'
import { textReply } from '../../../src/inspect/server/reply.ts'
import type { StreamClient } from '../../../src/inspect/server/stream-client.ts'
import { rawRequest } from './raw-request.ts'

let server: InspectServer
let clients: StreamClient[]
let failures: unknown[]

beforeEach(async () => {
  clients = []
  failures = []
  server = await InspectServer.start({
    keepsProcess: false,
    maxStreams: 2,
    maxBufferedBytes: 10_000,
    onFailure: (error) => failures.push(error),
  })
  server.route('/here', () => textReply(200, 'hello'))
  server.route('/broken', () => {
    throw new Error('a secret of the program')
  })
  server.stream('/stream', (client) => clients.push(client))
})

afterEach(() => server.close())

const statusOf = async (headers: Record<string, string>, method = 'GET') =>
  (await rawRequest(server.port, { path: '/here', method, headers })).status

test('listens on 127.0.0.1 alone', () => {
  expect(server.url).toBe(`http://127.0.0.1:${server.port}`)
})

test('answers under the names of this machine', async () => {
  for (const name of ['127.0.0.1', 'localhost', '[::1]', 'LOCALHOST']) {
    expect(await statusOf({ host: `${name}:${server.port}` })).toBe(200)
  }
})

test.each([
  ['the name of another site that points here', { host: 'evil.example' }],
  ['another port', { host: '127.0.0.1:1' }],
  ['no port', { host: '127.0.0.1' }],
  ['an origin of another site', { origin: 'https://evil.example' }],
  ['an origin without a name', { origin: 'null' }],
  [
    'what another site embeds',
    { 'sec-fetch-site': 'cross-site', 'sec-fetch-mode': 'no-cors', 'sec-fetch-dest': 'script' },
  ],
  [
    'a frame of another site',
    { 'sec-fetch-site': 'cross-site', 'sec-fetch-mode': 'navigate', 'sec-fetch-dest': 'iframe' },
  ],
])('refuses %s', async (_, headers) => {
  expect(await statusOf({ ...headers })).toBe(403)
})

test('answers its own origin, and a link that someone followed', async () => {
  expect(await statusOf({ origin: server.url })).toBe(200)
  const followed = { 'sec-fetch-site': 'cross-site', 'sec-fetch-mode': 'navigate', 'sec-fetch-dest': 'document' }
  expect(await statusOf(followed)).toBe(200)
})

test.each(['POST', 'PUT', 'DELETE', 'OPTIONS', 'HEAD'])('refuses %s', async (method) => {
  expect(await statusOf({}, method)).toBe(405)
})

test.each(['/here/', '/HERE', '/..%2fhere', '/here/../here', '/%68ere', '//here', '/here%00', '/../../etc/passwd'])(
  'finds nothing at %s',
  async (path) => {
    expect((await rawRequest(server.port, { path })).status).toBe(404)
  },
)

test('sends the headers that confine a page with every answer', async () => {
  for (const path of ['/here', '/nowhere', '/broken']) {
    const { headers } = await rawRequest(server.port, { path })
    expect(headers['content-security-policy']).toContain("default-src 'none'; script-src 'self'; style-src 'self'")
    expect(headers).toMatchObject({ 'x-content-type-options': 'nosniff', 'cache-control': 'no-store' })
    expect(headers['access-control-allow-origin']).toBeUndefined()
  }
})

test('tells nothing of what a route threw, except to its owner', async () => {
  const { status, body } = await rawRequest(server.port, { path: '/broken' })
  expect([status, body]).toEqual([500, 'this could not be read\n'])
  expect(failures).toEqual([new Error('a secret of the program')])
})

async function listen(): Promise<{ request: ClientRequest; response: IncomingMessage }> {
  const request = get(`${server.url}/stream`, { agent: false })
  request.on('error', () => undefined)
  const [response] = (await once(request, 'response')) as [IncomingMessage]
  response.on('error', () => undefined)
  return { request, response }
}

test('streams events, and takes no more clients than it is to', async () => {
  const { request, response } = await listen()
  const second = await listen()
  expect((await rawRequest(server.port, { path: '/stream' })).status).toBe(503)
  clients[0]!.send('changed', '{"seq":1}')
  const [chunk] = (await once(response, 'data')) as [Buffer]
  expect(chunk.toString()).toBe('event: changed\ndata: {"seq":1}\n\n')
  const left = new Promise<void>((resolve) => clients[0]!.onLeft(resolve))
  request.destroy()
  await left
  expect((await listen()).response.statusCode).toBe(200)
  second.request.destroy()
})

test('keeps no stream for a client that asked for several on one connection, and left', async () => {
  const socket = connect(server.port, '127.0.0.1')
  const closed = once(socket, 'close')
  socket.write(`GET /stream HTTP/1.1\r\nHost: 127.0.0.1:${server.port}\r\n\r\n`.repeat(3))
  await once(socket, 'data')
  const left = new Promise<void>((resolve) => clients[0]!.onLeft(resolve))
  socket.destroy()
  await Promise.all([closed, left])
  expect(clients).toHaveLength(1)
  for (const { request, response } of [await listen(), await listen()]) {
    expect(response.statusCode).toBe(200)
    request.destroy()
  }
})

test('drops a client that does not read, instead of keeping what it has not read', async () => {
  const socket = connect(server.port, '127.0.0.1')
  socket.on('error', () => undefined)
  socket.pause()
  socket.write(`GET /stream HTTP/1.1\r\nHost: 127.0.0.1:${server.port}\r\n\r\n`)
  while (clients.length === 0) await new Promise((resolve) => setImmediate(resolve))
  let sent = 0
  while (sent < 10_000 && clients[0]!.send('changed', 'x'.repeat(5000))) sent += 1
  expect(sent).toBeLessThan(10_000)
  expect(clients[0]!.open).toBe(false)
  socket.destroy()
})

test('hands over connections that ask for another protocol only when they may ask', async () => {
  server.upgrade('/socket', (_, socket) => socket.end('HTTP/1.1 101 Switching Protocols\r\n\r\nwelcome'))
  const ask = async (path: string, origin: string) => {
    const socket = connect(server.port, '127.0.0.1')
    const lines = [`GET ${path} HTTP/1.1`, `Host: 127.0.0.1:${server.port}`, `Origin: ${origin}`]
    socket.write(`${[...lines, 'Connection: Upgrade', 'Upgrade: websocket'].join('\r\n')}\r\n\r\n`)
    let text = ''
    for await (const chunk of socket) text += String(chunk)
    return text
  }
  expect(await ask('/socket', server.url)).toContain('welcome')
  expect(await ask('/socket', 'https://evil.example')).toContain('403 Forbidden')
  expect(await ask('/nowhere', server.url)).toContain('403 Forbidden')
})

test('lives on when a connection cannot be accepted', async () => {
  const heard = new Promise<Server>((resolve) => {
    subscribe('http.server.request.start', (message) => resolve((message as { server: Server }).server))
  })
  expect(await statusOf({})).toBe(200)
  const shortage = new Error('accept EMFILE')
  ;(await heard).emit('error', shortage) // as Node does when the process has no descriptor left
  expect(failures).toEqual([shortage])
  expect(await statusOf({})).toBe(200)
})

test('leaves no connection and no port behind when it closes', async () => {
  const { response } = await listen()
  const ended = new Promise((resolve) => response.once('close', resolve))
  const idle = connect(server.port, '127.0.0.1')
  const idleEnded = once(idle, 'close')
  idle.on('error', () => undefined)
  await once(idle, 'connect')
  await server.close()
  await Promise.all([ended, idleEnded])
  expect(server.close()).toBe(server.close())
  const again = await InspectServer.start({ keepsProcess: false, port: server.port })
  await again.close()
})

test('refuses to start on a port that is taken', async () => {
  await expect(InspectServer.start({ keepsProcess: false, port: server.port })).rejects.toThrow('EADDRINUSE')
})
