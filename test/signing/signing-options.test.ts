import { describe, expect, it } from 'vitest'
import { InvalidOptionError } from '../../src/errors/errors.ts'
import { resolveSigningOptions } from '../../src/signing/signing-options.ts'

describe('resolveSigningOptions', () => {
  it('gives X-Signature as bare hex, without a sequence signature, when nothing is asked for', () => {
    const defaults = { header: 'X-Signature', prefix: '', encoding: 'hex', sequence: false }
    expect(resolveSigningOptions(undefined, 'signing')).toEqual(defaults)
    expect(resolveSigningOptions({}, 'signing')).toEqual(defaults)
    expect(resolveSigningOptions({ header: undefined, prefix: undefined }, 'signing')).toEqual(defaults)
  })

  it('keeps what is asked for', () => {
    const options = { header: 'X-Webhook-Signature', prefix: 'sha256=', encoding: 'base64', sequence: true }
    expect(resolveSigningOptions(options, 'signing')).toEqual(options)
    expect(resolveSigningOptions({ header: 'x-signature' }, 'signing').header).toBe('x-signature')
  })

  it('cannot be changed afterwards, nor through the caller’s object', () => {
    const options = { prefix: 'a=' }
    const settings = resolveSigningOptions(options, 'signing')
    options.prefix = 'b='
    expect(settings.prefix).toBe('a=')
    expect(Object.isFrozen(settings)).toBe(true)
  })

  it.each([
    ['signing', null],
    ['signing', 'sha256='],
    ['signing', []],
    ['signing.haeder', { haeder: 'X-Sig' }],
    ['signing.header', { header: '' }],
    ['signing.header', { header: 'X Sig' }],
    ['signing.header', { header: 'X-Sig:' }],
    ['signing.header', { header: 'X-Sig\r\nX-Evil' }],
    ['signing.header', { header: 'X-Süg' }],
    ['signing.header', { header: 'x'.repeat(101) }],
    ['signing.header', { header: 'WEBHOOK-Signature' }],
    ['signing.header', { header: 'X-Event-Id' }],
    ['signing.header', { header: 'X_Signature' }],
    ['signing.header', { header: 'Content-Length' }],
    ['signing.header', { header: 1 }],
    ['signing.prefix', { prefix: 'a b' }],
    ['signing.prefix', { prefix: 'a\n' }],
    ['signing.prefix', { prefix: 'é=' }],
    ['signing.prefix', { prefix: 'x'.repeat(33) }],
    ['signing.prefix', { prefix: null }],
    ['signing.encoding', { encoding: 'base64url' }],
    ['signing.encoding', { encoding: 'HEX' }],
    ['signing.sequence', { sequence: 'true' }],
  ])('refuses and names %s in %j', (option, value) => {
    const refusal = expect.objectContaining({ option, message: expect.stringContaining(option) })
    expect(() => resolveSigningOptions(value, 'signing')).toThrow(InvalidOptionError)
    expect(() => resolveSigningOptions(value, 'signing')).toThrow(refusal)
  })
})
