import { expect, test } from 'vitest'
import { signatureJudge } from '../../../src/cli/receive/signature-verdict.ts'
import { parseSecret } from '../../../src/signing/secret.ts'
import { signBody, signSequence, signStandard } from '../../../src/signing/sign.ts'
import { resolveSigningOptions } from '../../../src/signing/signing-options.ts'
import type { SigningOptions } from '../../../src/signing/signing-options.ts'
import { createVirtualClock } from '../../../src/testing/virtual-clock.ts'

const clock = createVirtualClock()
const body = Buffer.from('{"n":1}')

function headersOf(secret: string, signing: SigningOptions = {}): Record<string, string> {
  const key = parseSecret(secret, 'test')
  const settings = resolveSigningOptions(signing, 'signing')
  const timestamp = Math.floor(clock.now() / 1000)
  return {
    'x-event-id': 'evt_1',
    'x-event-sequence': '3',
    'x-event-sequence-signature': signSequence(key, 'evt_1', 3),
    [settings.header.toLowerCase()]: signBody(key, body.toString(), settings),
    'webhook-id': 'evt_1',
    'webhook-timestamp': String(timestamp),
    'webhook-signature': signStandard([key], 'evt_1', timestamp, body.toString()),
  }
}

const judge = signatureJudge(['old secret', 'new secret'], {}, clock)

test.each(['old secret', 'new secret'])('takes what any of its secrets signed: %s', (secret) => {
  expect(judge(headersOf(secret), body)).toBe('verified')
})

test.each([
  ['webhook-signature: no-match', { 'webhook-signature': 'v1,AAAA' }],
  ['webhook-signature: timestamp-too-old', { 'webhook-timestamp': '1' }],
  ['X-Signature: no-match', { 'x-signature': '00' }],
  ['X-Signature: missing-header', { 'x-signature': '' }],
  ['X-Event-Sequence-Signature: no-match', { 'x-event-sequence': '4' }],
] as const)('names the signature that does not hold: %s', (verdict, wrong) => {
  expect(judge({ ...headersOf('new secret'), ...wrong }, body)).toBe(verdict)
})

test('does not ask for the signature of a sequence that was not signed', () => {
  const { 'x-event-sequence-signature': left, ...headers } = headersOf('new secret')
  expect(left).toBeDefined()
  expect(judge(headers, body)).toBe('verified')
})

test('reads the body signature as the endpoint has it', () => {
  const signing = { header: 'X-Webhook-Signature', prefix: 'sha256=', encoding: 'base64' } as const
  expect(signatureJudge(['s3cret'], signing, clock)(headersOf('s3cret', signing), body)).toBe('verified')
  expect(judge(headersOf('new secret', signing), body)).toBe('X-Signature: missing-header')
})

test('checks nothing without a secret, and refuses one that nothing can have been signed with', () => {
  expect(signatureJudge([], {}, clock)({}, body)).toBe('unchecked')
  expect(() => signatureJudge([''], {}, clock)).toThrow('the secret must be a string')
})
