import { connect, type Socket } from 'node:net'
import { createServer as createTlsServer, type TlsOptions } from 'node:tls'
import { describe, expect, it, onTestFinished } from 'vitest'
import type { EventDetails, WebhookServiceOptions } from '../../src/index.ts'
import { startDeafListener } from '../transport/hostile/deaf-listener.ts'
import { makeCertificate } from '../transport/hostile/certificate.ts'
import { onEachRequest, startServer } from '../transport/test-server.ts'
import { makeTransport } from '../transport/transport-harness.ts'
import { settled } from './await-events.ts'
import { secret, startReceiver, startService } from './start.ts'

const timeoutMs = 300
/** How much later than its deadline an attempt may end on a busy machine. */
const slackMs = 700
const ok = 'HTTP/1.1 200 OK\r\n'

/** What became of one event for `url`, when it had one attempt. */
async function outcomeAt(
  url: string,
  payload: object = {},
  options: WebhookServiceOptions = {},
): Promise<EventDetails> {
  const service = startService({ timeoutMs, retry: { maxAttempts: 1 }, ...options })
  const eventId = service.submitEvent(service.registerEndpoint(url, secret), 'tick', payload)
  await settled(service, eventId)
  return service.getEvent(eventId)
}

function expectTimeout({ status, attempts }: EventDetails, reach: 'notSent' | 'unknown'): void {
  const failure = { reason: 'timeout', message: `timeout: no answer within ${timeoutMs} ms`, reach }
  expect(status).toBe('deadLettered')
  expect(attempts).toMatchObject([{ outcome: 'failed', status: null, failure }])
  expectInTime(attempts[0]?.durationMs)
}

function expectInTime(durationMs: number | null | undefined): void {
  expect(durationMs).toBeGreaterThanOrEqual(timeoutMs - 5)
  expect(durationMs).toBeLessThan(timeoutMs + slackMs)
}

async function serve(onConnection: (socket: Socket) => void): Promise<string> {
  const server = await startServer(onConnection)
  onTestFinished(() => server.close())
  return server.origin
}

/** A TLS server of which only the first `flights` of what it says come through. */
async function stallingTls(flights: number, options: TlsOptions): Promise<string> {
  const tls = createTlsServer({ ...makeCertificate(), ...options })
  tls.on('tlsClientError', () => undefined)
  const server = await startServer(() => undefined, tls)
  const front = await serve((socket) => {
    const behind = connect(server.port, '127.0.0.1')
    let passed = 0
    behind.on('error', () => undefined)
    behind.on('data', (flight) => passed++ < flights && socket.write(flight))
    socket.on('data', (flight) => behind.write(flight))
    socket.on('close', () => behind.destroy())
  })
  onTestFinished(() => server.close())
  return front.replace('http:', 'https:')
}

