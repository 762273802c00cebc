import type { Socket } from 'node:net'
import { TLSSocket } from 'node:tls'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import type { Transport } from '../../../src/transport/transport.ts'
import type { UndiciTransportOptions } from '../../../src/transport/undici-transport.ts'
import { startDeafListener } from '../hostile/deaf-listener.ts'
import { startSchemeServer, trusting, type Scheme } from '../hostile/scheme-server.ts'
import { onEachRequest, type TestServer } from '../test-server.ts'
import { egressPolicy, makeTransport, post, send } from '../transport-harness.ts'
import { established, forward, startProxy, type ConnectProxy, type TunnelScript } from './connect-proxy.ts'

const ok = 'HTTP/1.1 200 OK\r\ncontent-length: 2\r\n\r\nok'
const blocked = {
  kind: 'failed',
  reason: 'egress_blocked',
  message: 'the egress policy forbids this address',
  reach: 'notSent',
}
const failed = (message: string) => ({ kind: 'failed', reason: 'connect', message, reach: 'notSent' })
const schemes: Scheme[] = ['http', 'https']

let servers: TestServer[]
let transport: Transport

beforeEach(() => {
  servers = []
  transport = makeTransport()
})
afterEach(async () => {
  await transport.close()
  await vi.waitUntil(() => servers.every(({ open }) => open === 0))
  await Promise.all(servers.map((server) => server.close()))
})

async function proxyWith(script: TunnelScript = forward(), scheme: Scheme = 'http'): Promise<ConnectProxy> {
  const proxy = await startProxy(script, scheme)
  servers.push(proxy.server)
  return proxy
}

/** An endpoint that answers every request, and the bytes of all of them. */
async function endpointWith(scheme: Scheme, onConnection?: (socket: Socket) => void) {
  let bytes = ''
  const server = await startSchemeServer(scheme, (socket) => {
    if (onConnection !== undefined) return onConnection(socket)
    socket.on('data', (chunk) => (bytes += chunk.toString('latin1')))
    onEachRequest(socket, () => socket.write(ok))
  })
  servers.push(server)
  return {
    port: server.port,
    server,
    takeBytes: () => {
      const taken = bytes
      bytes = ''
      return taken
    },
  }
}

/** A transport that goes through this proxy, and looks up nothing. */
function through(proxy: string, egress: object = {}, options: Partial<UndiciTransportOptions> = {}): Transport {
  return makeTransport({
    ...trusting('https'),
    egress: egressPolicy({ ...egress, proxy }),
    lookup: (hostname) => {
      throw new Error(`asked for ${hostname}`)
    },
    ...options,
  })
}

describe.each(schemes)('through an %s: proxy', (proxyScheme) => {
  it.each(schemes)('the request to an %s: endpoint is byte for byte what it is without', async (scheme) => {
    const proxy = await proxyWith(forward(), proxyScheme)
    const endpoint = await endpointWith(scheme)
    const origin = `${scheme}://hooks.test:${endpoint.port}`
    const request = { path: '/a?b=c', headers: ['X-Signature', 'f00'], body: '{"é":"日"}' }
    transport = makeTransport({
      ...trusting('https'),
      lookup: (_hostname, _options, callback) => callback(null, [{ address: '127.0.0.1' }]),
    })
    await post(transport, origin, request)
    await transport.close()
    const expected = endpoint.takeBytes()

    transport = through(proxy.server.origin)
    expect(await post(transport, origin, request)).toMatchObject({ kind: 'answered', status: 200, snippet: 'ok' })
    expect(endpoint.takeBytes()).toBe(expected)
    const authority = `hooks.test:${endpoint.port}`
    expect(proxy.heads).toEqual([`CONNECT ${authority} HTTP/1.1\r\nHost: ${authority}\r\n\r\n`])
  })

  it.each(schemes)('one tunnel to an %s: endpoint carries many requests, and of no other endpoint', async (scheme) => {
    const proxy = await proxyWith(forward(), proxyScheme)
    const endpoint = await endpointWith(scheme)
    transport = through(proxy.server.origin)
    const origin = `${scheme}://hooks.test:${endpoint.port}`
    for (let n = 0; n < 5; n++) expect(await post(transport, origin)).toMatchObject({ status: 200 })
    expect([proxy.server.accepted, endpoint.server.accepted]).toEqual([1, 1])
    await post(transport, origin, { endpointId: 'ep_2' })
    expect([proxy.server.accepted, endpoint.server.accepted]).toEqual([2, 2])
  })

  it.each(schemes)('bytes that come with the proxy’s answer come from an %s: endpoint', async (scheme) => {
    const proxy = await proxyWith((socket) => socket.write(`${established}${ok}`), proxyScheme)
    transport = through(proxy.server.origin)
    // They are no answer to a request that was not yet sent, and no part of a TLS handshake.
    const reason = scheme === 'http' ? 'protocol' : 'tls'
    expect(await post(transport, `${scheme}://hooks.test:9`)).toMatchObject({ reason, reach: 'notSent' })
    expect(proxy.heads).toHaveLength(1)
  })

  it('an answer in single bytes opens the tunnel', async () => {
    const endpoint = await endpointWith('https')
    const proxy = await proxyWith(
      forward(Array.from(`HTTP/1.1 100 Go on\r\n\r\n${established}`, (byte) => byte)),
      proxyScheme,
    )
    transport = through(proxy.server.origin)
    expect(await post(transport, `https://hooks.test:${endpoint.port}`)).toMatchObject({ status: 200 })
  })
})

