import { createHmac } from 'node:crypto'
import { describe, expect, it } from 'vitest'
import { InvalidSecretError } from '../../src/errors/errors.ts'
import { verifySequence } from '../../src/verify/index.ts'
import * as vectors from '../signing/vectors.ts'

const secret = vectors.plainSecret
const eventId = 'evt_V1StGXR8_Z5jdHi6B-myT'
const signature = vectors.sequenceHex
const signed = { secret, eventId, sequence: '42', signature }

describe('verifySequence', () => {
  it('accepts the signed place in line, as text and as a number', () => {
    expect(verifySequence(signed)).toBe(true)
    expect(verifySequence({ ...signed, sequence: 42 })).toBe(true)
  })

  it('accepts any of several secrets', () => {
    expect(verifySequence({ ...signed, secret: ['another', secret] })).toBe(true)
    expect(verifySequence({ ...signed, secret: [secret, 'another'] })).toBe(true)
    expect(verifySequence({ ...signed, secret: ['another'] })).toBe(false)
  })

  it.each([
    { sequence: '43' },
    { sequence: 43 },
    { eventId: 'evt_V1StGXR8_Z5jdHi6B-myU' },
    { signature: signature.slice(1) },
    { signature: signature.replace('c', 'd') },
    { signature: signature.toUpperCase() },
    { signature: '' },
    { signature: undefined },
    { eventId: undefined },
    { sequence: undefined },
  ])('refuses what was not signed: %o', (change) => {
    expect(verifySequence({ ...signed, ...change })).toBe(false)
  })

  it.each(['042', '42.0', ' 42', '4e1', '0', '-1', '', '1'.repeat(17), 0, -1, 1.5, NaN, Infinity])(
    'refuses a place that is not a whole number from 1 in its plain form, even signed: %j',
    (sequence) => {
      const mac = createHmac('sha256', secret).update(`${eventId}.${sequence}`).digest('hex')
      expect(verifySequence({ ...signed, sequence, signature: mac })).toBe(false)
    },
  )

  it('refuses a request signature passed off as a sequence signature', () => {
    const mac = createHmac('sha256', secret).update('evt_1.1614265330.5').digest('hex')
    expect(verifySequence({ secret, eventId: 'evt_1.1614265330', sequence: '5', signature: mac })).toBe(false)
  })

  it.each(['', 'whsec_', vectors.publicSecret, []])('throws for a secret that cannot check it: %j', (unfit) => {
    expect(() => verifySequence({ ...signed, secret: unfit })).toThrow(InvalidSecretError)
  })
})
