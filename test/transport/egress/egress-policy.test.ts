import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { InvalidOptionError } from '../../../src/errors/errors.ts'
import { createEgressPolicy } from '../../../src/transport/egress/egress-policy.ts'

const policy = (options: object, own: string[] = []) => createEgressPolicy(options, 'egress', {}, own)
const publicOnly = policy({ privateNetworks: 'deny' })
const permits = (address: string) => publicOnly.permits(address, 'host.test')

const forbidden = [
  '0.0.0.0 0.1.2.3 10.0.0.1 10.255.255.255 100.64.0.1 100.100.100.200 100.127.255.255 127.0.0.1 127.255.255.255',
  '168.63.129.16 169.254.0.1 169.254.169.254 169.254.170.2 169.254.170.23 172.16.0.1 172.31.255.255 192.0.0.192',
  '192.0.2.1 192.88.99.1 192.168.1.1 198.18.0.1 198.19.255.255 198.51.100.1 203.0.113.1 224.0.0.1 239.255.255.250',
  '240.0.0.1 255.255.255.255 :: ::1 0:0:0:0:0:0:0:1 ::127.0.0.1 ::ffff:127.0.0.1 ::ffff:7f00:1 ::ffff:a9fe:a9fe',
  '0:0:0:0:0:ffff:10.0.0.1 fc00::1 fd00:ec2::254 fd20:ce::254 fd7a:115c:a1e0::1 fe80::1 fe80::1%eth0 febf::1',
  'fe80::a9fe:a9fe fec0::1 ff02::1 ff0e::1 64:ff9b::7f00:1 64:ff9b::a9fe:a9fe 64:ff9b::808:808 64:ff9b:1::1',
  '2002:7f00:1:: 2002:a9fe:a9fe::1 2002:808:808::1 2001::1 2001:2::1 2001:10::1 2001:20::1 2001:db8::1 3fff::1',
  '100::1 100:0:0:1::1 5f00::1 4000::1',
].flatMap((line) => line.split(' '))

const allowed = [
  '1.1.1.1 8.8.8.8 9.255.255.255 11.0.0.0 100.63.255.255 100.128.0.1 168.63.129.15 172.15.255.255 172.32.0.1',
  '192.167.255.255 192.169.0.0 198.20.0.1 223.255.255.255 2606:4700:4700::1111 2001:4860:4860::8888 2a00:1450::1',
  '::ffff:8.8.8.8 ::ffff:808:808 2001:200::1',
].flatMap((line) => line.split(' '))

const garbage = [
  '',
  'localhost',
  '127.1',
  '0x7f.1',
  '2130706433',
  '[::1]',
  '1.2.3.4 ',
  '1.2.3.4/32',
  '::1/128',
  'fe80::%',
]

describe('where private networks are denied', () => {
  it.each(forbidden)('%s is forbidden', (address) => expect(permits(address)).toBe(false))
  it.each(allowed)('%s is permitted', (address) => expect(permits(address)).toBe(true))

  it('the machine’s own public addresses are forbidden', () => {
    const own = policy({ privateNetworks: 'deny' }, ['198.41.0.4', '2606:4700::1'])
    expect(own.permits('198.41.0.4', 'h')).toBe(false)
    expect(own.permits('::ffff:198.41.0.4', 'h')).toBe(false)
    expect(own.permits('2606:4700:0::1', 'h')).toBe(false)
    expect(own.permits('198.41.0.5', 'h')).toBe(true)
  })

  it('a v4 address is judged the same written as v6', () => {
    fc.assert(
      fc.property(fc.ipV4(), (address) => {
        expect(permits(`::ffff:${address}`)).toBe(permits(address))
      }),
    )
  })
})

describe('what is not an address', () => {
  it.each(garbage)('is forbidden whatever the rules: %j', (text) => {
    expect(policy({ privateNetworks: 'allow', allow: ['0.0.0.0/0', '::/0', 'h'] }).permits(text, 'h')).toBe(false)
  })
})

