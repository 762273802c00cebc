import { once } from 'node:events'
import { connect as connectTls } from 'node:tls'
import { expect, test } from 'vitest'
import { exchange } from '../start-server.ts'
import { attackedServer } from './attacked-server.ts'

const host = 'Host: localhost\r\n'
const ask = `GET /api/v1/version HTTP/1.1\r\n${host}`
const post = `POST /api/v1/events HTTP/1.1\r\n${host}Content-Type: application/json\r\n`
const smuggled = `${ask}X-Smuggled: 1\r\n\r\n`

test.each([
  ['CL.TE', `${post}Content-Length: ${5 + smuggled.length}\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n${smuggled}`],
  ['TE.CL', `${post}Transfer-Encoding: chunked\r\nContent-Length: 4\r\n\r\n5c\r\n${smuggled}\r\n0\r\n\r\n`],
  ['TE.TE', `${post}Transfer-Encoding: chunked\r\nTransfer-Encoding: identity\r\n\r\n0\r\n\r\n${smuggled}`],
  ['a coding after a tab', `${post}Transfer-Encoding:\tchunked\r\nContent-Length: 5\r\n\r\n0\r\n\r\n${smuggled}`],
  ['a coding with a vertical tab', `${post}Transfer-Encoding: \x0bchunked\r\n\r\n0\r\n\r\n${smuggled}`],
  ['two lengths in one header', `${post}Content-Length: 2, 40\r\n\r\n{}${smuggled}`],
  ['a length in hex', `${post}Content-Length: 0x2\r\n\r\n{}${smuggled}`],
  ['two hosts', `GET /api/v1/version HTTP/1.1\r\n${host}Host: other\r\n\r\n`],
  ['a folded coding', `${post}X-A: 1\r\n Transfer-Encoding: chunked\r\n\r\n${smuggled}`],
  ['bare LF between headers', `${post}X-A: 1\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n${smuggled}`],
  ['bare CR between headers', `${post}X-A: 1\rTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n${smuggled}`],
  ['bare LF in chunks', `${post}Transfer-Encoding: chunked\r\n\r\n2\n{}\n0\n\n${smuggled}`],
  ['the preface of HTTP/2', 'PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n\0\0\0\x04\0\0\0\0\0'],
  ['HTTP/0.9', `GET /api/v1/version\r\n\r\n`],
  ['HTTP/3.7', `GET /api/v1/version HTTP/3.7\r\n${host}\r\n`],
  ['a method that HTTP does not know', `STEAL /api/v1/events HTTP/1.1\r\n${host}\r\n`],
])('takes no second request out of %s', async (_, text) => {
  const { port, service, expectSound } = await attackedServer()
  const answer = await exchange(port, text)
  expect(answer.match(/HTTP\/1\.1 \d\d\d /g) ?? []).toHaveLength(answer === '' ? 0 : 1)
  expect(answer).not.toMatch(/HTTP\/1\.1 2\d\d /)
  expect(service.stats().submitted).toBe(0)
  await expectSound()
})

test.each([
  ['a path of 10 KB', `/${'a'.repeat(10_000)}`, 404],
  ['an id of 10 KB', `/api/v1/webhooks/${'a'.repeat(10_000)}`, 414],
  ['a query of 10 KB', `/api/v1/webhooks?cursor=${'a'.repeat(10_000)}`, 400],
  ['a thousand parameters', `/api/v1/webhooks?${'limit=1&'.repeat(1000)}`, 400],
  ['an encoded slash in an id', '/api/v1/webhooks/ep_a%2f..%2f..', 404],
  ['dots', '/api/v1/webhooks/..', 404],
  ['dots out of the files of the page', '/docs/../../package.json', 404],
  ['encoded dots out of the files of the page', '/docs/%2e%2e%2f%2e%2e%2fpackage.json', 404],
  ['a NUL in an id', '/api/v1/webhooks/ep_%00', 404],
  ['letters of other scripts in an id', '/api/v1/deliveries/%D0%B0%F0%9F%99%88', 404],
  ['an escape that is none', '/api/v1/webhooks/%zz', 400],
  ['an escape of no UTF-8', '/api/v1/webhooks/%ff%fe', 400],
  ['the name of a prototype', '/api/v1/webhooks/__proto__', 404],
  ['a name in a query that is a prototype', '/api/v1/webhooks?__proto__[limit]=1', 400],
  ['a whole URL', 'http://localhost/api/v1/nothing', 404],
  ['an asterisk', '*', 404],
])('refuses %s, and goes on', async (_, path, status) => {
  const { port, expectSound } = await attackedServer()
  const answer = await exchange(port, `GET ${path} HTTP/1.1\r\n${host}Connection: close\r\n\r\n`)
  expect(Number(answer.slice(9, 12))).toBe(status)
  expect(answer).toContain('"requestId"')
  await expectSound()
})

test.each([
  ['ten thousand headers', 'X-A: 1\r\n'.repeat(10_000)],
  ['headers that do not end', `X-A: ${'a'.repeat(1_000_000)}`],
])('refuses %s, and goes on', async (_, headers) => {
  const { port, expectSound } = await attackedServer()
  expect(await exchange(port, `${ask}${headers}\r\n`)).toMatch(/^$|^HTTP\/1\.1 431 /)
  await expectSound()
})

test('drops no header for there being many', async () => {
  const { port, expectSound } = await attackedServer()
  const many = 'X: 1\r\n'.repeat(3000)
  const answer = await exchange(port, `${ask}${many}X-Request-Id: the-last\r\nConnection: close\r\n\r\n`)
  expect(answer).toMatch(/^HTTP\/1\.1 200 [^]*x-request-id: the-last/)
  await expectSound()
})

test('answers a thousand requests in one piece, each once', async () => {
  const { port, expectSound } = await attackedServer()
  const answer = await exchange(port, `${ask}\r\n`.repeat(999), `${ask}Connection: close\r\n\r\n`)
  expect(answer.match(/HTTP\/1\.1 200 /g)).toHaveLength(1000)
  await expectSound()
})

test('lets one who waits for leave to send have it, and refuses any other expectation', async () => {
  const { port, open, expectSound } = await attackedServer()
  const sender = await open()
  sender.write(`${post}Content-Length: 2\r\nExpect: 100-continue\r\n\r\n`)
  expect(String(await once(sender, 'data'))).toMatch(/^HTTP\/1\.1 100 /)
  sender.write('{}')
  expect(String(await once(sender, 'data'))).toMatch(/^HTTP\/1\.1 400 /)
  expect(await exchange(port, `${ask}Expect: miracles\r\nConnection: close\r\n\r\n`)).toMatch(/^HTTP\/1\.1 417 /)
  await expectSound()
})

test('changes to no other protocol', async () => {
  const { port, expectSound } = await attackedServer()
  const upgrade = `${ask}Connection: Upgrade, close\r\nUpgrade: websocket\r\nSec-WebSocket-Key: x\r\n\r\n`
  expect(await exchange(port, upgrade)).not.toMatch(/^HTTP\/1\.1 101 /)
  expect(await exchange(port, `CONNECT localhost:22 HTTP/1.1\r\n${host}\r\n`)).not.toMatch(/ 2\d\d /)
  await expectSound()
})

test('speaks no TLS on its plain port, and ends who tries', async () => {
  const { port, expectSound } = await attackedServer()
  const client = connectTls({ port, host: '127.0.0.1', rejectUnauthorized: false })
  await once(client, 'error')
  client.destroy()
  await expectSound()
})
