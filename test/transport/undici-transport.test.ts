import type { Socket } from 'node:net'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import type { Transport } from '../../src/transport/transport.ts'
import type { UndiciTransportOptions } from '../../src/transport/undici-transport.ts'
import { closeOf, onEachRequest, startServer, type TestServer } from './test-server.ts'
import { makeTransport, post, send } from './transport-harness.ts'

const ok = 'HTTP/1.1 200 OK\r\ncontent-length: 2\r\n\r\nok'

let transport: Transport
let servers: TestServer[]

beforeEach(() => {
  servers = []
  transport = makeTransport()
})

afterEach(async () => {
  await transport.close()
  await Promise.all(servers.map((server) => server.close()))
})

async function serve(onConnection: (socket: Socket) => void): Promise<TestServer> {
  const server = await startServer(onConnection)
  servers.push(server)
  return server
}

/** A server that writes `text` for every request. */
function answering(text: string): Promise<TestServer> {
  return serve((socket) => onEachRequest(socket, () => socket.write(text)))
}

async function remake(options: Partial<UndiciTransportOptions>): Promise<void> {
  await transport.close()
  transport = makeTransport(options)
}

describe('an answer', () => {
  it('is its status, its Retry-After and the beginning of its body', async () => {
    const server = await answering('HTTP/1.1 503 Busy\r\nretry-AFTER: 7\r\ncontent-length: 4\r\n\r\nbusy')
    expect(await post(transport, server.origin)).toEqual({
      kind: 'answered',
      status: 503,
      retryAfter: '7',
      snippet: 'busy',
    })
  })

  it('has neither where the endpoint sent neither', async () => {
    const server = await answering('HTTP/1.1 204 No Content\r\n\r\n')
    expect(await post(transport, server.origin)).toEqual({
      kind: 'answered',
      status: 204,
      retryAfter: null,
      snippet: null,
    })
  })

  it('is given to a request that carried the headers and the body as they were', async () => {
    const requests: string[] = []
    const server = await serve((socket) =>
      onEachRequest(socket, (head, body) => {
        requests.push(head, Buffer.from(body, 'latin1').toString('utf8'))
        socket.write(ok)
      }),
    )
    await post(transport, server.origin, { path: '/a?b=c', headers: ['X-Signature', 'f00'], body: '{"é":"日"}' })
    const [head, body] = requests
    expect(head).toMatch(/^POST \/a\?b=c HTTP\/1\.1\r\n/)
    expect(head).toContain('\r\nX-Signature: f00\r\n')
    expect(body).toBe('{"é":"日"}')
  })

  it('comes over the same connection as the one before', async () => {
    const server = await answering(ok)
    for (let n = 0; n < 5; n++) await post(transport, server.origin)
    expect(server.accepted).toBe(1)
  })

  it('is not one of the informational answers before it', async () => {
    const server = await answering(`HTTP/1.1 103 Early Hints\r\nlink: </a>\r\n\r\nHTTP/1.1 102 Processing\r\n\r\n${ok}`)
    expect(await post(transport, server.origin)).toMatchObject({ kind: 'answered', status: 200 })
  })

  it('never reaches the receiver from inside send', async () => {
    const server = await answering(ok)
    const bad = send(transport, server.origin, { headers: ['bad name', 'x'] })
    expect(bad.calls).toBe(0)
    expect(await bad.result).toMatchObject({ reason: 'invalid_request', reach: 'notSent' })
  })

  it('may be followed by the next request from inside the receiver', async () => {
    const server = await answering(ok)
    const request = { endpointId: 'ep_1', origin: server.origin, path: '/', headers: [], body: '', connections: 1 }
    let left = 20
    await new Promise<void>((resolve) => {
      const answered = (): void => {
        if (left-- === 0) resolve()
        else transport.send(request, { answered })
      }
      answered()
    })
    expect(server.accepted).toBe(1)
  })
})