it('an https: proxy whose certificate is refused gets no request', async () => {
  const proxy = await proxyWith(forward(), 'https')
  const { origin } = proxy.server
  transport = through(origin, {}, { certificateAuthorities: [] })
  const refused = failed('the egress proxy cannot be reached: DEPTH_ZERO_SELF_SIGNED_CERT')
  expect(await post(transport, 'http://hooks.test')).toEqual(refused)
  expect(proxy.heads).toEqual([])
})

describe('the certificate of an endpoint behind a proxy', () => {
  it.each(['other.test', '127.0.0.2'])('is refused where it does not name %s', async (host) => {
    const endpoint = await endpointWith('https')
    const proxy = await proxyWith()
    transport = through(proxy.server.origin)
    const message = 'certificate refused: ERR_TLS_CERT_ALTNAME_INVALID'
    const result = await post(transport, `https://${host}:${endpoint.port}`)
    expect(result).toEqual({ kind: 'failed', reason: 'tls', message, reach: 'notSent' })
    expect(endpoint.takeBytes()).toBe('')
  })

  it('may name an address', async () => {
    const endpoint = await endpointWith('https')
    const proxy = await proxyWith()
    transport = through(proxy.server.origin)
    expect(await post(transport, `https://127.0.0.1:${endpoint.port}`)).toMatchObject({ status: 200 })
  })
})

describe('a proxy that opens no tunnel', () => {
  const invalid = failed('the egress proxy gave no valid answer')
  const closed = failed('the egress proxy closed the connection without an answer')
  it.each<[what: string, answer: string, result: object]>([
    ['forbids the target', 'HTTP/1.1 403 Forbidden\r\nVia: x\r\n\r\nno', blocked],
    ['forbids the target as smokescreen does', 'HTTP/1.1 407 No\r\nX-Smokescreen-Error: 10.0.0.1\r\n\r\n', blocked],
    [
      'wants other credentials',
      'HTTP/1.1 407 No\r\nProxy-Authenticate: Basic realm="x"\r\n\r\n',
      failed('the egress proxy did not connect: HTTP 407'),
    ],
    ['reaches nobody', 'HTTP/1.1 502 10.0.0.1\r\n\r\n', failed('the egress proxy did not connect: HTTP 502')],
    ['redirects', 'HTTP/1.1 302 X\r\nLocation: /\r\n\r\n', failed('the egress proxy did not connect: HTTP 302')],
    ['is no HTTP server', 'SSH-2.0-OpenSSH\r\n', invalid],
    ['has too long a head', `HTTP/1.1 200 OK\r\nA: ${'a'.repeat(17_000)}\r\n\r\n`, invalid],
    ['announces answers without end', 'HTTP/1.1 103 X\r\n\r\n'.repeat(2_000), invalid],
    ['says nothing and closes', '', closed],
    ['closes in its head', 'HTTP/1.1 200 OK\r\n', closed],
  ])('%s', async (_what, answer, result) => {
    const open = answer === '' || !answer.endsWith('\r\n\r\n')
    const proxy = await proxyWith((socket) => (open ? socket.end(answer) : socket.write(answer)))
    transport = through(proxy.server.origin)
    for (const scheme of schemes) expect(await post(transport, `${scheme}://hooks.test`)).toEqual(result)
    expect(proxy.heads).toHaveLength(2)
  })

  it('resets the connection', async () => {
    const proxy = await proxyWith((socket) => socket.resetAndDestroy())
    transport = through(proxy.server.origin)
    expect(await post(transport, 'https://hooks.test')).toEqual(closed)
  })

  it.each(schemes)('is not there: %s:', async (scheme) => {
    const proxy = await proxyWith(forward(), scheme)
    await proxy.server.close()
    servers = []
    transport = through(proxy.server.origin)
    expect(await post(transport, 'https://hooks.test')).toEqual(failed('the egress proxy cannot be reached'))
  })

  it('has a name without address', async () => {
    transport = through('http://proxy.test', {}, { lookup: (_name, _options, callback) => callback(null, []) })
    expect(await post(transport, 'https://hooks.test')).toEqual(failed('the egress proxy cannot be reached'))
  })
})

