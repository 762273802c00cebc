import type { Socket } from 'node:net'
import { gzipSync } from 'node:zlib'
import { describe, expect, it, onTestFinished } from 'vitest'
import type { EventDetails, WebhookServiceOptions } from '../../src/index.ts'
import { endlessly, type Misbehaviour } from '../transport/hostile/ordeal.ts'
import { onEachRequest, startServer } from '../transport/test-server.ts'
import { next, settled } from './await-events.ts'
import { quickRetry, secret, startService } from './start.ts'

const ok = 'HTTP/1.1 200 OK\r\n'
const honest = 'HTTP/1.1 202 Accepted\r\ncontent-length: 2\r\n\r\nok'
const retry = { ...quickRetry, maxAttempts: 1 }

/** An endpoint that misbehaves when it gets the event `hostile`, and else is honest. */
async function startEndpoint(misbehaviour: Misbehaviour): Promise<string> {
  const server = await startServer((socket) =>
    onEachRequest(socket, (head) => {
      if (!/^x-event-type: hostile$/im.test(head)) socket.write(honest)
      else if (typeof misbehaviour === 'function') misbehaviour(socket)
      else socket.write(misbehaviour)
    }),
  )
  onTestFinished(() => server.close())
  return server.origin
}

/** What became of a hostile event between two honest ones, which are seen to be delivered. */
async function outcomeOf(misbehaviour: Misbehaviour, options: WebhookServiceOptions = {}): Promise<EventDetails> {
  const service = startService({ retry, ...options })
  const endpointId = service.registerEndpoint(await startEndpoint(misbehaviour), secret)
  const events = ['honest', 'hostile', 'honest'].map((type) => service.submitEvent(endpointId, type, {}))
  await settled(service, ...events)
  const [before, hostile, after] = events.map((eventId) => service.getEvent(eventId))
  for (const event of [before, after]) expect(event).toMatchObject({ status: 'delivered', attempts: [{ status: 202 }] })
  expect(JSON.stringify([...service.log.entries()])).not.toMatch(/127\.0\.0\.1|secret-banner/)
  return hostile!
}

