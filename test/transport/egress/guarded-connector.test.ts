import type { Socket } from 'node:net'
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest'
import type { Lookup } from '../../../src/transport/egress/lookup.ts'
import type { Transport } from '../../../src/transport/transport.ts'
import { onEachRequest, startServer, type TestServer } from '../test-server.ts'
import { egressPolicy, makeTransport, post, send } from '../transport-harness.ts'

const blocked = {
  kind: 'failed',
  reason: 'egress_blocked',
  message: 'the egress policy forbids this address',
  reach: 'notSent',
}
/** Closes after each answer, so that each request needs a new connection. */
const once = 'HTTP/1.1 200 OK\r\nconnection: close\r\ncontent-length: 0\r\n\r\n'

let server: TestServer
let transport: Transport

beforeAll(async () => {
  server = await startServer((socket: Socket) => onEachRequest(socket, () => socket.end(once)))
})
afterAll(() => server.close())
afterEach(() => transport.close())

/** A resolver that gives one list of addresses after the other, and the last for ever. */
function resolver(...answers: string[][]) {
  const asked: string[] = []
  const lookup: Lookup = (hostname, _options, callback) => {
    const answer = answers[Math.min(asked.length, answers.length - 1)] ?? []
    asked.push(hostname)
    callback(
      null,
      answer.map((address) => ({ address })),
    )
  }
  return { asked, lookup }
}

describe('no connection is opened to a forbidden address', () => {
  const spellings = [
    '127.0.0.1',
    '127.1',
    '2130706433',
    '0x7f000001',
    '0177.0.0.1',
    '127.000.000.001',
    '127.0.0.1.',
    '１２７.0.0.1',
    '0.0.0.0',
    '0',
    'localhost',
    'LOCALHOST.',
    '[::1]',
    '[::]',
    '[::ffff:127.0.0.1]',
    '[0:0:0:0:0:ffff:7f00:1]',
    'name.test',
  ]
  it.each(['http', 'https'])('however it is spelled, over %s:', async (scheme) => {
    const { lookup } = resolver(['127.0.0.1'])
    transport = makeTransport({ egress: egressPolicy({ privateNetworks: 'deny' }), lookup })
    const before = server.accepted
    for (const host of spellings) {
      // As the engine writes it: through the URL parser.
      const { origin } = new URL(`${scheme}://${host}:${server.port}`)
      expect(await post(transport, origin, { endpointId: host })).toEqual(blocked)
    }
    expect(server.accepted).toBe(before)
  })

  it('that one of several answers of the resolver holds', async () => {
    const egress = egressPolicy({ privateNetworks: 'deny', allow: ['127.0.0.1'] })
    const many = [...Array.from({ length: 10 }, () => '127.0.0.1'), '10.0.0.1']
    transport = makeTransport({ egress, lookup: resolver(many).lookup })
    const before = server.accepted
    expect(await post(transport, `http://mixed.test:${server.port}`)).toEqual(blocked)
    expect(server.accepted).toBe(before)
  })

  it('that a name changes to, and each connection asks the resolver once', async () => {
    const egress = egressPolicy({ privateNetworks: 'deny', allow: ['127.0.0.1'] })
    const { asked, lookup } = resolver(['127.0.0.1'], ['127.0.0.2'])
    transport = makeTransport({ egress, lookup })
    const before = server.accepted
    const origin = `http://rebind.test:${server.port}`
    expect(await post(transport, origin)).toMatchObject({ kind: 'answered', status: 200 })
    expect(asked).toHaveLength(1)
    expect(await post(transport, origin)).toEqual(blocked)
    expect(asked).toHaveLength(2)
    expect(server.accepted).toBe(before + 1)
  })

  it('that the resolver gives as something else than an address', async () => {
    transport = makeTransport({ lookup: resolver(['localhost']).lookup })
    expect(await post(transport, `http://odd.test:${server.port}`)).toEqual(blocked)
  })

  it('nor over plain http: where only https: is permitted', async () => {
    transport = makeTransport({ egress: egressPolicy({ httpsOnly: true }) })
    const before = server.accepted
    expect(await post(transport, server.origin)).toEqual(blocked)
    expect(server.accepted).toBe(before)
  })
})

it('tries the next address when one refuses', async () => {
  transport = makeTransport({ lookup: resolver(['127.0.0.2', '127.0.0.1']).lookup })
  expect(await post(transport, `http://two.test:${server.port}`)).toMatchObject({ kind: 'answered' })
})

it('tries at most six addresses of a name', async () => {
  const refusing = Array.from({ length: 6 }, (_, n) => `127.0.0.${n + 2}`)
  transport = makeTransport({ lookup: resolver([...refusing, '127.0.0.1']).lookup })
  const before = server.accepted
  expect(await post(transport, `http://many.test:${server.port}`)).toMatchObject({ reason: 'connect' })
  expect(server.accepted).toBe(before)
})

it('writes nothing to a peer that turns out to be another than was judged', async () => {
  let judged = 0
  // It stands for a system that connects elsewhere than it was told to.
  const egress = { ...egressPolicy({}), permits: () => judged++ === 0 }
  let bytes = 0
  const peer = await startServer((socket) => socket.on('data', (data) => (bytes += data.length)))
  transport = makeTransport({ egress })
  expect(await post(transport, peer.origin)).toEqual(blocked)
  expect([judged, bytes]).toEqual([2, 0])
  await peer.close()
})

describe('a lookup under way is given up', () => {
  it.each(['timeout', 'aborted'] as const)('with its request: %s', async (reason) => {
    const signals: AbortSignal[] = []
    transport = makeTransport({ lookup: (_hostname, { signal }) => signals.push(signal) })
    const { inFlight, result } = send(transport, 'http://slow.test')
    expect(signals.map(({ aborted }) => aborted)).toEqual([false])
    inFlight.abort(reason)
    expect(await result).toMatchObject({ kind: 'failed', reason, reach: 'notSent' })
    expect(signals.map(({ aborted }) => aborted)).toEqual([true])
  })

  it('with the transport', async () => {
    const signals: AbortSignal[] = []
    transport = makeTransport({ lookup: (_hostname, { signal }) => signals.push(signal) })
    const { result } = send(transport, 'http://slow.test')
    await transport.close()
    expect(await result).toMatchObject({ reason: 'aborted', reach: 'notSent' })
    expect(signals.map(({ aborted }) => aborted)).toEqual([true])
  })
})
