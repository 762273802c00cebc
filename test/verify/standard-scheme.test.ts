import { createHmac } from 'node:crypto'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { parseSecret } from '../../src/signing/secret.ts'
import { signStandard } from '../../src/signing/sign.ts'
import { diagnoseSignature, verifySignature } from '../../src/verify/index.ts'
import * as vectors from '../signing/vectors.ts'
import { received } from './received.ts'

const nowMs = vectors.timestampSeconds * 1000
const [, hmacBase64 = ''] = vectors.hmacEntry.split(',')

function signedWith(entry: string) {
  return { headers: { 'webhook-signature': entry } }
}

describe('a request signed as Standard Webhooks says', () => {
  it.each([
    ['v1', vectors.hmacSecret, vectors.body, vectors.hmacEntry],
    ['v1, empty body', vectors.hmacSecret, '', vectors.hmacEmptyBodyEntry],
    ['v1, UTF-8 body', vectors.hmacSecret, vectors.utf8Body, vectors.hmacUtf8BodyEntry],
    ['v1, the longest key', vectors.longestHmacSecret, vectors.body, vectors.longestHmacEntry],
    ['v1, plain text secret', vectors.plainSecret, vectors.body, vectors.plainEntry],
    ['v1, whsec_ too short to be decoded', vectors.tooShortHmacSecret, vectors.body, vectors.tooShortHmacEntry],
    ['v1a, public key', vectors.publicSecret, vectors.body, vectors.ed25519Entry],
    ['v1a, public key, UTF-8 body', vectors.publicSecret, vectors.utf8Body, vectors.ed25519Utf8BodyEntry],
    ['v1a, private key', vectors.privateSecret, vectors.body, vectors.ed25519Entry],
    ['v1a, seed', vectors.seedSecret, vectors.body, vectors.ed25519Entry],
  ])('is accepted: %s', (_, secret, body, entry) => {
    expect(diagnoseSignature(received({ secret, body, ...signedWith(entry) }))).toBeNull()
    expect(verifySignature(received({ secret, body: Buffer.from(body), ...signedWith(entry) }))).toBe(true)
  })

  it('is accepted when its body is a part of a larger buffer', () => {
    const bytes = Buffer.from(`<<${vectors.body}>>`)
    expect(verifySignature(received({ body: bytes.subarray(2, -2) }))).toBe(true)
  })

  it('is refused with a secret that lost its prefix, for then the characters are the key', () => {
    expect(diagnoseSignature(received({ secret: vectors.hmacSecret.slice('whsec_'.length) }))).toBe('no-match')
  })
})

describe('during rotation', () => {
  const both = signedWith(`${vectors.hmacEntry} ${vectors.plainEntry}`)

  it.each([vectors.hmacSecret, vectors.plainSecret])('each half is accepted by its own secret: %s', (secret) => {
    expect(verifySignature(received({ secret, ...both }))).toBe(true)
  })

  it('a receiver may know both secrets, in any order, while the sender uses one', () => {
    expect(verifySignature(received({ secret: [vectors.plainSecret, vectors.hmacSecret] }))).toBe(true)
    expect(verifySignature(received({ secret: [vectors.hmacSecret, vectors.plainSecret] }))).toBe(true)
    expect(verifySignature(received({ secret: [vectors.publicSecret, vectors.hmacSecret] }))).toBe(true)
  })

  it('after it the old secret no longer accepts', () => {
    expect(diagnoseSignature(received({ secret: vectors.plainSecret }))).toBe('no-match')
  })
})

