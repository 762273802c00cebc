import type { Socket } from 'node:net'
import { TLSSocket } from 'node:tls'
import { afterEach, describe, expect, it, vi } from 'vitest'
import type { Transport } from '../../../src/transport/transport.ts'
import { onEachRequest, type TestServer } from '../test-server.ts'
import { makeTransport, post } from '../transport-harness.ts'
import { watchClientSockets } from './client-sockets.ts'
import { startSchemeServer, trusting, type Scheme } from './scheme-server.ts'

const ok = 'HTTP/1.1 200 OK\r\ncontent-length: 0\r\n\r\n'
const once = 'HTTP/1.1 200 OK\r\nconnection: close\r\ncontent-length: 0\r\n\r\n'

let transport: Transport
let server: TestServer

async function start(scheme: Scheme, answer: string, seen: (socket: Socket) => void = () => undefined): Promise<void> {
  transport = makeTransport({ ...trusting(scheme), idleConnections: 100 })
  server = await startSchemeServer(scheme, (socket) => {
    seen(socket)
    onEachRequest(socket, () => socket.write(answer))
  })
}

afterEach(async () => {
  await transport.close()
  await server.close()
})

describe('two endpoints at one origin', () => {
  it.each(['http', 'https'] as const)('have connections of their own, over %s', async (scheme) => {
    await start(scheme, ok)
    for (let n = 0; n < 6; n++) await post(transport, server.origin, { endpointId: `ep_${n % 2}` })
    expect(server.accepted).toBe(2)
  })

  it('have TLS sessions of their own', async () => {
    const resumed: boolean[] = []
    await start('https', once, (socket) => resumed.push(socket instanceof TLSSocket && socket.isSessionReused()))
    for (const endpointId of ['ep_1', 'ep_1', 'ep_2', 'ep_2', 'ep_1']) {
      await post(transport, server.origin, { endpointId })
    }
    expect(resumed).toEqual([false, true, false, true, true])
  })
})

it.each(['http', 'https'] as const)(
  'two thousand endpoints used once leave nothing behind, over %s',
  async (scheme) => {
    const sockets = watchClientSockets()
    // A second of patience, once undici has taken its margin of two off.
    await start(scheme, 'HTTP/1.1 200 OK\r\nkeep-alive: timeout=3\r\ncontent-length: 0\r\n\r\n')
    const endpoints = scheme === 'http' ? 2_000 : 200
    for (let first = 0; first < endpoints; first += 50) {
      const batch = Array.from({ length: 50 }, (_, n) =>
        post(transport, server.origin, { endpointId: `ep_${first + n}` }),
      )
      for (const result of await Promise.all(batch)) expect(result).toMatchObject({ status: 200 })
      expect(sockets.open).toBeLessThanOrEqual(100)
    }
    await vi.waitFor(() => expect([sockets.open, server.open]).toEqual([0, 0]), { timeout: 5_000 })
    sockets.stop()
    // Of a transport's parts nothing is public: this is where it would remember them.
    expect(transport).toMatchObject({ endpoints: new Map(), released: new Set(), unruly: new Set() })
  },
)
