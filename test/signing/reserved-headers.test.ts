import { describe, expect, it } from 'vitest'
import { isHeaderName, isReservedHeader } from '../../src/signing/reserved-headers.ts'

describe('isReservedHeader', () => {
  it.each([
    ['the connection', 'host content-length transfer-encoding connection keep-alive upgrade te trailer expect'],
    ['proxies', 'proxy proxy-authorization proxy-connection proxy-anything x-forwarded-for forwarded x-real-ip'],
    ['hookline', 'content-type content-encoding user-agent webhook-id webhook-timestamp webhook-signature'],
    ['the contract', 'x-signature x-event-type x-event-id x-event-attempt x-event-sequence x-event-sequence-signature'],
    ['credentials and clouds', 'cookie x-amz-date x-aws-ec2-metadata-token x-goog-iam x-google-metadata-request'],
    ['metadata services', 'x-azure-ref metadata metadata-flavor'],
  ])('keeps for %s, in any case and with _ for -: %s', (_, names) => {
    for (const name of names.split(' ')) {
      expect(isReservedHeader(name), name).toBe(true)
      expect(isReservedHeader(name.toUpperCase()), name).toBe(true)
      expect(isReservedHeader(name.replaceAll('-', '_')), name).toBe(true)
    }
  })

  it.each(['Authorization', 'X-Tenant', 'X-Event-Source', 'Accept', 'X-Webhook-Signature', 'constructor'])(
    'leaves %s to the endpoint',
    (name) => {
      expect(isReservedHeader(name)).toBe(false)
    },
  )
})

describe('isHeaderName', () => {
  it('takes every character of an RFC 9110 token, and no other', () => {
    const characters = Array.from({ length: 0x180 }, (_, code) => String.fromCharCode(code))
    const token = /[!#$%&'*+.^_`|~\w-]/
    for (const character of characters) expect(isHeaderName(`x${character}`), character).toBe(token.test(character))
  })

  it('takes 1 to 100 characters', () => {
    expect(['', 'x', 'x'.repeat(100), 'x'.repeat(101)].map(isHeaderName)).toEqual([false, true, true, false])
  })
})