describe.each(schemes)('a tunnel through an %s: proxy', (proxyScheme) => {
  describe.each(schemes)('to an %s: endpoint', (scheme) => {
    const reason = scheme === 'http' ? 'reset' : 'tls'
    it.each<[string, TunnelScript]>([
      ['closes at once', (socket) => socket.end(established)],
      ['closes when it is used', (socket) => socket.write(established) && socket.once('data', () => socket.end())],
      ['is cut when it is used', (socket) => socket.write(established) && socket.once('data', () => socket.destroy())],
    ])('that %s ends the attempt', async (_what, script) => {
      const proxy = await proxyWith(script, proxyScheme)
      transport = through(proxy.server.origin)
      expect(await post(transport, `${scheme}://hooks.test`)).toMatchObject({ kind: 'failed', reason })
      expect(proxy.heads).toHaveLength(1)
    })
  })
})

it.each(schemes)('a tunnel to an %s: endpoint that is reset ends the attempt', async (scheme) => {
  const proxy = await proxyWith((socket) => {
    socket.write(established)
    socket.once('data', () => socket.resetAndDestroy())
  })
  transport = through(proxy.server.origin)
  const reason = scheme === 'http' ? 'reset' : 'tls'
  expect(await post(transport, `${scheme}://hooks.test`)).toMatchObject({ kind: 'failed', reason })
})

it('TLS with a proxy is resumed, whichever endpoint it is for', async () => {
  const endpoint = await endpointWith('https')
  const reused: boolean[] = []
  const proxy = await proxyWith((socket, port) => {
    if (socket instanceof TLSSocket) reused.push(socket.isSessionReused())
    forward()(socket, port)
  }, 'https')
  transport = through(proxy.server.origin)
  for (const endpointId of ['ep_1', 'ep_2']) {
    await post(transport, `https://hooks.test:${endpoint.port}`, { endpointId })
  }
  expect(reused).toEqual([false, true])
})

describe('a proxy’s name', () => {
  it('is looked up, and those of endpoints are not', async () => {
    const endpoint = await endpointWith('http')
    const proxy = await proxyWith()
    const asked: string[] = []
    transport = through(
      `http://proxy.test:${proxy.server.port}`,
      { privateNetworks: 'deny' },
      {
        lookup: (hostname, _options, callback) => {
          asked.push(hostname)
          callback(null, [{ address: '127.0.0.1' }])
        },
      },
    )
    expect(await post(transport, `http://hooks.test:${endpoint.port}`)).toMatchObject({ status: 200 })
    expect(asked).toEqual(['proxy.test'])
  })

  it('may be local where those of endpoints may not', () => {
    const policy = egressPolicy({ privateNetworks: 'deny', proxy: 'http://smokescreen:4750' })
    expect(policy.mayBeLocal('smokescreen')).toBe(true)
  })
})

describe('where private networks are denied', () => {
  const forbidden = [
    '127.0.0.1',
    '2130706433',
    '10.0.0.1',
    '169.254.169.254',
    '[::1]',
    '[::ffff:127.0.0.1]',
    '[64:ff9b::a00:1]',
    'localhost',
    'LOCALHOST.',
    'x.localhost',
    'metadata',
    'hooks.test:22',
  ]
  it.each(schemes)('a proxy on loopback serves, and hears of no forbidden %s: endpoint', async (scheme) => {
    const endpoint = await endpointWith(scheme)
    const proxy = await proxyWith()
    transport = through(proxy.server.origin, { privateNetworks: 'deny' })
    for (const host of forbidden) {
      // As the engine writes it: through the URL parser.
      const { origin } = new URL(`${scheme}://${host}`)
      expect(await post(transport, origin, { endpointId: host })).toEqual(blocked)
    }
    expect(proxy.server.accepted).toBe(0)
    expect(await post(transport, `${scheme}://hooks.test:${endpoint.port}`)).toMatchObject({ status: 200 })
    expect(proxy.server.accepted).toBe(1)
  })

  it('what allow names is asked for all the same', async () => {
    const proxy = await proxyWith((socket) => socket.end('HTTP/1.1 502 No\r\n\r\n'))
    transport = through(proxy.server.origin, { privateNetworks: 'deny', allow: ['10.0.0.1', 'metadata', '::1'] })
    for (const host of ['10.0.0.1', 'metadata', 'metadata:22', '[::1]']) {
      const result = await post(transport, `http://${host}`, { endpointId: host })
      expect(result).toEqual(failed('the egress proxy did not connect: HTTP 502'))
    }
    expect(proxy.heads.map((head) => head.split(' ', 2)[1])).toEqual([
      '10.0.0.1:80',
      'metadata:80',
      'metadata:22',
      '[::1]:80',
    ])
  })
})

