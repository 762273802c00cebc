import { createSecureContext } from 'node:tls'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { systemClock } from '../../src/clock/system-clock.ts'
import { TlsSessions } from '../../src/transport/egress/tls-sessions.ts'
import { EndpointConnections, type SharedParts } from '../../src/transport/endpoint-connections.ts'
import { IdleConnections } from '../../src/transport/idle-connections.ts'
import { OpenBodies } from '../../src/transport/open-bodies.ts'
import { OpenSockets } from '../../src/transport/open-sockets.ts'
import { onEachRequest, startServer, type TestServer } from './test-server.ts'
import { egressPolicy } from './transport-harness.ts'

let server: TestServer

beforeAll(async () => {
  server = await startServer((socket) =>
    onEachRequest(socket, (head) => {
      if (head.startsWith('POST /cut')) socket.destroy()
      // A second of patience, once undici has taken its margin of two off.
      else socket.write('HTTP/1.1 200 OK\r\nkeep-alive: timeout=3\r\ncontent-length: 0\r\n\r\n')
    }),
  )
})
afterAll(() => server.close())

it.each([
  ['its idle socket has had its time', '/'],
  ['its request failed', '/cut'],
])('an endpoint leaves no connection behind when %s', async (_when, path) => {
  const sockets = new OpenSockets()
  const shared: SharedParts = {
    egress: egressPolicy({}),
    clock: systemClock,
    lookup: (_hostname, _options, callback) => callback(null, []),
    sockets,
    tlsSessions: new TlsSessions(1),
    secureContext: () => createSecureContext(),
    idle: new IdleConnections(10),
    bodies: new OpenBodies(systemClock, 1_000),
    limits: { snippetBytes: 10, bodyBytes: 10 },
    quietMs: 0,
  }
  const emptied = await new Promise<EndpointConnections>((resolve) => {
    const owner = { empty: resolve, isUnruly: () => false, setUnruly: () => undefined }
    const connections = new EndpointConnections('ep_1', server.origin, owner, shared)
    const request = { endpointId: 'ep_1', origin: server.origin, path, headers: [], body: '', connections: 1 }
    connections.send(request, { answered: () => undefined })
  })
  expect(emptied.endpointId).toBe('ep_1')
  await sockets.none()
  expect(sockets.count).toBe(0)
})