describe('a body', () => {
  it('is kept up to snippetBytes, without a character cut in two, and the connection kept', async () => {
    await remake({ snippetBytes: 4 })
    const cut = await serve((socket) =>
      onEachRequest(socket, () => socket.write(Buffer.from('HTTP/1.1 200 OK\r\ncontent-length: 6\r\n\r\nabc\u00e9d'))),
    )
    expect(await post(transport, cut.origin)).toMatchObject({ snippet: 'abc' })
    await post(transport, cut.origin)
    expect(cut.accepted).toBe(1)
  })

  it('that is not UTF-8 is kept with replacement characters', async () => {
    const bytes = Buffer.concat([
      Buffer.from('HTTP/1.1 200 OK\r\ncontent-length: 3\r\n\r\na'),
      Buffer.from([0xff, 0x62]),
    ])
    const server = await serve((socket) => onEachRequest(socket, () => socket.write(bytes)))
    expect(await post(transport, server.origin)).toMatchObject({ snippet: 'a\ufffdb' })
  })

  it('without end is read to bodyBytes and its connection destroyed; the status counts', async () => {
    const junk = Buffer.alloc(65_536, 'x')
    let writtenBytes = 0
    const closed: Promise<unknown>[] = []
    const server = await serve((socket) => {
      closed.push(closeOf(socket))
      onEachRequest(socket, () => {
        socket.write('HTTP/1.1 200 OK\r\ncontent-type: text/plain\r\n\r\n')
        const pump = (): void => {
          while (!socket.destroyed && socket.write(junk)) writtenBytes += junk.length
        }
        socket.on('drain', pump)
        pump()
      })
    })
    const result = await post(transport, server.origin)
    expect(result).toMatchObject({ kind: 'answered', status: 200, snippet: 'x'.repeat(1_024) })
    await Promise.all(closed)
    expect(writtenBytes).toBeLessThan(64 * 1_024 * 1_024)
  })

  it.each([
    ['stalls', ''],
    ['drips', 'x'],
  ])('that %s is given bodyMs; the status counts and the connection is destroyed', async (_how, drip) => {
    await remake({ bodyMs: 60 })
    const closed: Promise<unknown>[] = []
    const server = await serve((socket) => {
      closed.push(closeOf(socket))
      onEachRequest(socket, () => {
        socket.write('HTTP/1.1 500 X\r\ncontent-length: 100000\r\n\r\nsome')
        const timer = setInterval(() => socket.write(drip), 5)
        socket.on('close', () => clearInterval(timer))
      })
    })
    const sent = send(transport, server.origin)
    const result = await sent.result
    expect(result).toMatchObject({ kind: 'answered', status: 500 })
    expect(result).toHaveProperty('snippet', expect.stringMatching(/^some/))
    await Promise.all(closed)
    expect(sent.calls).toBe(1)
  })

  it('that ends too early changes nothing: the status counts', async () => {
    const server = await serve((socket) =>
      onEachRequest(socket, () => socket.end('HTTP/1.1 200 OK\r\ncontent-length: 10\r\n\r\nabc')),
    )
    expect(await post(transport, server.origin)).toMatchObject({ kind: 'answered', status: 200, snippet: 'abc' })
  })
})