it.each([
  [{ httpsOnly: true }, 'http://hooks.test'],
  [{ deny: ['hooks.test'] }, 'https://hooks.test'],
  [{ deny: ['*.test'] }, 'https://HOOKS.test.'],
  [{ deny: ['198.51.100.0/24'] }, 'https://198.51.100.7'],
  [{ deny: ['127.0.0.0/8'] }, 'https://localhost'],
])('with %o a proxy does not hear of %s', async (egress, url) => {
  const proxy = await proxyWith()
  transport = through(proxy.server.origin, egress)
  expect(await post(transport, new URL(url).origin)).toEqual(blocked)
  expect(proxy.server.accepted).toBe(0)
})

it('credentials go to the proxy, and to no endpoint', async () => {
  const endpoint = await endpointWith('http')
  const proxy = await proxyWith()
  transport = through(`http://user:p%40ss@127.0.0.1:${proxy.server.port}`)
  expect(await post(transport, `http://hooks.test:${endpoint.port}`)).toMatchObject({ status: 200 })
  expect(proxy.heads[0]).toContain('\r\nProxy-Authorization: Basic dXNlcjpwQHNz\r\n')
  expect(endpoint.takeBytes()).not.toMatch(/authorization|dXNlcjpwQHNz/i)
})

describe('a request is given up, and leaves no socket,', () => {
  /** Gives up a request, once by its deadline and once with the transport, as soon as `ready` says so. */
  const expectGivenUp = async (proxy: string, url: string, ready: () => boolean): Promise<void> => {
    for (const reason of ['timeout', 'aborted'] as const) {
      transport = through(proxy)
      const { inFlight, result } = send(transport, url)
      await vi.waitFor(() => expect(ready()).toBe(true))
      if (reason === 'timeout') inFlight.abort('timeout')
      await transport.close()
      expect(await result).toMatchObject({ kind: 'failed', reason, reach: 'notSent' })
    }
  }

  it('while it connects to the proxy', async () => {
    const listener = await startDeafListener()
    await expectGivenUp(`http://127.0.0.1:${listener.port}`, 'http://hooks.test', () => true)
    await listener.close()
  })

  it('while TLS with the proxy begins', async () => {
    const proxy = await endpointWith('http', (socket) => socket.resume())
    await expectGivenUp(`https://127.0.0.1:${proxy.port}`, 'http://hooks.test', () => proxy.server.open > 0)
  })

  it.each(schemes)('while an %s: proxy does not answer', async (scheme) => {
    const proxy = await proxyWith((socket) => socket.resume(), scheme)
    await expectGivenUp(proxy.server.origin, 'http://hooks.test', () => proxy.heads.length > 0)
  })

  it('while the proxy’s answer drips', async () => {
    const proxy = await proxyWith((socket) => {
      socket.resume()
      socket.write('HTTP/1.1 200 OK\r\n')
      const timer = setInterval(() => socket.write('a'), 1)
      socket.on('close', () => clearInterval(timer))
    })
    await expectGivenUp(proxy.server.origin, 'http://hooks.test', () => proxy.heads.length > 0)
  })

  it.each(schemes)('while TLS with the endpoint begins, through an %s: proxy', async (scheme) => {
    let hello = false
    const endpoint = await endpointWith('http', (socket) => socket.on('data', () => (hello = true)))
    const proxy = await proxyWith(forward(), scheme)
    await expectGivenUp(proxy.server.origin, `https://hooks.test:${endpoint.port}`, () => hello)
  })

  it.each(schemes)('while it waits for an answer, through an %s: proxy', async (scheme) => {
    const endpoint = await endpointWith('https', (socket) => socket.resume())
    const proxy = await proxyWith(forward(), scheme)
    transport = through(proxy.server.origin)
    const { inFlight, result } = send(transport, `https://hooks.test:${endpoint.port}`)
    await vi.waitFor(() => expect(endpoint.server.open).toBe(1))
    inFlight.abort('timeout')
    expect(await result).toMatchObject({ reason: 'timeout' })
  })
})
