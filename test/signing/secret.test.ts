import { inspect } from 'node:util'
import { describe, expect, it } from 'vitest'
import { InvalidSecretError } from '../../src/errors/errors.ts'
import { parseSecret } from '../../src/signing/secret.ts'
import * as vectors from './vectors.ts'

function refusalOf(secret: unknown): string {
  try {
    parseSecret(secret, 'registerEndpoint')
  } catch (error) {
    expect(error).toBeInstanceOf(InvalidSecretError)
    return String(error)
  }
  throw new Error('the secret was taken')
}

describe('parseSecret', () => {
  it('names the call, the length and the rule when it refuses the empty secret', () => {
    expect(refusalOf('')).toBe(
      'InvalidSecretError: registerEndpoint: the secret must be a string of 1 to 1024 characters, got a string of 0 characters',
    )
  })

  it.each([
    [undefined],
    [null],
    [4711],
    [4711n],
    [true],
    [['s3cret']],
    [{ toString: () => 's3cret' }],
    [Buffer.from('s3cret')],
  ])('refuses what is not a string without showing it: %o', (secret) => {
    expect(refusalOf(secret)).not.toMatch(/4711|s3cret/)
  })

  it('takes 1024 characters and refuses 1025', () => {
    expect(() => parseSecret('x'.repeat(1024), 'test')).not.toThrow()
    expect(refusalOf('x'.repeat(1025))).toContain('got a string of 1025 characters')
  })

  it('refuses text with a lone surrogate and takes a whole pair', () => {
    expect(refusalOf('key-\ud83d')).toContain('lone surrogate')
    expect(refusalOf('\ude00-key')).toContain('lone surrogate')
    expect(() => parseSecret('key-\ud83d\ude00', 'test')).not.toThrow()
  })

  const otherPublicHalf = Buffer.from(vectors.privateSecret.slice(5), 'base64')
  otherPublicHalf[40] = (otherPublicHalf[40] ?? 0) ^ 1

  it.each([
    ['whsec_ with nothing behind it', 'whsec_'],
    ['whsk_ with nothing behind it', 'whsk_'],
    ['a private key that is no base64', 'whsk_!!!!'],
    ['a private key of 31 bytes', `whsk_${Buffer.alloc(31, 7).toString('base64')}`],
    ['a private key of 63 bytes', `whsk_${Buffer.alloc(63, 7).toString('base64')}`],
    ['a private key without its padding', vectors.privateSecret.slice(0, -2)],
    ['a private key with a line end', `${vectors.privateSecret}\n`],
    ['a public half that is not the seed’s', `whsk_${otherPublicHalf.toString('base64')}`],
    ['a public key', vectors.publicSecret],
  ])('refuses %s rather than use it as an HMAC key', (_, secret) => {
    const behind = secret.slice(secret.indexOf('_') + 1)
    const message = refusalOf(secret)
    if (behind !== '') expect(message).not.toContain(behind.trim())
  })
})

describe('a prepared secret', () => {
  it.each([vectors.plainSecret, vectors.hmacSecret, vectors.privateSecret])('does not show itself: %s', (text) => {
    const secret = parseSecret(text, 'test')
    expect(JSON.stringify({ secret })).toBe('{"secret":"[secret]"}')
    expect(String(secret)).toBe('[secret]')
    expect(inspect({ secret }, { showHidden: true, depth: Infinity })).toBe('{ secret: [secret] }')
    expect(inspect(secret, { customInspect: false, showHidden: true, depth: Infinity })).not.toContain(text.slice(6))
    expect(Reflect.ownKeys(secret)).toEqual([])
    expect(structuredClone(secret)).toEqual({})
  })
})
