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
  const valid = makeCertificate('DNS:hooks.test,IP:127.0.0.1', 2)
  certificate = valid.cert
  const tls = createServer({ ...valid, ALPNProtocols: ['h2', 'http/1.1'] })
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

/** A key, and a self-signed certificate for these names. With negative days it has expired. */
function makeCertificate(names: string, days: number): { readonly key: string; readonly cert: string } {
  const folder = mkdtempSync(join(tmpdir(), 'hookline-tls-'))
  const file = (name: string) => join(folder, `${name}.pem`)
  const [key, request, cert] = [file('key'), file('request'), file('certificate')]
  const subject = ['-subj', '/CN=hooks.test', '-addext', `subjectAltName=${names}`]
  const newKey = ['-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:prime256v1', '-nodes']
  const signing = ['-in', request, '-signkey', key, '-copy_extensions', 'copy', '-days', String(days), '-out', cert]
  execFileSync('openssl', ['req', '-new', ...newKey, ...subject, '-keyout', key, '-out', request], { stdio: 'ignore' })
  execFileSync('openssl', ['x509', '-req', ...signing], { stdio: 'ignore' })
  const made = { key: readFileSync(key, 'utf8'), cert: readFileSync(cert, 'utf8') }
  rmSync(folder, { recursive: true })
  return made
}

function trusting(authority: string = certificate): Transport {
  return makeTransport({
    certificateAuthorities: [authority],
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

  it('a certificate that has expired is refused', async () => {
    const expired = makeCertificate('DNS:hooks.test', -1)
    const late = await startServer(
      () => undefined,
      createServer(expired).on('tlsClientError', () => undefined),
    )
    transport = trusting(expired.cert)
    const result = await post(transport, `https://hooks.test:${late.port}`)
    await late.close()
    const message = 'certificate refused: CERT_HAS_EXPIRED'
    expect(result).toEqual({ kind: 'failed', reason: 'tls', message, reach: 'notSent' })
  })

  it('a certificate for names alone is refused where the URL has an address', async () => {
    const named = makeCertificate('DNS:hooks.test,DNS:127.0.0.1', 2)
    const other = await startServer(
      () => undefined,
      createServer(named).on('tlsClientError', () => undefined),
    )
    transport = trusting(named.cert)
    const result = await post(transport, `https://127.0.0.1:${other.port}`)
    await other.close()
    const message = 'certificate refused: ERR_TLS_CERT_ALTNAME_INVALID'
    expect(result).toEqual({ kind: 'failed', reason: 'tls', message, reach: 'notSent' })
  })

  it('a server that speaks only TLS 1.1 is refused', async () => {
    const old = { minVersion: 'TLSv1', maxVersion: 'TLSv1.1', ciphers: 'DEFAULT@SECLEVEL=0' } as const
    const made = makeCertificate('DNS:hooks.test', 2)
    const oldTls = createServer({ ...made, ...old }).on('tlsClientError', () => undefined)
    const outdated = await startServer(() => undefined, oldTls)
    transport = trusting(made.cert)
    const result = await post(transport, `https://hooks.test:${outdated.port}`)
    await outdated.close()
    expect(result).toMatchObject({ reason: 'tls', reach: 'notSent' })
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
