import type { Socket } from 'node:net'
import { describe, expect, it } from 'vitest'
import { expectVerdict, ordeal, type Verdict } from './ordeal.ts'

const ok = 'HTTP/1.1 200 OK\r\n'
const body = 'content-length: 10\r\n\r\n'

const phases: [when: string, sent: string, verdict: Verdict][] = [
  ['without a byte', '', 'reset'],
  ['in the status line', 'HTTP/1.1 2', 'reset'],
  ['after the status line', ok, 'reset'],
  ['in a header', `${ok}content-le`, 'reset'],
  ['after the headers', `${ok}${body}`, 200],
  ['in the body', `${ok}${body}abc`, 200],
  ['in a chunk', `${ok}transfer-encoding: chunked\r\n\r\n5\r\nab`, 200],
  ['in the trailers', `${ok}transfer-encoding: chunked\r\n\r\n0\r\na: b`, 200],
  ['after 103 Early Hints', 'HTTP/1.1 103 Early Hints\r\n\r\n', 'reset'],
]

const endings: [how: string, end: (socket: Socket, text: string) => void][] = [
  ['FIN', (socket, text) => socket.end(text)],
  ['FIN, a moment later', (socket, text) => socket.write(text, () => setTimeout(() => socket.end(), 2))],
]
const resets: typeof endings = [
  ['RST', (socket, text) => socket.write(text, () => setTimeout(() => socket.resetAndDestroy(), 2))],
]

describe.each([
  ['http', [...endings, ...resets]],
  ['https', endings],
] as const)('over %s', (scheme, ends) => {
  describe.each(ends)('%s', (_how, end) => {
    it.each(phases)('%s', async (_when, text, verdict) => {
      const { result } = await ordeal((socket) => end(socket, text), { scheme })
      expectVerdict(result, verdict)
    })
  })
})

it('a connection that ends before the request has been read may have brought it', async () => {
  const { result } = await ordeal((socket) => socket.resetAndDestroy(), { afterRequest: false })
  expectVerdict(result, 'reset')
})

it.each([0, 1, 2, 5])('a connection closed %i ms after each answer costs nothing but a new one', async (ms) => {
  const { result } = await ordeal((socket) => {
    socket.write(`${ok}content-length: 0\r\n\r\n`)
    setTimeout(() => socket.end(), ms)
  })
  expectVerdict(result, 200)
})

it('a body until the end of the connection is whole', async () => {
  const { result } = await ordeal((socket) => socket.end(`${ok}\r\nthe end`))
  expect(result).toMatchObject({ status: 200, snippet: 'the end' })
})
