import { inspect } from 'node:util'
import { describe, expect, it } from 'vitest'
import { InvalidOptionError } from '../../../src/errors/errors.ts'
import { readEgressProxy } from '../../../src/transport/egress/egress-proxy.ts'
import { egressPolicy } from '../transport-harness.ts'

describe('the URL of a proxy', () => {
  it.each([
    ['http://127.0.0.1:4750', { protocol: 'http:', hostname: '127.0.0.1', port: '4750' }],
    ['https://proxy.internal', { protocol: 'https:', hostname: 'proxy.internal', port: '' }],
    [new URL('http://[::1]:4750/'), { protocol: 'http:', hostname: '[::1]', port: '4750' }],
  ])('may be %s', (url, target) => {
    const proxy = readEgressProxy(url, 'egress.proxy')
    expect(proxy.target).toEqual(target)
    expect(proxy.connectRequest('h:1')).toBe('CONNECT h:1 HTTP/1.1\r\nHost: h:1\r\n\r\n')
  })

  it.each([
    [4750, 'must be a URL such as "http://127.0.0.1:4750", got 4750 (number)'],
    [null, 'must be a URL such as "http://127.0.0.1:4750", got null'],
    ['', 'must be a URL such as'],
    ['10.0.0.1:4750', 'must be a URL such as'],
    [`http://proxy.test/?${'x'.repeat(2_048)}`, 'must be a URL such as'],
    ['proxy:4750', 'must begin with http:// or https://'],
    ['socks5://hunter2@proxy.test', 'must begin with http:// or https://, got a string of 27 characters'],
    ['http://u:hunter2@proxy.test/path', 'must have no path, no query and no fragment'],
    [new URL('http://u:hunter2@proxy.test/?query'), 'must have no path, no query and no fragment, got an object'],
    ['http://u:hunter2@proxy.test/#fragment', 'must have no path, no query and no fragment'],
    ['http://u:hunter2@proxy.test:0', 'must not have port 0'],
    ['http://hunter2%3A:x@proxy.test', 'must have a percent-encoded user name and password, and no colon in'],
    ['http://u:hunter2%E9@proxy.test', 'must have a percent-encoded user name and password'],
  ])('is refused as %s, without being shown', (value, message) => {
    const attempt = () => egressPolicy({ proxy: value })
    expect(attempt).toThrow(InvalidOptionError)
    expect(attempt).toThrow(`egress.proxy ${message}`)
    try {
      attempt()
    } catch (error) {
      expect(inspect(error, { showHidden: true, depth: 9 })).not.toContain('hunter2')
    }
  })
})

describe('a user name and a password', () => {
  it.each([
    ['http://user:pass@proxy.test', 'user:pass'],
    ['http://user@proxy.test', 'user:'],
    ['http://:pass@proxy.test', ':pass'],
    ['http://us%40er:p%3Aä%0d%0a@proxy.test', 'us@er:p:ä\r\n'],
  ])('of %s are sent in the Basic scheme', (url, credentials) => {
    const sent = Buffer.from(credentials).toString('base64')
    expect(readEgressProxy(url, 'egress.proxy').connectRequest('h:1')).toBe(
      `CONNECT h:1 HTTP/1.1\r\nHost: h:1\r\nProxy-Authorization: Basic ${sent}\r\n\r\n`,
    )
  })

  it('are not to be read off the policy', () => {
    const policy = egressPolicy({ proxy: 'http://hunter2:hunter3@proxy.test' })
    const shown = inspect(policy, { showHidden: true, depth: 9 }) + JSON.stringify(policy)
    expect(shown).toContain('proxy.test')
    expect(shown).not.toMatch(/hunter|Basic|aHVudGVy/)
  })
})
