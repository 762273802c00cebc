import { execFileSync } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createServer, type TLSSocket } from 'node:tls'
import { afterAll, afterEach, beforeAll, describe, expect, it, vi } from 'vitest'
import type { Transport } from '../../src/transport/transport.ts'
import { startServer, type TestServer } from './test-server.ts'
import { makeTransport, post } from './transport-harness.ts'

const once = 'HTTP/1.1 200 OK\r\nconnection: close\r\ncontent-length: 0\r\n\r\n'

let certificate: string
let server: TestServer
let transport: Transport
let secured: { readonly servername: unknown; readonly reused: boolean; readonly protocol: unknown }[]

beforeAll(async () => {
  const folder = mkdtempSync(join(tmpdir(), 'hookline-tls-'))
  const [key, cert] = [join(folder, 'key.pem'), join(folder, 'cert.pem')]
  const subject = ['-subj', '/CN=hooks.test', '-addext', 'subjectAltName=DNS:hooks.test,IP:127.0.0.1']
  const request = ['req', '-x509', '-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:prime256v1', '-nodes', '-days', '2']
  execFileSync('openssl', [...request, ...subject, '-keyout', key, '-out', cert], { stdio: 'ignore' })
  certificate = readFileSync(cert, 'utf8')
  const tls = createServer({ key: readFileSync(key), cert: certificate, ALPNProtocols: ['h2', 'http/1.1'] })
  rmSync(folder, { recursive: true })
  tls.on('secureConnection', (socket: TLSSocket) => {
    secured.push({ servername: socket.servername, reused: socket.isSessionReused(), protocol: socket.alpnProtocol })
    socket.on('error', () => undefined)
    socket.once('data', () => socket.end(once))
  })
  tls.on('tlsClientError', () => undefined)
  server = await startServer(() => undefined, tls)
  secured = []
})
afterAll(() => server.close())
afterEach(async () => {
  await transport.close()
  secured = []
})

function trusting(): Transport {
  return makeTransport({
    certificateAuthorities: [certificate],
    lookup: (_hostname, _options, callback) => callback(null, [{ address: '127.0.0.1' }]),
  })
}

describe('over TLS', () => {
  it('a certificate nobody vouches for is refused', async () => {
    transport = makeTransport()
    expect(await post(transport, `https://127.0.0.1:${server.port}`)).toEqual({
      kind: 'failed',
      reason: 'tls',
      message: 'certificate refused: DEPTH_ZERO_SELF_SIGNED_CERT',
      reach: 'notSent',
    })
  })

  it('a certificate for another name is refused', async () => {
    transport = trusting()
    const message = 'certificate refused: ERR_TLS_CERT_ALTNAME_INVALID'
    const result = await post(transport, `https://other.test:${server.port}`)
    expect(result).toMatchObject({ reason: 'tls', message, reach: 'notSent' })
  })

  it('the certificate is checked against the URL’s name, though the connection goes to an address', async () => {
    transport = trusting()
    expect(await post(transport, `https://hooks.test:${server.port}`)).toMatchObject({ status: 200 })
    expect(secured).toEqual([{ servername: 'hooks.test', reused: false, protocol: 'http/1.1' }])
  })

  it('the certificate is checked against the address where the URL has no name', async () => {
    transport = trusting()
    expect(await post(transport, `https://127.0.0.1:${server.port}`)).toMatchObject({ status: 200 })
  })

  it('the endpoint’s next connection resumes the session', async () => {
    transport = trusting()
    const origin = `https://hooks.test:${server.port}`
    await post(transport, origin)
    // The endpoint is forgotten with its last connection; its session is not.
    await vi.waitFor(() => expect(server.open).toBe(0))
    await post(transport, origin)
    await post(transport, origin, { endpointId: 'ep_other' })
    expect(secured.map(({ reused }) => reused)).toEqual([false, true, false])
  })

  it('a server without TLS ends the handshake', async () => {
    const plain = await startServer((socket) => socket.end('HTTP/1.1 400 Bad Request\r\n\r\n'))
    transport = makeTransport()
    const result = await post(transport, plain.origin.replace('http:', 'https:'))
    await plain.close()
    expect(result).toMatchObject({ reason: 'tls', reach: 'notSent' })
  })
})
