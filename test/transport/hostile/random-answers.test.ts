import type { Socket } from 'node:net'
import fc from 'fast-check'
import { afterAll, beforeAll, expect, it, vi } from 'vitest'
import { onEachRequest, startServer, type TestServer } from '../test-server.ts'
import { makeTransport, send } from '../transport-harness.ts'
import { watchClientSockets } from './client-sockets.ts'

/** What an endpoint does: it writes each piece some milliseconds after the one before, and ends in some way. */
interface Script {
  readonly pieces: readonly { readonly bytes: Buffer; readonly afterMs: number }[]
  readonly ending: 'none' | 'FIN' | 'RST'
}

const valid = [
  'HTTP/1.1 200 OK\r\ncontent-length: 5\r\n\r\nhello',
  'HTTP/1.1 503 Busy\r\nretry-after: 7\r\ntransfer-encoding: chunked\r\n\r\n4;a=b\r\nbusy\r\n0\r\nx: y\r\n\r\n',
  'HTTP/1.0 404 No\r\nconnection: close\r\n\r\nnothing here',
  'HTTP/1.1 103 Early Hints\r\nlink: </a>\r\n\r\nHTTP/1.1 204 None\r\n\r\n',
  'HTTP/1.1 410 Gone\r\nkeep-alive: timeout=5\r\ncontent-length: 0\r\n\r\n',
]

const bytes = fc.uint8Array({ minLength: 1, maxLength: 20 }).map((array) => Buffer.from(array))
const telling = fc.constantFrom(
  '\r',
  '\n',
  '\r\n\r\n',
  '\0',
  ' ',
  ':',
  ';',
  '-',
  '0',
  'HTTP/1.1 ',
  'ffffffffffff',
  '\t',
)

/** A valid answer with some bytes put in, taken out or cut off. */
const mutated = fc
  .record({
    answer: fc.array(fc.constantFrom(...valid), { minLength: 1, maxLength: 3 }).map((parts) => parts.join('')),
    changes: fc.array(
      fc.record({
        at: fc.double({ min: 0, max: 1, noNaN: true }),
        removed: fc.nat(6),
        added: fc.oneof(
          fc.constant(Buffer.alloc(0)),
          bytes,
          telling.map((text) => Buffer.from(text)),
        ),
      }),
      { maxLength: 4 },
    ),
    length: fc.oneof(fc.constant(1), fc.double({ min: 0, max: 1, noNaN: true })),
  })
  .map(({ answer, changes, length }) => {
    let whole = Buffer.from(answer)
    for (const { at, removed, added } of changes) {
      const place = Math.floor(at * whole.length)
      whole = Buffer.concat([whole.subarray(0, place), added, whole.subarray(place + removed)])
    }
    return whole.subarray(0, Math.ceil(length * whole.length))
  })

const scripts: fc.Arbitrary<Script> = fc
  .record({
    whole: fc.oneof({ weight: 5, arbitrary: mutated }, { weight: 1, arbitrary: bytes }),
    cuts: fc.array(fc.record({ at: fc.double({ min: 0, max: 1, noNaN: true }), afterMs: fc.nat(3) }), { maxLength: 4 }),
    ending: fc.constantFrom('none' as const, 'FIN' as const, 'RST' as const),
  })
  .map(({ whole, cuts, ending }) => {
    const sorted = [...cuts].sort((a, b) => a.at - b.at)
    const pieces = sorted.map(({ at, afterMs }, index) => ({
      bytes: whole.subarray(Math.floor((sorted[index - 1]?.at ?? 0) * whole.length), Math.floor(at * whole.length)),
      afterMs,
    }))
    return {
      pieces: [...pieces, { bytes: whole.subarray(Math.floor((sorted.at(-1)?.at ?? 0) * whole.length)), afterMs: 0 }],
      ending,
    }
  })

function play({ pieces, ending }: Script, socket: Socket, from = 0): void {
  const piece = pieces[from]
  if (socket.destroyed) return
  if (piece === undefined) {
    if (ending === 'FIN') socket.end()
    else if (ending === 'RST') socket.resetAndDestroy()
    return
  }
  const write = (): void => void socket.write(piece.bytes, () => play({ pieces, ending }, socket, from + 1))
  if (piece.afterMs === 0) write()
  else setTimeout(write, piece.afterMs)
}

let server: TestServer
let playing: readonly Script[] = []

beforeAll(async () => {
  server = await startServer((socket) =>
    onEachRequest(socket, (head) => {
      const script = playing[Number(/^POST \/(\d+)/.exec(head)?.[1])]
      if (script !== undefined) play(script, socket)
    }),
  )
})
afterAll(() => server.close())

it('whatever bytes come, there is one outcome in time, with no status but one that was sent, and no socket left', async () => {
  const sockets = watchClientSockets()
  const transport = makeTransport({ bodyMs: 40 })
  const oneOutcome = async (script: Script, index: number): Promise<void> => {
    const sent = send(transport, server.origin, { endpointId: `ep_${index}`, path: `/${index}` })
    const deadline = setTimeout(() => sent.inFlight.abort('timeout'), 80)
    const result = await sent.result
    clearTimeout(deadline)
    transport.release(`ep_${index}`)
    expect(sent.calls).toBe(1)
    if (result.kind === 'failed') {
      expect(['protocol', 'reset', 'timeout']).toContain(result.reason)
      expect(result.reach).toBe('unknown')
    } else {
      const wire = Buffer.concat(script.pieces.map((piece) => piece.bytes)).toString('latin1')
      expect(wire).toMatch(new RegExp(`HTTP/\\d\\.\\d ${result.status}`))
    }
  }
  await fc.assert(
    fc.asyncProperty(fc.array(scripts, { minLength: 20, maxLength: 20 }), async (batch) => {
      playing = batch
      await Promise.all(batch.map(oneOutcome))
    }),
    { numRuns: 25 },
  )
  await vi.waitFor(() => expect(sockets.open).toBe(0), { interval: 2 })
  await transport.close()
  await vi.waitFor(() => expect(server.open).toBe(0), { interval: 2 })
  sockets.stop()
})
