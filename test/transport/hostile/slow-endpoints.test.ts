import type { Socket } from 'node:net'
import { describe, expect, it } from 'vitest'
import { expectVerdict, ordeal, type Verdict } from './ordeal.ts'

const ok = 'HTTP/1.1 200 OK\r\n'
const answer = `${ok}content-length: 2\r\n\r\nok`
/** More than the kernel's buffers take. */
const longBody = JSON.stringify('x'.repeat(8 * 1_024 * 1_024))

/** Reads no more until all is over; what a paused socket does not read it also does not know to be closed. */
function stopReading(socket: Socket): Socket {
  setTimeout(() => socket.resume(), 400)
  return socket.pause()
}

/** Writes a text byte by byte, a millisecond apart, from `head` on, which comes at once. */
function dripping(head: string, rest: string): (socket: Socket) => void {
  return (socket) => {
    socket.write(head)
    let next = 0
    const timer = setInterval(() => {
      if (next === rest.length || socket.destroyed) clearInterval(timer)
      else socket.write(rest.charAt(next++))
    }, 1)
  }
}

describe('an answer that drips', () => {
  it.each<[part: string, head: string, rest: string, verdict: Verdict]>([
    ['but ends in time', '', answer, 200],
    ['in the status text', ok.slice(0, -2), 'x'.repeat(10_000), 'timeout'],
    ['in a header', `${ok}a: `, 'x'.repeat(10_000), 'timeout'],
    ['in empty lines', '', '\r\n'.repeat(10_000), 'timeout'],
    ['in informational answers', '', 'HTTP/1.1 103 Early Hints\r\n\r\n'.repeat(1_000), 'timeout'],
    ['in its body', `${ok}content-length: 99999\r\n\r\n`, 'x'.repeat(10_000), 200],
    ['in its trailers', `${ok}transfer-encoding: chunked\r\n\r\n0\r\n`, 'a: b\r\n'.repeat(1_000), 200],
  ])('%s', async (_part, head, rest, verdict) => {
    const { result } = await ordeal(dripping(head, rest), { deadlineMs: 250 })
    expectVerdict(result, verdict)
  })
})

describe('an endpoint that says nothing', () => {
  it.each(['http', 'https'] as const)('has as long as the request, over %s', async (scheme) => {
    expectVerdict((await ordeal('', { scheme, deadlineMs: 60 })).result, 'timeout')
  })

  it('may have a request that it reads no more of', async () => {
    const { result } = await ordeal(stopReading, {
      afterRequest: false,
      deadlineMs: 100,
      request: { body: longBody },
    })
    expectVerdict(result, 'timeout')
  })
})

describe('an answer that comes before the request has been read', () => {
  it.each([
    ['and the endpoint reads on', (socket: Socket) => socket.write(answer)],
    ['and the endpoint reads no more', (socket: Socket) => stopReading(socket).write(answer)],
    ['and the endpoint closes', (socket: Socket) => socket.end(answer)],
  ])('%s: it counts, and the next request goes out on a new connection', async (_how, answerAtOnce) => {
    const { result, connections } = await ordeal(answerAtOnce, { afterRequest: false, request: { body: longBody } })
    expectVerdict(result, 200)
    expect(connections).toBe(2)
  })
})
