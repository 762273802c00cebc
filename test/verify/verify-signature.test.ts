import { createHmac } from 'node:crypto'
import { inspect } from 'node:util'
import { runInNewContext } from 'node:vm'
import { describe, expect, it } from 'vitest'
import { InvalidOptionError, InvalidSecretError } from '../../src/errors/errors.ts'
import { diagnoseSignature, verifySignature, type VerifyInput } from '../../src/verify/index.ts'
import * as vectors from '../signing/vectors.ts'
import { received } from './received.ts'

function bodySigned(value: string | undefined, changes: Partial<VerifyInput> = {}): VerifyInput {
  const headers = { 'x-signature': value }
  return { secret: vectors.plainSecret, body: vectors.utf8Body, scheme: 'body', headers, ...changes }
}

describe('scheme body', () => {
  const hex = createHmac('sha256', vectors.plainSecret).update(vectors.utf8Body).digest('hex')

  it('accepts X-Signature in hex, over text and over bytes', () => {
    expect(diagnoseSignature(bodySigned(hex))).toBeNull()
    expect(diagnoseSignature(bodySigned(hex, { body: Buffer.from(vectors.utf8Body) }))).toBeNull()
    expect(diagnoseSignature(bodySigned(vectors.emptyBodyHex, { body: '' }))).toBeNull()
    expect(diagnoseSignature(bodySigned(vectors.utf8BodyHex, { secret: 'schlüssel' }))).toBeNull()
  })

  it('keys with the secret as given, whsec_ included', () => {
    const input = { secret: vectors.hmacSecret, body: vectors.body }
    expect(diagnoseSignature(bodySigned(vectors.hmacSecretAsTextHex, input))).toBeNull()
  })

  it('accepts the form the endpoint chose, and then no other', () => {
    const form = { header: 'X-Shop-Signature', prefix: 'sha256=', encoding: 'base64' } as const
    const signed = (value: string) => bodySigned('', { ...form, headers: { 'x-shop-signature': value } })
    expect(diagnoseSignature(signed(`sha256=${vectors.utf8BodyBase64}`))).toBeNull()
    expect(diagnoseSignature(signed(vectors.utf8BodyBase64))).toBe('no-match')
    expect(diagnoseSignature(signed(`sha256=${hex}`))).toBe('no-match')
    expect(diagnoseSignature(bodySigned(hex, form))).toBe('missing-header')
  })

  it('accepts any of several secrets', () => {
    expect(verifySignature(bodySigned(hex, { secret: ['another', vectors.plainSecret] }))).toBe(true)
    expect(verifySignature(bodySigned(hex, { secret: [vectors.plainSecret, 'another'] }))).toBe(true)
    expect(verifySignature(bodySigned(hex, { secret: ['another', 'third'] }))).toBe(false)
  })

  it.each([
    ['missing-header', undefined],
    ['missing-header', ''],
    ['no-match', hex.slice(1)],
    ['no-match', `${hex}0`],
    ['no-match', hex.toUpperCase()],
    ['no-match', `${hex}, ${hex}`],
    ['no-match', '0'.repeat(64)],
    ['no-match', 'é'.repeat(64)],
  ])('says %s for the header %j', (problem, value) => {
    expect(diagnoseSignature(bodySigned(value))).toBe(problem)
  })

  it('refuses the header sent twice', () => {
    expect(diagnoseSignature(bodySigned('', { headers: { 'x-signature': [hex, hex] } }))).toBe('duplicate-header')
  })
})

describe('a mistake of the receiver’s own code', () => {
  it.each([
    ['no secret', { secret: undefined }],
    ['an empty secret', { secret: '' }],
    ['no secret in the list', { secret: [] }],
    ['an empty secret in the list', { secret: [vectors.hmacSecret, ''] }],
    ['whsec_ alone', { secret: 'whsec_' }],
    ['whpk_ alone', { secret: 'whpk_' }],
    ['a public key that is cut', { secret: vectors.publicSecret.slice(0, -4) }],
    ['a private key that is cut', { secret: vectors.privateSecret.slice(0, -4) }],
    ['a public key for an HMAC', { secret: vectors.publicSecret, scheme: 'body' }],
  ])('is thrown as InvalidSecretError, even before a header is looked at: %s', (_, changes) => {
    expect(() => check({ ...received(), headers: {}, ...changes })).toThrow(InvalidSecretError)
  })

  it.each([
    ['body', { body: undefined }],
    ['body', { body: null }],
    ['body', { body: { test: 2432232314 } }],
    ['body', { body: [1] }],
    ['body', { body: 7 }],
    ['headers', { headers: undefined }],
    ['headers', { headers: ['webhook-id', vectors.eventId] }],
    ['headers', { headers: 'webhook-id: 1' }],
    ['toleranceMs', { toleranceMs: NaN }],
    ['toleranceMs', { toleranceMs: -1 }],
    ['toleranceMs', { toleranceMs: '300000' }],
    ['now', { now: 1614265330000 }],
    ['now', { now: () => NaN }],
    ['now', { now: () => new Date(0) }],
    ['scheme', { scheme: 'v1' }],
    ['header', { header: 'X-Signature' }],
    ['prefix', { prefix: 'sha256=' }],
    ['encoding', { encoding: 'hex' }],
    ['encoding', { scheme: 'body', encoding: 'base64url' }],
    ['header', { scheme: 'body', header: 'x y' }],
    ['tolerance', { tolerance: 1 }],
  ])('is thrown as InvalidOptionError that names %s: %o', (option, changes) => {
    const input = { ...received(), ...changes }
    expect(() => check(input)).toThrow(InvalidOptionError)
    expect(() => check(input)).toThrow(expect.objectContaining({ option }))
  })

  it('is explained when it is the classic one, a parsed body', () => {
    expect(() => check({ ...received(), body: JSON.parse(vectors.body) })).toThrow(
      /^body must be the raw request body, a string or a Uint8Array, got a parsed object\. .*before any parser/,
    )
  })

  it('shows no secret when the secret is passed in the wrong place', () => {
    const { hmacSecret } = vectors
    for (const input of [hmacSecret, [hmacSecret], { ...received(), headers: [hmacSecret] }, undefined, null]) {
      const error = errorOf(() => check(input))
      expect(error).toBeInstanceOf(InvalidOptionError)
      expect(inspect(error, { depth: Infinity })).not.toContain(hmacSecret)
    }
  })
})

it('accepts an input of any class', () => {
  const ofSomeClass = Object.create({ inherited: true }) as object
  expect(check(Object.assign(ofSomeClass, received()))).toBe(true)
})

it('accepts bytes of another realm, as a test runner makes them', () => {
  const bytes: unknown = runInNewContext('new Uint8Array(codes)', { codes: [...Buffer.from(vectors.body)] })
  expect(bytes).not.toBeInstanceOf(Uint8Array)
  expect(check({ ...received(), body: bytes })).toBe(true)
})

function errorOf(call: () => unknown): unknown {
  try {
    return call()
  } catch (error) {
    return error
  }
}

/** Calls as code without types can. */
function check(input: unknown): boolean {
  return verifySignature(input as VerifyInput)
}
