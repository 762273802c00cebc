import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { parseEndpointUrl } from '../../src/endpoint/endpoint-url.ts'
import { InvalidUrlError } from '../../src/errors/errors.ts'

const parse = (value: unknown) => parseEndpointUrl(value, { httpsOnly: false })

function refusal(value: unknown, httpsOnly = false): string {
  try {
    parseEndpointUrl(value, { httpsOnly })
  } catch (error) {
    if (error instanceof InvalidUrlError) return error.message
    throw error
  }
  throw new Error('nothing was refused')
}

describe('an endpoint URL', () => {
  test('is taken apart into what a request needs', () => {
    expect(parse('https://merchant.example:8443/hooks?v=1&w=2')).toEqual({
      href: 'https://merchant.example:8443/hooks?v=1&w=2',
      origin: 'https://merchant.example:8443',
      path: '/hooks?v=1&w=2',
      hostname: 'merchant.example',
    })
  })

  test('may be a URL object, which is not changed', () => {
    const url = new URL('http://merchant.example/a#b')
    expect(parse(url).href).toBe('http://merchant.example/a')
    expect(url.href).toBe('http://merchant.example/a#b')
  })

  test.each([
    ['http://merchant.example', '/'],
    ['http://merchant.example/?', '/'],
    ['http://merchant.example/a#secret', '/a'],
    ['http://merchant.example/a/../b', '/b'],
    ['http://merchant.example//192.0.2.1/x', '//192.0.2.1/x'],
    ['http://merchant.example/é 日', '/%C3%A9%20%E6%97%A5'],
    ['http://merchant.example/\r\nX: y', '/X:%20y'],
    ['http://merchant.example/%0d%0aX:%20y', '/%0d%0aX:%20y'],
    ['http://merchant.example/\0x', '/%00x'],
  ])('has the path that goes on the wire: %j', (url, path) => {
    expect(parse(url)).toMatchObject({ path, href: `http://merchant.example${path}` })
  })

  test.each([
    ['http://localhost:3000/', 'localhost'],
    ['http://my_service/', 'my_service'],
    ['http://0x7f.1/', '127.0.0.1'],
    ['http://192.0.2.1/', '192.0.2.1'],
    ['http://[2001:DB8::1]/', '[2001:db8::1]'],
    ['http://exаmple.com/', 'xn--exmple-4nf.com'],
    [`http://${'a'.repeat(63)}.example/`, `${'a'.repeat(63)}.example`],
    [`http://${'abc.'.repeat(63)}d/`, `${'abc.'.repeat(63)}d`],
  ])('may have the host of %s', (url, hostname) => {
    expect(parse(url).hostname).toBe(hostname)
  })

  test.each<unknown>([
    null,
    undefined,
    5,
    [['http://a.example/']],
    { toString: () => 'http://a.example/' },
    { href: 'http://a.example/' },
  ])('is refused when it is neither text nor a URL object: %j', (value) => {
    expect(refusal(value)).toMatch(/^url must be a string or a URL object, got /)
  })

  test.each([
    '',
    'http://',
    '//merchant.example',
    '/hooks',
    'merchant.example',
    'http://256.256.256.256/',
    'http://[::1%25lo]/',
    'http://[127.0.0.1]/',
    'http://::1/',
    'http://a:65536/',
    'http://a b/',
  ])('is refused when it is not absolute: %s', (value) => {
    expect(refusal(value)).toMatch(/^url must be an absolute URL such as /)
  })

  test.each([
    'file:///etc/passwd',
    'ftp://merchant.example/',
    'ws://merchant.example/',
    'javascript:alert(1)',
    'data:text/plain,x',
    'blob:http://merchant.example/x',
    'http+unix://%2Fvar%2Frun/',
    'localhost:3000/hooks',
  ])('is refused with another scheme: %s', (value) => {
    expect(refusal(value)).toBe('url must begin with http:// or https://')
  })

  test('is refused without TLS when only https is wanted', () => {
    expect(refusal('http://merchant.example/', true)).toMatch(/^url must begin with https:\/\//)
    expect(parseEndpointUrl('https://merchant.example/', { httpsOnly: true }).origin).toBe('https://merchant.example')
  })

  test('is refused with port 0', () => {
    expect(refusal('http://merchant.example:0/')).toMatch(/^url must not have port 0/)
  })

  test.each([
    `http://${'a'.repeat(64)}.example/`,
    'http://a..b/',
    'http://a.example./',
    'http://./',
    'http://../',
    'http://-a.example/',
    'http://a-.example/',
    'http://xn--/',
    'http://a*b.example/',
  ])('is refused with a host no resolver can look up: %s', (value) => {
    expect(refusal(value)).toMatch(/^url must (have a host name whose labels|be an absolute URL)/)
  })

  test('is refused with a host name of 254 characters', () => {
    expect(refusal(`http://${'abc.'.repeat(63)}de/`)).toBe(
      'url must have a host name of at most 253 characters, got 254',
    )
  })

  test('is at most 2048 characters long, before and after it is escaped', () => {
    const start = 'http://merchant.example/'
    expect(parse(start.padEnd(2048, 'a')).href).toHaveLength(2048)
    expect(refusal(start.padEnd(2049, 'a'))).toBe('url must be at most 2048 characters long (when escaped), got 2049')
    expect(refusal(`http://merchant.example/${'é'.repeat(1000)}`)).toMatch(/^url must be at most 2048 characters/)
    expect(refusal('x'.repeat(1_048_576))).toMatch(/^url must be at most 2048 characters/)
  })

  test.each([
    'http://canary:pw@merchant.example/',
    'http://:canary@merchant.example/',
    'canary:pw@merchant.example',
    'ftp://canary@merchant.example/',
    'http://canary:pw@/',
    'http://canary@a..b/?canary#canary',
    'http://merchant.example:0/?token=canary',
    'http://-a/canary?canary',
    `http://merchant.example/canary?${'canary'.repeat(400)}`,
  ])('is never repeated in an error (%#)', (value) => {
    expect(refusal(value)).not.toContain('canary')
    expect(() => parse(value)).toThrow(expect.not.objectContaining({ cause: expect.anything() }))
  })

  test('is parsed or refused with its own error, whatever the text', () => {
    const text = fc.oneof(fc.string({ unit: 'binary' }), fc.webUrl({ withQueryParameters: true, withFragments: true }))
    fc.assert(
      fc.property(text, fc.constantFrom('', 'http://', 'https://a/'), (rest, start) => {
        try {
          const url = parse(start + rest)
          expect(url.href).toBe(url.origin + url.path)
          expect(new URL(url.href).href).toBe(url.href)
          expect(url.path).toMatch(/^\/[\x21-\x7e]*$/)
        } catch (error) {
          expect(error).toBeInstanceOf(InvalidUrlError)
        }
      }),
    )
  })
})
