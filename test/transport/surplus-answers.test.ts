import { afterEach, describe, expect, it } from 'vitest'
import type { Transport } from '../../src/transport/transport.ts'
import { startSchemeServer, trusting, type Scheme } from './hostile/scheme-server.ts'
import { closeOf, onEachRequest, type TestServer } from './test-server.ts'
import { makeTransport, post } from './transport-harness.ts'

const refused = 'HTTP/1.1 500 X\r\ncontent-length: 2\r\n\r\nno'
const surplus = 'HTTP/1.1 200 OK\r\ncontent-length: 2\r\n\r\nOK'
const requests = 200

let transport: Transport
const servers: TestServer[] = []

afterEach(async () => {
  await transport.close()
  await Promise.all(servers.splice(0).map((server) => server.close()))
})

/** Truly answers 500 to everyone; whoever posts to /twice gets a 200 as well, `delayMs` later. */
async function twoFaced(scheme: Scheme, delayMs: number): Promise<TestServer> {
  transport = makeTransport(trusting(scheme))
  const server = await startSchemeServer(scheme, (socket) => {
    const write = (text: string): unknown => socket.destroyed || socket.write(text)
    onEachRequest(socket, (head) => {
      const twice = head.startsWith('POST /twice')
      // The honest answer takes long enough for the surplus one before it to come first, and is written before its own.
      setTimeout(() => {
        write(twice && delayMs === 0 ? refused + surplus : refused)
        if (twice && delayMs > 0) setTimeout(() => write(surplus), delayMs)
      }, 2)
    })
  })
  servers.push(server)
  return server
}

/** Puts an answer that looks like its own into the body, and another behind it. */
async function smuggling(scheme: Scheme): Promise<TestServer> {
  transport = makeTransport(trusting(scheme))
  const chunk = `${surplus.length.toString(16)}\r\n${surplus}\r\n`
  const chunked = `HTTP/1.1 500 X\r\ntransfer-encoding: chunked\r\n\r\n${chunk}0\r\n\r\n`
  const server = await startSchemeServer(scheme, (socket) =>
    onEachRequest(socket, (head) => {
      socket.write(head.startsWith('POST /twice') ? `${chunked}${surplus}` : refused)
    }),
  )
  servers.push(server)
  return server
}

async function countAccepted(origin: string, endpointId: string, path: string): Promise<number> {
  let accepted = 0
  for (let n = 0; n < requests; n++) {
    const result = await post(transport, origin, { endpointId, path })
    if (result.kind === 'answered' && result.status === 200) accepted++
  }
  return accepted
}

describe.each(['http', 'https'] as const)('over %s', (scheme) => {
  describe.each([0, 1, 5])('an answer too many, %i ms late', (delayMs) => {
    it('is never taken for an answer to another endpoint at the same origin', async () => {
      const { origin } = await twoFaced(scheme, delayMs)
      const [, other] = await Promise.all([
        countAccepted(origin, 'ep_1', '/twice'),
        countAccepted(origin, 'ep_2', '/once'),
      ])
      expect(other).toBe(0)
    })

    it('never settles the next request of the endpoint itself, which from then on gets new connections', async () => {
      const server = await twoFaced(scheme, delayMs)
      expect(await countAccepted(server.origin, 'ep_1', '/twice')).toBe(0)
      expect(server.accepted).toBe(requests)
    })
  })

  it('an endpoint caught once is remembered when its connections are gone', async () => {
    const heads: string[] = []
    const closed: Promise<void>[] = []
    transport = makeTransport(trusting(scheme))
    const server = await startSchemeServer(scheme, (socket) => {
      closed.push(closeOf(socket))
      onEachRequest(socket, (head) => {
        heads.push(head)
        socket.write(refused + surplus)
      })
    })
    servers.push(server)
    for (let n = 0; n < 2; n++) {
      await post(transport, server.origin)
      await Promise.all(closed)
    }
    expect(heads.map((head) => /connection: (.*)/.exec(head)?.[1])).toEqual(['keep-alive', 'close'])
  })

  it('an answer smuggled into a body is part of the body', async () => {
    const { origin } = await smuggling(scheme)
    for (let n = 0; n < 20; n++) {
      const [one, other] = [
        post(transport, origin, { path: '/twice' }),
        post(transport, origin, { endpointId: 'ep_2' }),
      ]
      expect(await one).toMatchObject({ status: 500 })
      expect(await other).toMatchObject({ status: 500 })
    }
  })
})
