import { once } from 'node:events'
import { gzipSync } from 'node:zlib'
import { expect, test } from 'vitest'
import { exchange } from '../start-server.ts'
import { attackedServer } from './attacked-server.ts'

const head = 'POST /api/v1/events HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\n'
const eventOf = (bytes: string): Buffer => Buffer.from(`{"eventType":"a","payload":"${bytes}"}`, 'latin1')
const depth = 1_000_000

test('takes a payload of a thousand levels, shows it, delivers it, and goes on', async () => {
  const { receiver, url, endpointId, post, expectSound } = await attackedServer()
  const payload = `${'['.repeat(1000)}${']'.repeat(1000)}`
  const answer = await post('/events', `{"eventType":"deep","endpointId":"${endpointId}","payload":${payload}}`)
  expect(answer.status).toBe(202)
  const [request] = await receiver.waitFor(1)
  expect(request?.body.toString() === payload).toBe(true)
  const { events } = (await answer.json()) as { readonly events: readonly { readonly eventId: string }[] }
  const shown = await fetch(`${url}/api/v1/deliveries/${events[0]?.eventId}`)
  expect([shown.status, (await shown.text()).includes(payload)]).toEqual([200, true])
  await expectSound()
})

test.each([
  ['a payload of a million levels', '/events', `{"eventType":"a","payload":${'['.repeat(depth)}${']'.repeat(depth)}}`],
  ['a million levels', '/events', `${'{"a":'.repeat(depth)}1${'}'.repeat(depth)}`],
  ['a million levels that never end', '/events', '['.repeat(depth)],
  ['a million events', '/events', `[${'{},'.repeat(depth)}{}]`],
  ['a million numbers', '/events', `[${'0,'.repeat(depth)}0]`],
  ['a million members', '/webhooks', `{${Array.from({ length: depth }, (_, at) => `"a${at}":1`).join(',')}}`],
  ['a million levels in a member', '/webhooks', `{"url":${'['.repeat(depth)}${']'.repeat(depth)}}`],
  ['a million lines and no JSON', '/events', `${'\n'.repeat(depth)}oops`],
  ['bytes that are no UTF-8', '/events', eventOf('\xc0\x80')],
  ['half a surrogate pair in UTF-8', '/events', eventOf('\xed\xa0\x80')],
  ['a byte order mark', '/events', '\ufeff{}'],
  ['UTF-16', '/events', Buffer.from('{}', 'utf16le')],
])('refuses %s, shortly, and goes on', { timeout: 30_000 }, async (_, path, body) => {
  const { post, expectSound } = await attackedServer()
  const answer = await post(path, body)
  // A webhook has no million of anything: what is that long is not even read.
  expect(answer.status).toBe(path === '/webhooks' ? 413 : 400)
  expect((await answer.text()).length).toBeLessThan(100_000)
  await expectSound()
})

test('delivers a lone surrogate as it was escaped', async () => {
  const { receiver, endpointId, post, expectSound } = await attackedServer()
  const answer = await post('/events', `{"eventType":"a","endpointId":"${endpointId}","payload":"\\ud800"}`)
  expect(answer.status).toBe(202)
  const [request] = await receiver.waitFor(1)
  expect(request?.body.toString()).toBe('"\\ud800"')
  await expectSound()
})

test('unpacks nothing', async () => {
  const { post, expectSound } = await attackedServer()
  const bomb = gzipSync(Buffer.alloc(10_000_000, ' '))
  for (const coding of ['gzip', 'deflate', 'br', 'zstd', 'identity, gzip', 'x']) {
    expect([coding, (await post('/events', bomb, { 'content-encoding': coding })).status]).toEqual([coding, 415])
  }
  await expectSound()
})

test('holds a body that comes byte by byte in little more than its length', { timeout: 30_000 }, async () => {
  const { open, expectSound } = await attackedServer()
  const sender = await open()
  sender.write(`${head}Transfer-Encoding: chunked\r\n\r\n`)
  const before = process.memoryUsage().heapUsed
  const answered = once(sender, 'data') as Promise<[Buffer]>
  let isAnswered = false
  void answered.then(() => (isAnswered = true))
  const pieces = '1\r\n \r\n'.repeat(10_000)
  for (let sent = 0; sent < 100; sent += 1) if (!sender.write(pieces)) await once(sender, 'drain')
  sender.write('1\r\nx\r\n0\r\n\r\n')
  let most = 0
  while (!isAnswered) {
    most = Math.max(most, process.memoryUsage().heapUsed - before)
    await new Promise(setImmediate)
  }
  expect(most).toBeLessThan(60_000_000)
  const [answer] = await answered
  expect(answer.toString()).toMatch(/^HTTP\/1\.1 400 /)
  await expectSound()
})

test('counts what has come of a body, not what its sender says will come', async () => {
  const limits = { bodyBytes: 1_000_000, bodiesBytes: 1_000_000 }
  const { open, expectSound } = await attackedServer({ limits })
  for (let count = 0; count < 20; count += 1) {
    const liar = await open()
    liar.write(`${head}Content-Length: 1000000\r\nExpect: 100-continue\r\n\r\n`)
    await once(liar, 'data') // 100 Continue: it has been let in, and never goes on
  }
  await expectSound()
})

test.each([
  ['less than it says', 'Content-Length: 1000\r\n\r\n{"eventType":"a"}'],
  ['more than it says', 'Content-Length: 2\r\n\r\n{}{"eventType":"a","payload":1}'],
  ['chunks without an end', 'Transfer-Encoding: chunked\r\n\r\n5\r\n{"a":\r\n'],
  ['a chunk shorter than it says', 'Transfer-Encoding: chunked\r\n\r\nff\r\n{}\r\n0\r\n\r\n'],
  ['a chunk longer than it says', 'Transfer-Encoding: chunked\r\n\r\n1\r\n{}\r\n0\r\n\r\n'],
  ['a chunk of 2^64 bytes', 'Transfer-Encoding: chunked\r\n\r\n10000000000000000\r\n{}'],
  ['a long extension of a chunk', `Transfer-Encoding: chunked\r\n\r\n1;${'a'.repeat(20_000)}\r\n1\r\n0\r\n\r\n`],
])('cuts off a body with %s, takes nothing of it, and goes on', async (_, rest) => {
  const limits = { headersTimeoutMs: 100, requestTimeoutMs: 200 }
  const { service, port, expectSound } = await attackedServer({ limits })
  const answer = await exchange(port, `${head}${rest}`)
  expect(answer).toMatch(/^$|^HTTP\/1\.1 4\d\d /)
  expect(answer).not.toMatch(/HTTP\/1\.1 2\d\d /)
  expect(service.stats().submitted).toBe(0)
  await expectSound()
})