describe('the rules', () => {
  it('allow decides before deny, and deny before private networks', () => {
    const rules = policy({ privateNetworks: 'allow', allow: ['10.1.0.0/16'], deny: ['10.0.0.0/8', 'fd00::/8'] })
    expect(rules.permits('10.1.2.3', 'h')).toBe(true)
    expect(rules.permits('10.2.0.1', 'h')).toBe(false)
    expect(rules.permits('::ffff:10.2.0.1', 'h')).toBe(false)
    expect(rules.permits('fd00::1', 'h')).toBe(false)
    expect(rules.permits('192.168.0.1', 'h')).toBe(true)
  })

  it('allow opens exactly what it names', () => {
    const rules = policy({ privateNetworks: 'deny', allow: ['127.0.0.1', '[::1]'] })
    expect(rules.permits('127.0.0.1', 'h')).toBe(true)
    expect(rules.permits('127.0.0.2', 'h')).toBe(false)
    expect(rules.permits('::1', 'h')).toBe(true)
  })

  it('a rule for all of v6 says nothing about v4', () => {
    expect(policy({ privateNetworks: 'allow', deny: ['::/0'] }).permits('8.8.8.8', 'h')).toBe(true)
    expect(policy({ privateNetworks: 'deny', allow: ['::/0'] }).permits('127.0.0.1', 'h')).toBe(false)
    expect(policy({ privateNetworks: 'deny', allow: ['::/0'] }).permits('::ffff:127.0.0.1', 'h')).toBe(false)
  })

  it('a name stands for itself, “*.” and a name for all below it', () => {
    const rules = policy({ privateNetworks: 'deny', allow: ['Hooks.Internal', '*.svc.test', 'bücher.test'] })
    const local = (hostname: string) => rules.permits('10.0.0.1', hostname)
    expect(
      ['hooks.internal', 'HOOKS.internal.', 'a.svc.test', 'a.b.svc.test', 'xn--bcher-kva.test'].map(local),
    ).toEqual(Array(5).fill(true))
    expect(['x.hooks.internal', 'svc.test', 'asvc.test', 'internal'].map(local)).toEqual(Array(4).fill(false))
    expect(policy({ privateNetworks: 'allow', deny: ['evil.test'] }).permits('8.8.8.8', 'evil.test')).toBe(false)
  })

  it('outside production private networks are allowed by default, in production denied', () => {
    expect(createEgressPolicy(undefined, 'egress', {}, []).permits('127.0.0.1', 'h')).toBe(true)
    expect(createEgressPolicy(undefined, 'egress', { NODE_ENV: 'production' }, []).permits('127.0.0.1', 'h')).toBe(
      false,
    )
    expect(createEgressPolicy(undefined, 'egress', { NODE_ENV: 'production' }).permits('127.0.0.1', 'h')).toBe(false)
  })
})

describe('refuses', () => {
  it.each([
    ['egress', 'deny'],
    ['egress.privateNetworks', { privateNetworks: 'no' }],
    ['egress.privateNetwork', { privateNetwork: 'deny' }],
    ['egress.httpsOnly', { httpsOnly: 1 }],
    ['egress.allow', { allow: '10.0.0.0/8' }],
    ...[
      '10.0.0.0/33',
      '10.0.0/8',
      '10.0.0.0/',
      '10.0.0.0/08',
      '::/129',
      '127.1',
      '1.2.3.256',
      'fe80::1%lo',
      'a..b',
    ].map((rule): [string, object] => ['egress.deny[1]', { deny: ['10.0.0.1', rule] }]),
    ...['*', '*.', '*.*.test', 'http://a.test', 'a.test:80', '', ' ', 7, null].map((rule): [string, object] => [
      'egress.allow[0]',
      { allow: [rule] },
    ]),
  ])('%s: %j', (option, options) => {
    expect(() => createEgressPolicy(options, 'egress', {}, [])).toThrow(InvalidOptionError)
    expect(() => createEgressPolicy(options, 'egress', {}, [])).toThrow(option)
  })
})