describe('the signature list', () => {
  it.each([
    ['one valid among wrong ones', `v1,${'A'.repeat(43)}= ${vectors.hmacEntry} v1,AAAA`],
    ['an empty entry before the valid one', `v1, ${vectors.hmacEntry}`],
    ['an unknown version before the valid one', `v2,${hmacBase64} ${vectors.hmacEntry}`],
    ['a version with more parts before the valid one', `v3,key,sig ${vectors.hmacEntry}`],
    ['v1a beside v1', `${vectors.ed25519Entry} ${vectors.hmacEntry}`],
    ['spare spaces', ` ${vectors.hmacEntry}  ${vectors.hmacEntry} `],
  ])('is accepted with %s', (_, list) => {
    expect(diagnoseSignature(received(signedWith(list)))).toBeNull()
  })

  it.each([
    ['a wrong one', `v1,${'A'.repeat(43)}=`],
    ['a truncated one', vectors.hmacEntry.slice(0, -5)],
    ['one without its padding', vectors.hmacEntry.slice(0, -1)],
    ['one with more behind it', `${vectors.hmacEntry}=`],
    ['an empty one', 'v1,'],
    ['a version alone', 'v1'],
    ['an unknown version', `v2,${hmacBase64}`],
    ['the version in capitals', `V1,${hmacBase64}`],
    ['no version', hmacBase64],
    ['the HMAC passed off as ed25519', `v1a,${hmacBase64}`],
    ['the ed25519 signature of another key', vectors.ed25519Entry],
    ['not ASCII', `v1,${'é'.repeat(44)}`],
    ['base64 of the same bytes in another spelling', vectors.hmacEntry.replace('E=', 'F=')],
    ['only spaces', '   '],
  ])('is refused when it holds only %s', (_, list) => {
    expect(diagnoseSignature(received(signedWith(list)))).toBe('no-match')
  })

  it.each([
    ['cut', vectors.ed25519Entry.slice(0, -4)],
    ['longer', `${vectors.ed25519Entry.slice(0, -2)}AAAA`],
    ['empty', 'v1a,'],
    ['not base64', `v1a,${'!'.repeat(88)}`],
    ['changed', vectors.ed25519Entry.replace('v1a,h', 'v1a,i')],
    ['all zero', `v1a,${Buffer.alloc(64).toString('base64')}`],
    ['an HMAC keyed with the public key', hmacKeyedWith(vectors.publicSecret)],
  ])('is refused by a public key when its entry is %s', (_, entry) => {
    expect(diagnoseSignature(received({ secret: vectors.publicSecret, ...signedWith(entry) }))).toBe('no-match')
  })

  it('is refused when it is long enough to keep the receiver busy', () => {
    const list = (length: number) => signedWith(Array.from({ length }, () => vectors.hmacEntry).join(' '))
    expect(diagnoseSignature(received(list(32)))).toBeNull()
    expect(diagnoseSignature(received(list(33)))).toBe('too-many-signatures')
  })
})

describe('the headers', () => {
  const names = ['webhook-id', 'webhook-timestamp', 'webhook-signature']

  it.each(names)('are refused without %s', (name) => {
    expect(diagnoseSignature(received({ headers: { [name]: undefined } }))).toBe('missing-header')
    expect(diagnoseSignature(received({ headers: { [name]: '' } }))).toBe('missing-header')
    expect(diagnoseSignature(received({ headers: { [name]: [] } }))).toBe('missing-header')
  })

  it.each(names)('are refused with %s twice, even when both are valid', (name) => {
    const { headers } = received()
    const value = String(Reflect.get(headers, name))
    expect(diagnoseSignature(received({ headers: { [name]: [value, value] } }))).toBe('duplicate-header')
    expect(diagnoseSignature(received({ headers: { [name.toUpperCase()]: value } }))).toBe('duplicate-header')
    expect(verifySignature(received({ headers: { [name]: `${value}, ${value}` } }))).toBe(false)
  })

  it('are found in any case, in arrays of one, and in a fetch Headers', () => {
    const { headers } = received()
    const entries = Object.entries(headers)
    const upper = Object.fromEntries(entries.map(([name, value]) => [name.toUpperCase(), [String(value)]]))
    expect(diagnoseSignature({ ...received(), headers: upper })).toBeNull()
    const fetched = new Headers(entries.map(([name, value]): [string, string] => [name, String(value)]))
    expect(diagnoseSignature({ ...received(), headers: fetched })).toBeNull()
    fetched.append('webhook-signature', vectors.hmacEntry)
    expect(diagnoseSignature({ ...received(), headers: fetched })).toBe('duplicate-header')
    fetched.delete('webhook-signature')
    expect(diagnoseSignature({ ...received(), headers: fetched })).toBe('missing-header')
  })

  it('may include one that is called get', () => {
    expect(verifySignature(received({ headers: { get: 'x' } }))).toBe(true)
  })

  it.each(['a b', 'é', 'a,b', 'a\n', 'evt_1.2'])('are refused with the id %j', (id) => {
    expect(diagnoseSignature(received({ headers: { 'webhook-id': id } }))).toBe('bad-id')
  })

  it('are refused when the end of the id was moved into the body’s place', () => {
    const secret = vectors.plainSecret
    const signature = hmacKeyedWith(secret, 'evt_1.100.1614265330.5')
    const moved = { 'webhook-id': 'evt_1.100', 'webhook-signature': signature }
    expect(verifySignature(received({ secret, body: '5', headers: moved }))).toBe(false)
  })
})