describe('giving up', () => {
  it('ends a flood of informational answers', async () => {
    const server = await serve((socket) =>
      onEachRequest(socket, () => {
        const timer = setInterval(() => socket.write('HTTP/1.1 102 Processing\r\n\r\n'), 1)
        socket.on('close', () => clearInterval(timer))
        socket.write('HTTP/1.1 102 Processing\r\n\r\n', () => flooded())
      }),
    )
    let flooded: () => void = () => undefined
    const flooding = new Promise<void>((resolve) => {
      flooded = resolve
    })
    const sent = send(transport, server.origin)
    await flooding
    sent.inFlight.abort('timeout')
    sent.inFlight.abort('aborted')
    expect(await sent.result).toEqual({
      kind: 'failed',
      reason: 'timeout',
      message: 'no answer in time',
      reach: 'unknown',
    })
    expect(sent.calls).toBe(1)
    await vi.waitFor(() => expect(server.open).toBe(0))
  })

  it('before the connection stands says that nothing was sent, and the late connection changes nothing', async () => {
    let answerLookup: () => void = () => undefined
    await remake({
      lookup: (_hostname, _options, callback) => {
        answerLookup = () => callback(null, [{ address: '127.0.0.1' }])
      },
    })
    const server = await answering(ok)
    const sent = send(transport, `http://slow.test:${server.port}`)
    sent.inFlight.abort('timeout')
    expect(await sent.result).toMatchObject({ reason: 'timeout', reach: 'notSent', message: 'no connection in time' })
    answerLookup()
    expect(sent.calls).toBe(1)
    expect(await post(transport, server.origin, { endpointId: 'ep_2' })).toMatchObject({ kind: 'answered' })
    expect(server.accepted).toBe(1)
  })

  it('during the TLS handshake destroys the half-open socket', async () => {
    let greet: (socket: Socket) => void = () => undefined
    const greeted = new Promise<Socket>((resolve) => {
      greet = resolve
    })
    const server = await serve((socket) => socket.once('data', () => greet(socket)))
    const sent = send(transport, server.origin.replace('http:', 'https:'))
    const socket = await greeted
    const closed = closeOf(socket)
    sent.inFlight.abort('aborted')
    expect(await sent.result).toMatchObject({ reason: 'aborted', reach: 'notSent' })
    await closed
  })
})

describe('a failure', () => {
  it.each([
    ['closes without an answer', (socket: Socket) => socket.end(), 'reset'],
    ['resets', (socket: Socket) => socket.resetAndDestroy(), 'reset'],
    ['speaks SSH', (socket: Socket) => socket.write('SSH-2.0-OpenSSH_9.6 secret-banner\r\n'), 'protocol'],
    ['speaks HTTP/0.9', (socket: Socket) => socket.end('<html>intranet</html>'), 'protocol'],
    ['sends 100 Continue', (socket: Socket) => socket.write(`HTTP/1.1 100 Continue\r\n\r\n${ok}`), 'protocol'],
    [
      'switches protocols',
      (socket: Socket) => socket.write('HTTP/1.1 101 S\r\nupgrade: x\r\nconnection: upgrade\r\n\r\n'),
      'protocol',
    ],
    [
      'sends endless headers',
      (socket: Socket) => socket.write(`HTTP/1.1 200 OK\r\nx: ${'y'.repeat(20_000)}\r\n\r\n`),
      'protocol',
    ],
  ])('is what an endpoint that %s gets, and it may have had the request', async (_what, misbehave, reason) => {
    const server = await serve((socket) => onEachRequest(socket, () => misbehave(socket)))
    const result = await post(transport, server.origin)
    expect(result).toMatchObject({ kind: 'failed', reason, reach: 'unknown' })
    expect(JSON.stringify(result)).not.toMatch(/secret|intranet|127\.0\.0\.1/)
    await vi.waitFor(() => expect(server.open).toBe(0))
  })

  it('is a refused connection, with nothing sent', async () => {
    const server = await startServer(() => undefined)
    await server.close()
    const message = 'connection refused'
    const refused = { kind: 'failed', reason: 'connect', message, reach: 'notSent' }
    expect(await post(transport, server.origin)).toEqual(refused)
  })

  it('is a name without an address', async () => {
    await remake({ lookup: (_hostname, _options, callback) => callback(null, []) })
    expect(await post(transport, 'http://nowhere.test')).toMatchObject({ reason: 'dns', reach: 'notSent' })
  })

  it('leaves nothing behind that could touch the next request', async () => {
    let requests = 0
    const server = await serve((socket) =>
      onEachRequest(socket, () => (++requests % 2 === 1 ? socket.destroy() : socket.write(ok))),
    )
    for (let n = 0; n < 4; n++) {
      expect(await post(transport, server.origin)).toMatchObject({ kind: 'failed', reason: 'reset' })
      expect(await post(transport, server.origin)).toMatchObject({ kind: 'answered', status: 200 })
    }
  })

  it.each([
    ['a header name', { headers: ['a b', 'c'] }],
    ['a header value', { headers: ['a', 'b\r\nc: d'] }],
    ['a path', { path: '/a b' }],
    ['an origin', { origin: 'nonsense' }],
  ])('is a request with %s that cannot be written', async (_what, request) => {
    const result = await post(transport, 'http://127.0.0.1:9', request)
    expect(result).toMatchObject({ reason: 'invalid_request', reach: 'notSent' })
    expect(JSON.stringify(result)).not.toContain('c: d')
  })
})

