import { createServer } from 'node:net'
import { once } from 'node:events'
import { expect, onTestFinished, test } from 'vitest'
import { attackedServer } from './attacked-server.ts'

/** A port of this machine, and how often anyone has connected to it. */
async function trap(): Promise<{ readonly port: number; readonly connections: () => number }> {
  let connections = 0
  const server = createServer((socket) => {
    connections += 1
    socket.destroy()
  })
  server.listen(0)
  await once(server, 'listening')
  onTestFinished(() => void server.close())
  const address = server.address()
  return { port: typeof address === 'object' && address !== null ? address.port : 0, connections: () => connections }
}

test('never connects to a private address that a webhook names, however it is written', async () => {
  const { port, connections } = await trap()
  const egress = { privateNetworks: 'deny', httpsOnly: false } as const
  const { post, service, faults } = await attackedServer({}, { egress, retry: { maxAttempts: 1 } })
  const hosts = [
    '127.0.0.1',
    'localhost',
    '[::1]',
    '0.0.0.0',
    '[::]',
    '2130706433',
    '0x7f000001',
    '0177.0.0.1',
    '127.1',
    '[::ffff:127.0.0.1]',
    '[::ffff:7f00:1]',
    '127.0.0.1.',
    'LOCALHOST',
    'localhost.',
    '%31%32%37.0.0.1',
    '１２７.0.0.1',
  ]
  for (const host of hosts) {
    const made = await post('/webhooks', JSON.stringify({ url: `http://${host}:${port}/` }))
    if (made.status === 400) continue
    expect([host, made.status]).toEqual([host, 201])
    const { id } = (await made.json()) as { readonly id: string }
    const tried = await post(`/webhooks/${id}/test`, '{}')
    const { events } = (await tried.json()) as { readonly events: readonly { readonly eventId: string }[] }
    const eventId = events[0]?.eventId ?? ''
    while (!['failed', 'deadLettered'].includes(service.getEventStatus(eventId).status)) await new Promise(setImmediate)
  }
  expect(connections()).toBe(0)
  expect(faults).toEqual([])
})

test.each([
  'file:///etc/passwd',
  'gopher://a/',
  'http://user:password@a.example/',
  'javascript:1',
  '//a',
  'http://',
  'http://a b/',
])('refuses a webhook at %s', async (url) => {
  const { post, expectSound } = await attackedServer()
  expect((await post('/webhooks', JSON.stringify({ url }))).status).toBe(400)
  await expectSound()
})

test('refuses what would put a header of its own into deliveries', async () => {
  const { post, expectSound } = await attackedServer()
  for (const headers of [
    { 'X-A': 'b\r\nX-C: d' },
    { 'X-A\r\nX-C': 'd' },
    { Host: 'a' },
    { 'Content-Length': '1' },
    { 'Transfer-Encoding': 'chunked' },
  ]) {
    const answer = await post('/webhooks', JSON.stringify({ url: 'http://127.0.0.1:9/', headers }))
    expect([headers, answer.status]).toEqual([headers, 400])
  }
  await expectSound()
})

test('lets one idempotency key stand for one submission, however often and in how many ways it comes', async () => {
  const { post, receiver, endpointId, expectSound } = await attackedServer()
  const submit = (payload: unknown, key: string) =>
    post('/events', JSON.stringify({ eventType: 'a', endpointId, payload }), { 'idempotency-key': key })
  const answers = await Promise.all(Array.from({ length: 50 }, () => submit(1, 'one')))
  const ids = await Promise.all(answers.map((answer) => answer.text()))
  expect(new Set(ids).size).toBe(1)
  expect((await submit(2, 'one')).status).toBe(409)
  for (const key of ['', ' ', 'a b', 'ä'.repeat(3), 'a'.repeat(201)])
    expect([key, (await submit(1, key)).status]).toEqual([key, 400])
  await receiver.waitFor(1)
  expect(receiver.received).toBe(1)
  await expectSound()
})
