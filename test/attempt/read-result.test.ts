import { describe, expect, it } from 'vitest'
import { readResult } from '../../src/attempt/read-result.ts'
import { Redaction } from '../../src/endpoint/redaction.ts'
import { parseSecret } from '../../src/signing/secret.ts'
import type { TransportResult } from '../../src/transport/transport.ts'
import { startEngine } from '../support/start-engine.ts'

const redaction = new Redaction([parseSecret('the secret', 'test')], ['Authorization', 'Bearer a-token'])
const read = (result: unknown): TransportResult => readResult(result as TransportResult, redaction) // as a transport in plain JavaScript may give

describe('what a transport reports', () => {
  it.each([
    { kind: 'answered', status: 200, retryAfter: null, snippet: null },
    { kind: 'answered', status: 503, retryAfter: '5', snippet: 'busy' },
    { kind: 'failed', reason: 'reset', message: 'the connection ended', reach: 'unknown' },
  ])('is taken as it is when there is nothing to hide: %j', (result) => {
    expect(read(result)).toBe(result)
  })

  it('is stored without the secret, the header values and the credential in one', () => {
    const snippet = 'the secret, Bearer a-token, a-token'
    expect(read({ kind: 'answered', status: 200, retryAfter: null, snippet })).toMatchObject({
      snippet: '[redacted], [redacted], [redacted]',
    })
    const failed = { kind: 'failed', reason: 'reset', message: 'cut at a-token', reach: 'unknown' }
    expect(read(failed)).toMatchObject({ message: 'cut at [redacted]' })
  })

  it('is stored without the key alone that stands behind a prefix', () => {
    const key = Buffer.alloc(32, 9).toString('base64')
    const whsec = new Redaction([parseSecret(`whsec_${key}`, 'test')], [])
    const answered = { kind: 'answered', status: 200, retryAfter: null, snippet: `key ${key}` } as const
    expect(readResult(answered, whsec)).toMatchObject({ snippet: 'key [redacted]' })
  })

  it('is stored without what the endpoint was sent, also when that has changed since', async () => {
    const { service, transport, quiet, register } = startEngine()
    const endpoint = register()
    service.submitEvent(endpoint, 'a.b', {})
    await quiet()
    transport.respond(() => 'held')
    service.updateEndpoint(endpoint, { headers: { Authorization: 'Bearer the-old-one' } })
    const event = service.submitEvent(endpoint, 'a.b', {})
    await quiet()
    service.updateEndpoint(endpoint, { headers: { Authorization: 'Bearer the-new-one' } })
    transport.open[0]!.answer({ kind: 'answered', status: 200, retryAfter: null, snippet: 'got the-old-one' })
    await quiet()
    expect(service.getEvent(event).attempts[0]).toMatchObject({ snippet: 'got [redacted]' })
  })

  it('has a message on one line that is not endless', () => {
    const { message } = read({
      kind: 'failed',
      reason: 'dns',
      message: `a\r\n\x1b[31m${'b'.repeat(999)}`,
      reach: 'notSent',
    }) as {
      message: string
    }
    expect(message).toMatch(/^a \[31mb+$/)
    expect(message.length).toBeLessThanOrEqual(300)
  })

  it.each([
    undefined,
    null,
    {},
    { kind: 'answered' },
    { kind: 'answered', status: '200', retryAfter: null, snippet: null },
    { kind: 'failed', reason: 'because', message: 'x', reach: 'unknown' },
    { kind: 'failed', reason: 'toString', message: 'x', reach: 'unknown' },
    { kind: 'failed', reason: 'reset', message: 'x' },
    { kind: 'failed', reason: 'reset', reach: 'unknown' },
  ])('is refused when it is no result: %j', (result) => {
    expect(() => read(result)).toThrow()
  })
})