describe('the timestamp', () => {
  it.each([
    'soon',
    '',
    ' ',
    '1614265330.0',
    '1614265330 ',
    '+1614265330',
    '-1',
    '0x60368eb2',
    '1e9',
    'NaN',
    '９',
    '1'.repeat(13),
  ])('is refused when it is not whole seconds: %j', (timestamp) => {
    const problem = diagnoseSignature(received({ headers: { 'webhook-timestamp': timestamp } }))
    expect(problem).toBe(timestamp === '' ? 'missing-header' : 'bad-timestamp')
  })

  it('may be five minutes away in both directions, and no more', () => {
    const diagnoseAt = (offsetMs: number) => diagnoseSignature(received({ now: () => nowMs + offsetMs }))
    expect(diagnoseAt(300_000)).toBeNull()
    expect(diagnoseAt(300_001)).toBe('timestamp-too-old')
    expect(diagnoseAt(-300_000)).toBeNull()
    expect(diagnoseAt(-300_001)).toBe('timestamp-too-new')
  })

  it('may be as far away as toleranceMs says', () => {
    const diagnoseAt = (offsetMs: number, toleranceMs: number) =>
      diagnoseSignature(received({ now: () => nowMs + offsetMs, toleranceMs }))
    expect(diagnoseAt(0, 0)).toBeNull()
    expect(diagnoseAt(1, 0)).toBe('timestamp-too-old')
    expect(diagnoseAt(-1, 0)).toBe('timestamp-too-new')
    expect(diagnoseAt(1e12, Infinity)).toBeNull()
  })

  it('is compared with the machine’s clock when no other is given', () => {
    expect(diagnoseSignature(received({ now: undefined }))).toBe('timestamp-too-old')
  })
})

describe('whatever is signed', () => {
  const secrets = fc.constantFrom(
    vectors.plainSecret,
    vectors.hmacSecret,
    vectors.longestHmacSecret,
    vectors.privateSecret,
    vectors.seedSecret,
  )
  const ids = fc.stringMatching(/^evt_[A-Za-z0-9_-]{1,30}$/)
  const timestamps = fc.integer({ min: 0, max: 99_999_999_999 })
  const signed = fc.record({ secret: secrets, id: ids, timestamp: timestamps, body: fc.string({ unit: 'binary' }) })

  function sent({ secret, id, timestamp, body }: { secret: string; id: string; timestamp: number; body: string }) {
    const signature = signStandard([parseSecret(secret, 'test')], id, timestamp, body)
    const headers = { 'webhook-id': id, 'webhook-timestamp': String(timestamp), 'webhook-signature': signature }
    return { secret, headers, body: Buffer.from(body), now: () => timestamp * 1000 }
  }

  it('is accepted', () => {
    fc.assert(fc.property(signed, (values) => diagnoseSignature(sent(values)) === null))
  })

  it('is refused once one byte of the body, the id, the time or the signature is another', () => {
    const places = fc.constantFrom('body', 'webhook-id', 'webhook-timestamp', 'webhook-signature')
    fc.assert(
      fc.property(signed, places, fc.nat(), fc.integer({ min: 1, max: 255 }), (values, place, index, flip) => {
        const request = sent(values)
        const headers: Record<string, string> = { ...request.headers }
        const bytes = place === 'body' ? request.body : Buffer.from(headers[place] ?? '', 'latin1')
        fc.pre(bytes.length > 0)
        bytes[index % bytes.length] = (bytes[index % bytes.length] ?? 0) ^ flip
        if (place !== 'body') headers[place] = bytes.toString('latin1')
        return !verifySignature({ ...request, headers, toleranceMs: Infinity })
      }),
    )
  })

  it('or not signed at all, never makes a check throw', () => {
    const anything = fc.oneof(fc.string({ unit: 'binary' }), fc.array(fc.string()), fc.constant(undefined))
    const names = fc.oneof(
      fc.constantFrom('webhook-id', 'webhook-timestamp', 'webhook-signature', 'X-Signature', '__proto__'),
      fc.string(),
    )
    const secret = fc.constantFrom(vectors.plainSecret, vectors.privateSecret)
    fc.assert(
      fc.property(secret, fc.dictionary(names, anything), fc.uint8Array(), (key, headers, body) => {
        expect(verifySignature({ secret: key, headers, body })).toBe(false)
        expect(verifySignature({ secret: key, headers, body, scheme: 'body' })).toBe(false)
      }),
    )
  })
})

function hmacKeyedWith(secret: string, content = `${vectors.eventId}.${vectors.timestampSeconds}.${vectors.body}`) {
  return `v1,${createHmac('sha256', secret).update(content).digest('base64')}`
}
