import { createHmac, generateKeyPairSync, verify } from 'node:crypto'
import { once } from 'node:events'
import { createServer, type IncomingMessage } from 'node:http'
import type { AddressInfo } from 'node:net'
import { describe, expect, it, onTestFinished } from 'vitest'
import { version, type EndpointOptions } from '../../src/index.ts'
import { createVirtualClock, type ReceivedRequest } from '../../src/testing/index.ts'
import { next, records, settled } from './await-events.ts'
import { quickRetry, secret, startReceiver, startService } from './start.ts'

// Every signature here is computed anew with node:crypto from the contract's words, never with hookline's own code.
const hmac = (key: string | Buffer, text: string, encoding: 'hex' | 'base64' = 'hex'): string =>
  createHmac('sha256', key).update(text).digest(encoding)

/** What Standard Webhooks 1.0.0 signs. */
const standardContent = ({ headers, body }: ReceivedRequest): string =>
  `${String(headers['webhook-id'])}.${String(headers['webhook-timestamp'])}.${body}`

const standardV1 = (key: string | Buffer, request: ReceivedRequest): string =>
  `v1,${hmac(key, standardContent(request), 'base64')}`

/** Answers 200 and gives the requests with their headers as they came: with case, order and repetition. */
async function startRawServer(): Promise<{ url: string; requests: IncomingMessage[] }> {
  const requests: IncomingMessage[] = []
  const server = createServer((message, response) => {
    requests.push(message)
    message.resume().on('end', () => response.end())
  })
  onTestFinished(() => {
    server.closeAllConnections()
    server.close()
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  return { url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`, requests }
}

/** Delivers one event and gives the request that arrived. */
async function deliverOne(options?: EndpointOptions, key = secret): Promise<ReceivedRequest> {
  const receiver = await startReceiver({ secret: key, ...(options?.signing && { signing: options.signing }) })
  const service = startService()
  const endpoint = service.registerEndpoint(receiver.url, key, options)
  await settled(service, service.submitEvent(endpoint, 'payment.captured', { amount: 4200, note: 'grüße ✓' }))
  expect(receiver.signatureFailures).toBe(0)
  return receiver.requests[0]!
}

describe('a request', () => {
  it('carries the headers of the contract, each once, and no others', async () => {
    const server = await startRawServer()
    const service = startService()
    const endpoint = service.registerEndpoint(`${server.url}/hooks?v=1`, secret, { headers: { 'X-Api-Key': 'k-1' } })
    const event = service.submitEvent(endpoint, 'payment.captured', { amount: 1 })
    await settled(service, event)

    const { method, url, rawHeaders } = server.requests[0]!
    expect([method, url]).toEqual(['POST', '/hooks?v=1'])
    const headers = rawHeaders.flatMap((name, index) => (index % 2 === 0 ? [[name, rawHeaders[index + 1]]] : []))
    const body = '{"amount":1}'
    const timestamp = String(headers.find(([name]) => name === 'webhook-timestamp')?.[1])
    const [startedAt] = records(service, event, 'attempt.started')
    expect(Math.abs(Number(timestamp) * 1000 - Date.parse(startedAt!.at))).toBeLessThan(1000)
    const expected = [
      ['Content-Type', 'application/json'],
      ['User-Agent', `hookline/${version}`],
      ['X-Api-Key', 'k-1'],
      ['X-Event-Type', 'payment.captured'],
      ['X-Event-Id', event],
      ['X-Event-Attempt', '1'],
      ['X-Event-Sequence', '1'],
      ['X-Signature', hmac(secret, body)],
      ['webhook-id', event],
      ['webhook-timestamp', timestamp],
      ['webhook-signature', `v1,${hmac(secret, `${event}.${timestamp}.${body}`, 'base64')}`],
      ['host', new URL(server.url).host],
      ['connection', 'keep-alive'],
      ['content-length', String(body.length)],
    ]
    expect(headers.sort()).toEqual(expected.sort())
  })

  it('carries the JSON of the payload as it was at submission, in UTF-8', async () => {
    const receiver = await startReceiver()
    const service = startService()
    const endpoint = service.registerEndpoint(receiver.url, secret)
    const payload = { b: 1, a: [1.5, null, true], text: '„grüße“ 🎉 \u2028', at: new Date(0), left: undefined }
    const text = JSON.stringify(payload)
    const event = service.submitEvent(endpoint, 'payment.captured', payload)
    payload.b = 2
    payload.a.length = 0
    await settled(service, event)
    expect(receiver.requests[0]!.body).toBe(text)
    expect(receiver.requests[0]!.headers['content-length']).toBe(String(Buffer.byteLength(text)))
    expect(receiver.requests[0]!.headers['x-signature']).toBe(hmac(secret, text))
  })

  it('can carry the payload in an envelope', async () => {
    const clock = createVirtualClock({ startAt: '2025-03-01T12:00:00.000Z' })
    const receiver = await startReceiver({ clock })
    const service = startService({ clock })
    const endpoint = service.registerEndpoint(receiver.url, secret, { body: 'envelope' })
    const event = service.submitEvent(endpoint, 'payment.captured', { amount: 1 })
    await settled(service, event)
    const [request] = receiver.requests
    const text = `{"id":"${event}","event":"payment.captured","timestamp":"2025-03-01T12:00:00.000Z","data":{"amount":1}}`
    expect(request!.body).toBe(text)
    expect(request!.headers['x-signature']).toBe(hmac(secret, text))
    expect(request!.headers['webhook-signature']).toBe(standardV1(secret, request!))
    expect(service.getEvent(event).payload).toEqual({ amount: 1 })
  })
})

describe('every attempt of an event', () => {
  it('has the same id and body, its own number, and a fresh timestamp and signature', async () => {
    const clock = createVirtualClock({ startAt: '2025-01-01T00:00:00.900Z' })
    const receiver = await startReceiver({ clock })
    receiver.respond(500, 'reset')
    const service = startService({ clock, retry: { ...quickRetry, initialDelayMs: 60_000, maxDelayMs: 90_000 } })
    const endpoint = service.registerEndpoint(receiver.url, secret)
    const event = service.submitEvent(endpoint, 'payment.captured', { amount: 1, text: 'ß' })
    await next(service, 'attemptFailed')
    const secondFailed = next(service, 'attemptFailed')
    await clock.advance(60_000)
    await secondFailed
    await clock.advance(90_000)
    await settled(service, event)
    service.redeliver(event)
    const redelivered = settled(service, event)
    await clock.advance(1000)
    await redelivered

    const { requests } = receiver
    expect(requests.map(({ attempt }) => attempt)).toEqual([1, 2, 3, 4])
    expect(new Set(requests.map(({ body }) => body))).toEqual(new Set(['{"amount":1,"text":"ß"}']))
    expect(new Set(requests.map(({ headers }) => headers['webhook-id']))).toEqual(new Set([event]))
    expect(new Set(requests.map(({ headers }) => headers['x-event-id']))).toEqual(new Set([event]))
    expect(new Set(requests.map(({ headers }) => headers['x-signature']))).toEqual(
      new Set([hmac(secret, '{"amount":1,"text":"ß"}')]),
    )
    const start = Date.parse('2025-01-01T00:00:00.000Z') / 1000
    expect(requests.slice(0, 3).map(({ headers }) => Number(headers['webhook-timestamp']) - start)).toEqual([
      0, 60, 150,
    ])
    for (const request of requests) expect(request.headers['webhook-signature']).toBe(standardV1(secret, request))
    expect(receiver.signatureFailures).toBe(0)
  })
})

describe('the body signature', () => {
  it('goes where the endpoint wants it, in the form it wants', async () => {
    const github = await deliverOne({ signing: { header: 'X-Webhook-Signature', prefix: 'sha256=' } })
    expect(github.headers['x-webhook-signature']).toBe(`sha256=${hmac(secret, github.body)}`)
    expect(github.headers).not.toHaveProperty('x-signature')
    expect(github.headers['webhook-signature']).toBe(standardV1(secret, github))

    const base64 = await deliverOne({ signing: { encoding: 'base64' } })
    expect(base64.headers['x-signature']).toBe(hmac(secret, base64.body, 'base64'))
  })

  it('keys with the text of the secret also where Standard Webhooks keys with the bytes in it', async () => {
    const bytes = Buffer.alloc(32, 7)
    const whsec = `whsec_${bytes.toString('base64')}`
    const request = await deliverOne({}, whsec)
    expect(request.headers['x-signature']).toBe(hmac(whsec, request.body))
    expect(request.headers['webhook-signature']).toBe(standardV1(bytes, request))
  })

  it('stands beside an ed25519 signature when the secret is a whsk_ key', async () => {
    const { privateKey, publicKey } = generateKeyPairSync('ed25519')
    const whsk = `whsk_${Buffer.from(privateKey.export({ format: 'jwk' }).d!, 'base64url').toString('base64')}`
    const request = await deliverOne({}, whsk)
    const [scheme, signature] = String(request.headers['webhook-signature']).split(',')
    expect(scheme).toBe('v1a')
    expect(verify(null, Buffer.from(standardContent(request)), publicKey, Buffer.from(signature!, 'base64'))).toBe(true)
    expect(request.headers['x-signature']).toBe(hmac(whsk, request.body))
  })
})

describe('the place in line', () => {
  it('counts from 1 without gaps, and is signed when asked', async () => {
    const signing = { sequence: true }
    const receiver = await startReceiver({ signing })
    const service = startService()
    const endpoint = service.registerEndpoint(receiver.url, secret, { signing })
    const events = [1, 2, 3].map((n) => service.submitEvent(endpoint, 'tick', { n }))
    await settled(service, ...events)
    const { requests } = receiver
    expect(requests.map(({ headers }) => headers['x-event-sequence'])).toEqual(['1', '2', '3'])
    expect(requests.map(({ headers }) => headers['x-event-sequence-signature'])).toEqual(
      events.map((event, index) => hmac(secret, `${event}.${index + 1}`)),
    )
  })

  it('is not signed unless asked', async () => {
    const { headers } = await deliverOne()
    expect(headers['x-event-sequence']).toBe('1')
    expect(headers).not.toHaveProperty('x-event-sequence-signature')
  })
})

describe('a rotated secret', () => {
  it('signs beside the old one until the overlap is over, and then alone', async () => {
    const overlapMs = 60_000
    const clock = createVirtualClock()
    const receiver = await startReceiver({ clock, secret: [secret, 'the new secret'] })
    const service = startService({ clock })
    const endpoint = service.registerEndpoint(receiver.url, secret)
    const deliver = async (): Promise<ReceivedRequest> => {
      const done = settled(service, service.submitEvent(endpoint, 'tick', {}))
      // Before it is used again, a connection must have been quiet for a moment.
      await clock.advance(100)
      await done
      return receiver.requests.at(-1)!
    }

    const before = await deliver()
    expect(before.headers['webhook-signature']).toBe(standardV1(secret, before))

    service.rotateSecret(endpoint, 'the new secret', { overlapMs })
    const during = await deliver()
    expect(during.headers['webhook-signature']).toBe(
      `${standardV1('the new secret', during)} ${standardV1(secret, during)}`,
    )
    expect(during.headers['x-signature']).toBe(hmac('the new secret', during.body))

    await clock.advance(overlapMs - 100)
    const after = await deliver()
    expect(after.headers['webhook-signature']).toBe(standardV1('the new secret', after))
    expect(after.headers['x-signature']).toBe(hmac('the new secret', after.body))
  })

  it('signs alone at once when there is no overlap', async () => {
    const receiver = await startReceiver({ secret: 'the new secret' })
    const service = startService()
    const endpoint = service.registerEndpoint(receiver.url, secret)
    service.rotateSecret(endpoint, 'the new secret', { overlapMs: 0 })
    await settled(service, service.submitEvent(endpoint, 'tick', {}))
    const [request] = receiver.requests
    expect(request!.headers['webhook-signature']).toBe(standardV1('the new secret', request!))
    expect(receiver.signatureFailures).toBe(0)
  })
})
