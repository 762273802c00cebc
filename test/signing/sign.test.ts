import { createHmac } from 'node:crypto'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { parseSecret } from '../../src/signing/secret.ts'
import { signBody, signSequence, signStandard } from '../../src/signing/sign.ts'
import { resolveSigningOptions } from '../../src/signing/signing-options.ts'
import * as vectors from './vectors.ts'

const plainForm = resolveSigningOptions(undefined, 'signing')

function secretOf(text: string) {
  return parseSecret(text, 'test')
}

function standardOf(secrets: string[], body: string) {
  return signStandard(secrets.map(secretOf), vectors.eventId, vectors.timestampSeconds, body)
}

describe('the Standard Webhooks signature', () => {
  it.each([
    ['v1, published', vectors.hmacSecret, vectors.body, vectors.hmacEntry],
    ['v1, empty body', vectors.hmacSecret, '', vectors.hmacEmptyBodyEntry],
    ['v1, UTF-8 body', vectors.hmacSecret, vectors.utf8Body, vectors.hmacUtf8BodyEntry],
    ['v1, the longest key', vectors.longestHmacSecret, vectors.body, vectors.longestHmacEntry],
    ['v1, a plain text secret', vectors.plainSecret, vectors.body, vectors.plainEntry],
    [
      'v1, whsec_ with 23 bytes, taken as plain text',
      vectors.tooShortHmacSecret,
      vectors.body,
      vectors.tooShortHmacEntry,
    ],
    ['v1a, published', vectors.privateSecret, vectors.body, vectors.ed25519Entry],
    ['v1a, UTF-8 body', vectors.privateSecret, vectors.utf8Body, vectors.ed25519Utf8BodyEntry],
    ['v1a, the seed alone', vectors.seedSecret, vectors.body, vectors.ed25519Entry],
  ])('is that of the vector: %s', (_, secret, body, entry) => {
    expect(standardOf([secret], body)).toBe(entry)
  })

  it('holds one entry per secret during rotation, the current first', () => {
    expect(standardOf([vectors.hmacSecret, vectors.plainSecret], vectors.body)).toBe(
      `${vectors.hmacEntry} ${vectors.plainEntry}`,
    )
    expect(standardOf([vectors.privateSecret, vectors.hmacSecret], vectors.body)).toBe(
      `${vectors.ed25519Entry} ${vectors.hmacEntry}`,
    )
  })

  it.each([
    ['65 bytes', `whsec_${Buffer.alloc(65, 1).toString('base64')}`],
    ['no base64', 'whsec_!!!!'],
    ['a space inside', 'whsec_MfKQ9r8GKYqrTwjU PD8ILPZIo2LaLaSw'],
    ['a line end behind', 'whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw\n'],
    ['the URL alphabet', `whsec_${Buffer.alloc(24, 0xfb).toString('base64url')}`],
    ['padding left out', `whsec_${Buffer.alloc(32, 1).toString('base64url')}`],
    ['bits after the end', 'whsec_AQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQF='],
  ])('keys with the characters of a whsec_ secret that is not strict base64 of 24 to 64 bytes: %s', (_, secret) => {
    const content = `${vectors.eventId}.${vectors.timestampSeconds}.${vectors.body}`
    const mac = createHmac('sha256', Buffer.from(secret, 'utf8')).update(content).digest('base64')
    expect(standardOf([secret], vectors.body)).toBe(`v1,${mac}`)
  })
})

describe('the body signature', () => {
  it('is hex HMAC-SHA256 of the UTF-8 body, keyed with the UTF-8 secret', () => {
    expect(signBody(secretOf('schlüssel'), vectors.utf8Body, plainForm)).toBe(vectors.utf8BodyHex)
    expect(signBody(secretOf(vectors.plainSecret), '', plainForm)).toBe(vectors.emptyBodyHex)
  })

  it('keys with the secret as given, whsec_ included', () => {
    expect(signBody(secretOf(vectors.hmacSecret), vectors.body, plainForm)).toBe(vectors.hmacSecretAsTextHex)
    const mac = createHmac('sha256', vectors.privateSecret).update(vectors.body).digest('hex')
    expect(signBody(secretOf(vectors.privateSecret), vectors.body, plainForm)).toBe(mac)
  })

  it('takes the form the endpoint chose', () => {
    const form = resolveSigningOptions({ prefix: 'sha256=', encoding: 'base64' }, 'signing')
    expect(signBody(secretOf(vectors.plainSecret), vectors.utf8Body, form)).toBe(`sha256=${vectors.utf8BodyBase64}`)
  })

  it('is what node:crypto computes, for every secret and body', () => {
    const text = fc.string({ minLength: 1, maxLength: 100, unit: 'binary' })
    fc.assert(
      fc.property(text, fc.string({ unit: 'binary' }), (secret, body) => {
        fc.pre(!/^wh(sec|sk|pk)_/.test(secret) && secret.length <= 1024)
        const mac = createHmac('sha256', Buffer.from(secret)).update(Buffer.from(body)).digest('hex')
        expect(signBody(secretOf(secret), body, plainForm)).toBe(mac)
      }),
    )
  })
})

it('signs an event and its place in line', () => {
  expect(signSequence(secretOf(vectors.plainSecret), 'evt_V1StGXR8_Z5jdHi6B-myT', 42)).toBe(vectors.sequenceHex)
})
