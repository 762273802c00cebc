import type { Socket } from 'node:net'
import { gzipSync } from 'node:zlib'
import { afterAll, afterEach, describe, expect, it } from 'vitest'
import { closeOf, onEachRequest, startServer, type TestServer } from '../test-server.ts'
import { makeTransport, post } from '../transport-harness.ts'
import { watchClientSockets, type ClientSockets } from './client-sockets.ts'
import { endlessly, expectVerdict, mostBytesRead, ordeal, type Misbehaviour } from './ordeal.ts'

const ok = 'HTTP/1.1 200 OK\r\n'
const chunked = `${ok}transfer-encoding: chunked\r\n\r\n`
const megabyte = 1_024 * 1_024

/** Each of these would go on for as long as it is read. `ordeal` checks how much was read. */
const heads: [what: string, answer: Misbehaviour][] = [
  ['empty lines before the status line', endlessly('\r\n')],
  ['status text', endlessly('x', 'HTTP/1.1 200 ')],
  ['header name', endlessly('x', ok)],
  ['header value', endlessly('x', `${ok}a: `)],
  ['blanks before a header value', endlessly(' ', `${ok}a:`)],
  ['headers', endlessly('a: b\r\n', ok)],
  ['100 Continue', endlessly('HTTP/1.1 100 Continue\r\n\r\n')],
  ['102 Processing', endlessly('HTTP/1.1 102 Processing\r\n\r\n')],
  ['103 Early Hints', endlessly('HTTP/1.1 103 Early Hints\r\nlink: </a>\r\n\r\n')],
  ['NUL', endlessly('\0')],
  ['text', endlessly('all work and no play\r\n')],
  ['ten thousand headers', `${ok}${'name: value\r\n'.repeat(10_000)}\r\n`],
  ['ten thousand of the shortest headers', `${ok}${'a:\r\n'.repeat(10_000)}\r\n`],
  ['a header of 1 MiB', `${ok}a: ${'x'.repeat(megabyte)}\r\n\r\n`],
  ['a status text of 1 MiB', `HTTP/1.1 200 ${'x'.repeat(megabyte)}\r\ncontent-length: 0\r\n\r\n`],
]

const bodies: [what: string, answer: Misbehaviour][] = [
  ['body without a length', endlessly('x', `${ok}\r\n`)],
  ['body of a length nobody reads', endlessly('x', `${ok}content-length: 999999999999\r\n\r\n`)],
  ['chunks of a byte', endlessly('1\r\nx\r\n', chunked)],
  ['chunks with huge extensions', endlessly(`1;${'x'.repeat(30_000)}\r\nx\r\n`, chunked)],
  ['chunk extension', endlessly('x', `${chunked}1;`)],
  ['zeros of a chunk size', endlessly('0', chunked)],
  ['one huge chunk', endlessly('x', `${chunked}ffffffffffff\r\n`)],
  ['trailers', endlessly('a: b\r\n', `${chunked}0\r\n`)],
  ['value of a trailer', endlessly('x', `${chunked}0\r\na: `)],
  ['blanks in a trailer', endlessly(' ', `${chunked}0\r\na:`)],
  ['megabyte of trailers', `${chunked}0\r\n${'name: value\r\n'.repeat(90_000)}\r\n`],
  ['answers to nobody', endlessly(`${ok}content-length: 0\r\n\r\n`)],
]

describe.each(['http', 'https'] as const)('over %s', (scheme) => {
  it.each(heads)('an endless head is a failure: %s', async (_what, answer) => {
    expectVerdict((await ordeal(answer, { scheme })).result, 'protocol')
  })

  it.each(bodies)('after an endless body the status counts: %s', async (_what, answer) => {
    const { result, connections } = await ordeal(answer, { scheme })
    expectVerdict(result, 200)
    expect(connections).toBe(2)
  })

  it('a 204 with an endless body is a 204', async () => {
    const answer = endlessly('x', 'HTTP/1.1 204 No Content\r\ncontent-length: 99999999\r\n\r\n')
    expectVerdict((await ordeal(answer, { scheme })).result, 204)
  })
})

describe('a body', () => {
  it('that was compressed is never inflated', async () => {
    const bomb = gzipSync(Buffer.alloc(50 * megabyte))
    const head = `${ok}content-encoding: gzip\r\ncontent-length: ${bomb.length}\r\n\r\n`
    const { result } = await ordeal(Buffer.concat([Buffer.from(head), bomb]))
    // The magic number of gzip, as UTF-8.
    expect(result).toMatchObject({ status: 200, snippet: expect.stringContaining('\u001f\ufffd\u0008') as unknown })
  })

  it('may come in one packet with its head, however long it is', async () => {
    const { result } = await ordeal(`${ok}content-length: 200000\r\n\r\n${'x'.repeat(200_000)}`)
    expect(result).toMatchObject({ status: 200, snippet: 'x'.repeat(1_024) })
  })

  it('of 64 KiB less its head is read to its end, and the connection used again', async () => {
    const length = 65_000
    const { result, connections } = await ordeal(`${ok}content-length: ${length}\r\n\r\n${'x'.repeat(length)}`)
    expectVerdict(result, 200)
    expect(connections).toBe(1)
  })
})

it('headers of 16 KiB are the last that are taken, however the bytes of their lines are shared out', async () => {
  const answer = (bytes: number): string => `${ok}content-length: 0\r\na: ${'x'.repeat(bytes)}\r\n\r\n`
  expectVerdict((await ordeal(answer(16_000))).result, 200)
  expectVerdict((await ordeal(answer(16_384))).result, 'protocol')
  const lines = (count: number): string => `${ok}content-length: 0\r\n${'ab: c\r\n'.repeat(count)}\r\n`
  expectVerdict((await ordeal(lines(2_300))).result, 200)
  expectVerdict((await ordeal(lines(2_400))).result, 'protocol')
})

describe('a connection that is kept', () => {
  const transport = makeTransport()
  let server: TestServer
  let sockets: ClientSockets

  async function serve(onRequest: (socket: Socket) => void): Promise<void> {
    sockets = watchClientSockets()
    server = await startServer((socket) => onEachRequest(socket, () => onRequest(socket)))
  }

  afterEach(async () => {
    transport.release('ep_1')
    sockets.stop()
    await server.close()
  })
  afterAll(() => transport.close())

  it('counts the bytes of each answer from nothing', async () => {
    await serve((socket) => socket.write(`${ok}content-length: 60000\r\n\r\n${'x'.repeat(60_000)}`))
    for (let n = 0; n < 4; n++) expectVerdict(await post(transport, server.origin), 200)
    expect(server.accepted).toBe(1)
  })

  it('is closed when empty lines come that belong to no answer, and its endpoint gets new ones from then on', async () => {
    let closed: Promise<void> = Promise.resolve()
    await serve((socket) => {
      socket.write(`${ok}content-length: 0\r\n\r\n`)
      closed = closeOf(socket)
      setTimeout(() => endlessly('\r\n')(socket), 5)
    })
    expectVerdict(await post(transport, server.origin), 200)
    await closed
    expect(sockets.bytesRead).toBeLessThanOrEqual(mostBytesRead)
    for (let n = 0; n < 2; n++) expectVerdict(await post(transport, server.origin), 200)
    expect(server.accepted).toBe(3)
  })
})