describe('connections', () => {
  it('number as many as there are requests at once, and are used again', async () => {
    const server = await answering(ok)
    for (let round = 0; round < 3; round++) {
      await Promise.all(Array.from({ length: 4 }, () => post(transport, server.origin, { connections: 4 })))
    }
    expect(server.accepted).toBe(4)
  })

  it('are closed, the longest idle first, beyond idleConnections', async () => {
    await remake({ idleConnections: 2 })
    const server = await answering(ok)
    for (let n = 0; n < 6; n++) await post(transport, server.origin, { endpointId: `ep_${n}` })
    await vi.waitFor(() => expect(server.open).toBe(2))
    await post(transport, server.origin, { endpointId: 'ep_5' })
    expect(server.accepted).toBe(6)
  })

  it.each(['', 'keep-alive: timeout=600\r\n'])(
    'are closed after four idle seconds, though %j was announced',
    async (header) => {
      const server = await answering(`HTTP/1.1 200 OK\r\n${header}content-length: 0\r\n\r\n`)
      await post(transport, server.origin)
      await vi.waitFor(() => expect(server.open).toBe(0), { timeout: 8_000 })
    },
  )

  it('are closed by release when idle, and when their request is over otherwise', async () => {
    const held: Socket[] = []
    const server = await serve((socket) =>
      onEachRequest(socket, (head) => (head.startsWith('POST /hold') ? held.push(socket) : socket.write(ok))),
    )
    await post(transport, server.origin)
    transport.release('ep_1')
    await vi.waitFor(() => expect(server.open).toBe(0))

    const sent = send(transport, server.origin, { path: '/hold' })
    await vi.waitFor(() => expect(held).toHaveLength(1))
    transport.release('ep_1')
    held[0]?.write(ok)
    expect(await sent.result).toMatchObject({ kind: 'answered', status: 200 })
    await vi.waitFor(() => expect(server.open).toBe(0))
  })

  it('go with the old origin when the endpoint moves', async () => {
    const old = await answering(ok)
    const young = await answering(ok)
    await post(transport, old.origin)
    await post(transport, young.origin)
    await vi.waitFor(() => expect(old.open).toBe(0))
    expect(young.accepted).toBe(1)
  })

  it('are all gone after close; what was under way is given up, and nothing more goes out', async () => {
    const server = await serve((socket) =>
      onEachRequest(socket, (head) => (head.startsWith('POST /hold') ? undefined : socket.write(ok))),
    )
    await post(transport, server.origin, { endpointId: 'ep_idle' })
    const busy = send(transport, server.origin, { endpointId: 'ep_busy', path: '/hold' })
    transport.release('ep_busy')
    const connecting = send(transport, server.origin, { endpointId: 'ep_connecting' })
    await vi.waitFor(() => expect(server.accepted).toBeGreaterThanOrEqual(2))
    await transport.close()
    expect(await busy.result).toMatchObject({ reason: 'aborted' })
    expect(await connecting.result).toMatchObject({ kind: expect.any(String) })
    await vi.waitFor(() => expect(server.open).toBe(0))
    expect(await post(transport, server.origin)).toMatchObject({ reason: 'aborted', reach: 'notSent' })
  })
})