describe('the deadline covers', () => {
  it('DNS', async () => {
    const transport = makeTransport({ lookup: () => undefined })
    expectTimeout(await outcomeAt('http://hooks.test', {}, { transport }), 'notSent')
  })

  it('the connection', async () => {
    const listener = await startDeafListener()
    onTestFinished(() => listener.close())
    expectTimeout(await outcomeAt(`http://127.0.0.1:${listener.port}`), 'notSent')
  })

  it.each<[flights: number, options: TlsOptions]>([
    [0, {}],
    [0, { maxVersion: 'TLSv1.2' }],
    [1, { maxVersion: 'TLSv1.2' }],
  ])('a TLS handshake that stalls after %i flights, %o', async (flights, options) => {
    expectTimeout(await outcomeAt(await stallingTls(flights, options)), 'notSent')
  })

  it('a TLS handshake of half a flight', async () => {
    const origin = await serve((socket) => socket.once('data', () => socket.write(Buffer.from('1603030040', 'hex'))))
    expectTimeout(await outcomeAt(origin.replace('http:', 'https:')), 'notSent')
  })

  it('the writing of the request', async () => {
    const origin = await serve((socket) => {
      socket.pause()
      // A paused socket does not learn that it was closed.
      setTimeout(() => socket.resume(), 2 * timeoutMs)
    })
    const limits = { payloadBytes: 16 * 1_024 * 1_024 }
    expectTimeout(await outcomeAt(origin, { text: 'x'.repeat(12 * 1_024 * 1_024) }, { limits }), 'unknown')
  })

  it('the wait for a status line', async () => {
    expectTimeout(await outcomeAt(await serve((socket) => socket.resume())), 'unknown')
  })

  it.each([
    ['103 Early Hints without end', 'HTTP/1.1 103 Early Hints\r\n\r\n'],
    ['headers that drip', 'x'],
  ])('%s', async (_what, drop) => {
    const origin = await serve((socket) =>
      onEachRequest(socket, () => {
        socket.write(drop === 'x' ? ok : '')
        const timer = setInterval(() => socket.write(drop), 10)
        socket.on('close', () => clearInterval(timer))
      }),
    )
    expectTimeout(await outcomeAt(origin), 'unknown')
  })

  it.each([200, 500])('the body, of which no more is waited for: %i counts', async (status) => {
    const origin = await serve((socket) =>
      onEachRequest(socket, () => {
        socket.write(`HTTP/1.1 ${status} X\r\ncontent-length: 1000\r\n\r\nbegun`)
        const timer = setInterval(() => socket.write('.'), 20)
        socket.on('close', () => clearInterval(timer))
      }),
    )
    const { attempts } = await outcomeAt(origin)
    expect(attempts).toMatchObject([
      { status, failure: status === 200 ? null : { reason: 'status', reach: 'answered' } },
    ])
    expect(attempts[0]?.snippet).toMatch(/^begun\.*$/)
    expectInTime(attempts[0]?.durationMs)
  })
})

describe('the deadline does not count', () => {
  it('while another endpoint has the only place', async () => {
    const silent = await serve((socket) => socket.resume())
    const receiver = await startReceiver()
    const service = startService({ timeoutMs: 2000, concurrency: 1, retry: { maxAttempts: 1 } })
    const first = service.submitEvent(service.registerEndpoint(silent, secret), 'tick', {})
    const endpointId = service.registerEndpoint(receiver.url, secret, { timeoutMs: 1000 })
    const second = service.submitEvent(endpointId, 'tick', {})
    await settled(service, first, second)
    expect(service.getEventStatus(first)).toMatchObject({ status: 'deadLettered', attempts: 1 })
    expect(service.getEventStatus(second)).toMatchObject({ status: 'delivered', attempts: 1 })
    expect(receiver.received).toBe(1)
  })

  it('while the event before it in its line hangs', async () => {
    const receiver = await startReceiver()
    receiver.respond('hang', 200)
    const service = startService({ timeoutMs: 1000, retry: { maxAttempts: 1 } })
    const endpointId = service.registerEndpoint(receiver.url, secret)
    const [first, second] = [service.submitEvent(endpointId, 'tick', 1), service.submitEvent(endpointId, 'tick', 2)]
    await settled(service, first, second)
    expect(service.getEventStatus(first)).toMatchObject({ status: 'deadLettered' })
    expect(service.getEventStatus(second)).toMatchObject({ status: 'delivered', attempts: 1 })
  })
})

it('fifty endpoints whose names hang in DNS delay no other', async () => {
  const receiver = await startReceiver()
  const port = new URL(receiver.url).port
  const transport = makeTransport({
    lookup: (hostname, _options, callback) => {
      if (hostname === 'quick.test') callback(null, [{ address: '127.0.0.1' }])
    },
  })
  const service = startService({ transport, timeoutMs: 60_000 })
  for (let n = 0; n < 50; n++)
    service.submitEvent(service.registerEndpoint(`http://slow-${n}.test`, secret), 'tick', {})
  const quick = service.submitEvent(service.registerEndpoint(`http://quick.test:${port}`, secret), 'tick', {})
  await settled(service, quick)
  expect(service.getEventStatus(quick)).toMatchObject({ status: 'delivered', attempts: 1 })
  expect(service.stats()).toMatchObject({ inFlight: 50 })
})