describe('what an endpoint makes of an answer is on record, and the line goes on', () => {
  it.each<[what: string, answer: Misbehaviour, reason: string, message: string]>([
    ['SSH', 'SSH-2.0-secret-banner\r\n', 'protocol', 'what came back is not an HTTP answer'],
    ['status 000', 'HTTP/1.1 000 X\r\n\r\n', 'protocol', 'what came back is not an HTTP answer'],
    ['101', 'HTTP/1.1 101 S\r\n\r\n', 'protocol', 'what came back is not an answer to this request'],
    [
      'two lengths',
      `${ok}content-length: 1\r\ncontent-length: 2\r\n\r\nok`,
      'protocol',
      'what came back is not an HTTP answer',
    ],
    [
      '10,000 headers',
      `${ok}${'name: value\r\n'.repeat(10_000)}\r\n`,
      'protocol',
      'the headers of the answer are too long',
    ],
    ['endless 103', endlessly('HTTP/1.1 103 E\r\n\r\n'), 'protocol', 'the headers of the answer are too long'],
    ['a reset', (socket: Socket) => socket.resetAndDestroy(), 'reset', 'the connection ended before an answer'],
    ['an end', (socket: Socket) => socket.end(), 'reset', 'the connection ended before an answer'],
  ])('%s: no answer', async (_what, answer, reason, message) => {
    const { status, attempts, lastError } = await outcomeOf(answer)
    expect(status).toBe('deadLettered')
    const failure = { reason, message: `${reason}: ${message}`, reach: 'unknown' }
    expect(attempts).toMatchObject([{ outcome: 'failed', status: null, failure, snippet: null }])
    expect(lastError).toBe(failure.message)
  })

  it.each([
    ['as fast as it can', endlessly('x', `${ok}\r\n`)],
    ['in chunks of a byte', endlessly('1\r\nx\r\n', `${ok}transfer-encoding: chunked\r\n\r\n`)],
  ])('200 and an endless body, %s: delivered, with the first 1,024 bytes', async (_how, answer) => {
    const { status, attempts } = await outcomeOf(answer)
    expect(status).toBe('delivered')
    expect(attempts).toMatchObject([{ status: 200, failure: null, snippet: 'x'.repeat(1_024) }])
  })

  it('500 and a bomb of gzip: tried again, with bytes that are not inflated', async () => {
    const bomb = gzipSync(Buffer.alloc(20_000_000))
    const head = `HTTP/1.1 500 X\r\ncontent-encoding: gzip\r\ncontent-length: ${bomb.length}\r\n\r\n`
    const { attempts } = await outcomeOf(Buffer.concat([Buffer.from(head), bomb]))
    expect(attempts).toMatchObject([{ status: 500, failure: { reason: 'status', reach: 'answered' } }])
    expect(attempts[0]!.snippet).toHaveLength(1_024)
  })

  it('404 and a body that breaks off: refused, with what had come', async () => {
    const { status, attempts } = await outcomeOf((socket) =>
      socket.end('HTTP/1.1 404 N\r\ncontent-length: 100\r\n\r\n<script>alert(1)</script>'),
    )
    expect(status).toBe('failed')
    expect(attempts).toMatchObject([{ status: 404, snippet: '<script>alert(1)</script>' }])
  })

  it.each([600, 999])('%i: tried again', async (answer) => {
    const { status, attempts } = await outcomeOf(`HTTP/1.1 ${answer} X\r\ncontent-length: 0\r\n\r\n`)
    expect(status).toBe('deadLettered')
    expect(attempts).toMatchObject([{ status: answer, failure: { reason: 'status', reach: 'answered' } }])
  })

  it('two answers: the first, and neither for the next event', async () => {
    const { status } = await outcomeOf(
      'HTTP/1.1 400 X\r\ncontent-length: 0\r\n\r\nHTTP/1.1 200 OK\r\ncontent-length: 0\r\n\r\n',
    )
    expect(status).toBe('failed')
  })
})

it('a 410 disables the endpoint whatever its body does', async () => {
  const service = startService({ retry })
  const origin = await startEndpoint(endlessly('x', 'HTTP/1.1 410 Gone\r\n\r\n'))
  const endpointId = service.registerEndpoint(origin, secret)
  const disabled = next(service, 'endpointDisabled')
  service.submitEvent(endpointId, 'hostile', {})
  expect(await disabled).toMatchObject({ endpointId })
  expect(service.getEndpoint(endpointId).state).toBe('disabled')
})

describe('Retry-After', () => {
  it.each([
    ['0', 20],
    ['-1', 20],
    ['abc', 20],
    ['1e9', 20],
    ['Thu, 01 Jan 1970 00:00:00 GMT', 20],
    ['99999999999', 60_000],
    ['9'.repeat(60), 60_000],
    ['Fri, 31 Dec 9999 23:59:59 GMT', 60_000],
    ['Fri Dec 31 23:59:59 9999', 60_000],
    ['7\r\nretry-after: 1', 7_000],
  ])('%s puts the next attempt off to a time between the policy’s own and its maximum', async (header, delayMs) => {
    const service = startService({ retry: { ...quickRetry, maxDelayMs: 60_000 } })
    const answer = `HTTP/1.1 503 Busy\r\nretry-after: ${header}\r\ncontent-length: 0\r\n\r\n`
    const failed = next(service, 'attemptFailed')
    const eventId = service.submitEvent(service.registerEndpoint(await startEndpoint(answer), secret), 'hostile', {})
    await failed
    const [first] = service.getEvent(eventId).attempts
    expect(Date.parse(first!.retryAt!) - Date.parse(first!.endedAt!)).toBe(delayMs)
  })
})
