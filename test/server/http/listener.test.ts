import { once } from 'node:events'
import { connect } from 'node:net'
import type { Socket } from 'node:net'
import { expect, onTestFinished, test } from 'vitest'
import { exchange, startServer } from '../start-server.ts'
import { answering, thingsRoute } from '../test-routes.ts'
import { errorOf } from '../error-of.ts'

const ask = 'GET /api/v1/version HTTP/1.1\r\nHost: localhost\r\n'
const post = 'POST /api/v1/things/1 HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\n'
const body = '{"name":"ab"}'

async function open(port: number): Promise<Socket> {
  const socket = connect(port, '127.0.0.1').on('error', () => undefined)
  onTestFinished(() => void socket.destroy())
  await once(socket, 'connect')
  return socket
}

test.each([
  ['two lengths', `${post}Content-Length: 13\r\nContent-Length: 14\r\n\r\n${body}`],
  ['the same length twice', `${post}Content-Length: 13\r\nContent-Length: 13\r\n\r\n${body}`],
  ['a length and chunks', `${post}Content-Length: 13\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n${ask}\r\n`],
  ['chunks and a length', `${post}Transfer-Encoding: chunked\r\nContent-Length: 3\r\n\r\n0\r\n\r\n${ask}\r\n`],
  ['an unknown transfer coding', `${post}Transfer-Encoding: xchunked\r\n\r\n${body}`],
  ['chunked that is not last', `${post}Transfer-Encoding: chunked, gzip\r\n\r\n0\r\n\r\n`],
  ['a folded header', `${ask}X-A: 1\r\n  Content-Length: 5\r\n\r\n`],
  ['a space before the colon', `${post}Content-Length : 13\r\n\r\n${body}`],
  ['a negative length', `${post}Content-Length: -1\r\n\r\n`],
  ['a length with a sign', `${post}Content-Length: +13\r\n\r\n${body}`],
  ['a chunk length that is none', `${post}Transfer-Encoding: chunked\r\n\r\nxyz\r\n\r\n`],
  ['a NUL in a header', `${ask}X-A: a\0b\r\n\r\n`],
  ['lines that end with LF alone', 'GET /api/v1/version HTTP/1.1\nHost: localhost\n\n'],
  ['no Host', 'GET /api/v1/version HTTP/1.1\r\n\r\n'],
  ['what is no HTTP', '\x16\x03\x01\x02\x00\x01\r\n\r\n'],
])('refuses %s, and closes the connection', async (_, text) => {
  const { port } = await startServer({ routes: [thingsRoute] })
  const answer = await exchange(port, text)
  // What goes wrong within a body is not answered: the request before it is owed its own answer.
  expect(answer).toMatch(/^$|^HTTP\/1\.1 400 /)
  expect(answer.match(/^HTTP\/1\.1 /gm) ?? []).not.toHaveLength(2)
  expect(answer).not.toContain(' 200 ')
})

test('answers what is no HTTP in the form of every error', async () => {
  const { port } = await startServer()
  const [head, text] = (await exchange(port, 'oops\r\n\r\n')).split('\r\n\r\n')
  expect(head).toMatch(/content-type: application\/json/)
  expect(errorOf(text!)).toMatchObject({
    code: 'MALFORMED_REQUEST',
    requestId: expect.stringMatching(/^req_/),
  })
})

test('refuses headers, and with them URLs, that are too long', async () => {
  const { port } = await startServer()
  expect(await exchange(port, `${ask}X-A: ${'a'.repeat(20_000)}\r\n\r\n`)).toMatch(
    /^HTTP\/1\.1 431 [^]*HEADERS_TOO_LARGE/,
  )
  expect(await exchange(port, `GET /${'a'.repeat(65_536)} HTTP/1.1\r\n\r\n`)).toMatch(/^HTTP\/1\.1 431 /)
})

test('takes a path as it came: dots lead nowhere', async () => {
  const { port } = await startServer()
  for (const path of ['/api/v1/nothing/../version', '/./api/v1/version', '//api/v1/version', '/api/v1/version%00']) {
    const answer = await exchange(port, `GET ${path} HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n`)
    expect([path, answer.slice(0, 12)]).toEqual([path, 'HTTP/1.1 404'])
  }
})

test('answers requests that come in one piece in their order', async () => {
  const { port } = await startServer({ routes: [thingsRoute] })
  const things = Array.from({ length: 20 }, (_, index) => {
    const text = JSON.stringify({ name: `thing ${index}` })
    return `${post}${index === 19 ? 'Connection: close\r\n' : ''}Content-Length: ${text.length}\r\n\r\n${text}`
  })
  const answer = await exchange(port, things.join(''))
  const names = Array.from(answer.matchAll(/"body":\{"name":"(thing \d+)"\}/g), ([, name]) => name)
  expect(names).toEqual(Array.from({ length: 20 }, (_, index) => `thing ${index}`))
})

test('never answers a broken request in the place of one that is still owed its answer', async () => {
  let release: (() => void) | undefined
  const held = new Promise<void>((resolve) => (release = resolve))
  const { port } = await startServer({ routes: [answering(() => held.then(() => ({ status: 200, body: 'first' })))] })
  const answer = await exchange(port, 'GET /api/v1/answer HTTP/1.1\r\nHost: localhost\r\n\r\n', 'oops\r\n\r\n')
  release?.()
  expect(answer).toBe('')
})

test.each([
  ['sends nothing', ''],
  ['does not end its headers', ask],
  ['does not end its body', `${post}Content-Length: 100\r\n\r\n{`],
])('cuts off one who %s', async (_, text) => {
  const limits = { headersTimeoutMs: 100, requestTimeoutMs: 200 }
  const { port } = await startServer({ routes: [thingsRoute], limits })
  // It resolves when the server closes, and else never.
  expect(await exchange(port, text)).toMatch(/^$|^HTTP\/1\.1 408 /)
})

test.each([
  { headersTimeoutMs: 3_600_000, requestTimeoutMs: 3_600_000 },
  { headersTimeoutMs: 3_600_000, requestTimeoutMs: 100 },
  { requestTimeoutMs: 5000 },
])('listens with the times %j, which its limits allow', async (limits) => {
  const { url } = await startServer({ limits })
  expect((await fetch(`${url}/api/v1/version`)).status).toBe(200)
})

test('cuts off one who has been answered and asks nothing more', async () => {
  const { port } = await startServer({ limits: { keepAliveTimeoutMs: 100 } })
  expect(await exchange(port, `${ask}\r\n`)).toMatch(/^HTTP\/1\.1 200 /)
})

test('cuts off a connection on which an answer is owed and nothing moves', async () => {
  const never = answering(() => new Promise(() => undefined))
  const { port } = await startServer({ routes: [never], limits: { stalledTimeoutMs: 100 } })
  expect(await exchange(port, 'GET /api/v1/answer HTTP/1.1\r\nHost: localhost\r\n\r\n')).toBe('')
})

test('closes connections over the limit, and takes others when those have gone', async () => {
  const { port, url } = await startServer({ limits: { connections: 3 } })
  const idle = await Promise.all([open(port), open(port), open(port)])
  const over = await open(port)
  over.resume()
  await once(over, 'close')
  for (const socket of idle) socket.destroy()
  let answer: Response | null = null
  while (answer === null) answer = await fetch(`${url}/api/v1/version`).catch(() => null)
  expect(answer.status).toBe(200)
})
