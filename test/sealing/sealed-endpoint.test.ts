import { describe, expect, it } from 'vitest'
import type { StoredEndpoint } from '../../src/log/stored-endpoints.ts'
import { secretBox } from '../../src/sealing/secret-box.ts'
import { openEndpoint, sealEndpoint } from '../../src/sealing/sealed-endpoint.ts'

const endpoint: StoredEndpoint = {
  endpointId: 'ep_1',
  url: 'https://merchant.example/hooks/t0ken',
  settings: { version: 1, headers: { Authorization: 'Bearer cr3dential' } },
  secrets: [
    { secret: 'the s3cret', retiresAtMs: null },
    { secret: 'the one bef0re', retiresAtMs: 1_700_000_000_000 },
  ],
}
const sealing = secretBox([{ id: 'k1', key: new Uint8Array(32).fill(1) }])
const plain = secretBox([])

describe('a sealed endpoint', () => {
  it.each([
    ['with a key', sealing],
    ['without one', plain],
  ])('comes back as it was, %s', (_, box) => {
    const text = sealEndpoint(box, endpoint)
    expect(text).not.toMatch(/[\r\n]/)
    expect(openEndpoint(box, text, 'ep_1')).toEqual(endpoint)
  })

  it('shows neither secret, nor the value of a header, nor the URL', () => {
    const text = sealEndpoint(sealing, endpoint)
    const letters = text + Buffer.from(text.slice(text.lastIndexOf('.') + 1), 'base64url').toString('latin1')
    expect(letters).not.toMatch(/s3cret|bef0re|cr3dential|t0ken|merchant/)
  })

  it('is not that of another endpoint', () => {
    expect(() => openEndpoint(sealing, sealEndpoint(sealing, endpoint), 'ep_2')).toThrow('does not open')
  })

  it.each([
    ['{'],
    ['null'],
    ['[]'],
    ['{"url":1,"settings":{},"secrets":[{"secret":"s3cret","retiresAtMs":null}]}'],
    ['{"url":"https://a.example/","settings":{},"secrets":[]}'],
    ['{"url":"https://a.example/","settings":{},"secrets":["s3cret"]}'],
    ['{"url":"https://a.example/","settings":{},"secrets":[{"secret":"s3cret","retiresAtMs":"soon"}]}'],
  ])('is damaged when it says something else, and the error repeats nothing of it: %s', (text) => {
    expect(() => openEndpoint(plain, `plain:${text}`, 'ep_1')).toThrow(
      expect.objectContaining({
        reason: 'damaged',
        message: "what is stored of ep_1 is no endpoint's configuration",
      }),
    )
  })
})
