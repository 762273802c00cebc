import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { systemClock } from '../../../src/clock/system-clock.ts'
import { InvalidOptionError } from '../../../src/errors/errors.ts'
import { createEgressPolicy } from '../../../src/transport/egress/egress-policy.ts'
import { OwnAddresses } from '../../../src/transport/egress/own-addresses.ts'

const policy = (options: object, own: string[] = []) =>
  createEgressPolicy(options, 'egress', {}, new OwnAddresses(systemClock, () => own))
const publicOnly = policy({ privateNetworks: 'deny' })
const permits = (address: string) => publicOnly.permits(address, 'host.test', 443)

const forbidden = [
  '0.0.0.0 0.1.2.3 10.0.0.1 10.255.255.255 100.64.0.1 100.100.100.200 100.127.255.255 127.0.0.1 127.255.255.255',
  '168.63.129.16 169.254.0.1 169.254.169.254 169.254.170.2 169.254.170.23 172.16.0.1 172.31.255.255 192.0.0.192',
  '192.0.2.1 192.88.99.1 192.168.1.1 198.18.0.1 198.19.255.255 198.51.100.1 203.0.113.1 224.0.0.1 239.255.255.250',
  '240.0.0.1 255.255.255.255 :: ::1 0:0:0:0:0:0:0:1 ::127.0.0.1 ::ffff:127.0.0.1 ::ffff:7f00:1 ::ffff:a9fe:a9fe',
  '0:0:0:0:0:ffff:10.0.0.1 fc00::1 fd00:ec2::254 fd20:ce::254 fd7a:115c:a1e0::1 fe80::1 fe80::1%eth0 febf::1',
  'fe80::a9fe:a9fe fec0::1 ff02::1 ff0e::1 64:ff9b::7f00:1 64:ff9b::a9fe:a9fe 64:ff9b::808:808 64:ff9b:1::1',
  '2002:7f00:1:: 2002:a9fe:a9fe::1 2002:808:808::1 2001::1 2001:2::1 2001:10::1 2001:20::1 2001:db8::1 3fff::1',
  '100::1 100:0:0:1::1 5f00::1 4000::1 1fff:ffff::1 ffff::1 64:ff9b:1:7f00:0:100:: 64:ff9b:1::7f00:1 2001:0:7f00:1::1',
  '::ffff:0:7f00:1 fe80::5efe:127.0.0.1 2a00:1450::5efe:10.0.0.1 2a00:1450::200:5efe:7f00:1 192.0.0.0 192.0.0.255',
].flatMap((line) => line.split(' '))

const allowed = [
  '1.1.1.1 8.8.8.8 9.255.255.255 11.0.0.0 100.63.255.255 100.128.0.1 168.63.129.15 172.15.255.255 172.32.0.1',
  '192.167.255.255 192.169.0.0 198.20.0.1 223.255.255.255 2606:4700:4700::1111 2001:4860:4860::8888 2a00:1450::1',
  '::ffff:8.8.8.8 ::ffff:808:808 2001:200::1 2000::1 3ffe:ffff::1 2003::1 2a00:1450::5efe:8.8.8.8 191.255.255.255',
  '169.253.255.255 169.255.0.1 126.255.255.255 128.0.0.1 1.0.0.0 192.0.1.0 192.0.3.0 192.88.98.255 192.88.100.0',
  '198.17.255.255 198.51.99.255 198.51.101.0 203.0.112.255 203.0.114.0 2001:db7::1 2001:db9::1 3fff:1000::1',
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
    expect(own.permits('198.41.0.4', 'h', 443)).toBe(false)
    expect(own.permits('::ffff:198.41.0.4', 'h', 443)).toBe(false)
    expect(own.permits('2606:4700:0::1', 'h', 443)).toBe(false)
    expect(own.permits('198.41.0.5', 'h', 443)).toBe(true)
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
    expect(policy({ privateNetworks: 'allow', allow: ['0.0.0.0/0', '::/0', 'h'] }).permits(text, 'h', 443)).toBe(false)
  })
})

describe('the rules', () => {
  it('allow decides before deny, and deny before private networks', () => {
    const rules = policy({ privateNetworks: 'allow', allow: ['10.1.0.0/16'], deny: ['10.0.0.0/8', 'fd00::/8'] })
    expect(rules.permits('10.1.2.3', 'h', 443)).toBe(true)
    expect(rules.permits('10.2.0.1', 'h', 443)).toBe(false)
    expect(rules.permits('::ffff:10.2.0.1', 'h', 443)).toBe(false)
    expect(rules.permits('fd00::1', 'h', 443)).toBe(false)
    expect(rules.permits('192.168.0.1', 'h', 443)).toBe(true)
  })

  it('allow opens exactly what it names', () => {
    const rules = policy({ privateNetworks: 'deny', allow: ['127.0.0.1', '[::1]'] })
    expect(rules.permits('127.0.0.1', 'h', 443)).toBe(true)
    expect(rules.permits('127.0.0.2', 'h', 443)).toBe(false)
    expect(rules.permits('::1', 'h', 443)).toBe(true)
  })

  it('a rule for all of v6 says nothing about v4', () => {
    expect(policy({ privateNetworks: 'allow', deny: ['::/0'] }).permits('8.8.8.8', 'h', 443)).toBe(true)
    expect(policy({ privateNetworks: 'deny', allow: ['::/0'] }).permits('127.0.0.1', 'h', 443)).toBe(false)
    expect(policy({ privateNetworks: 'deny', allow: ['::/0'] }).permits('::ffff:127.0.0.1', 'h', 443)).toBe(false)
  })

  it('a name stands for itself, “*.” and a name for all below it', () => {
    const rules = policy({ privateNetworks: 'deny', allow: ['Hooks.Internal', '*.svc.test', 'bücher.test'] })
    const local = (hostname: string) => rules.permits('10.0.0.1', hostname, 443)
    expect(
      ['hooks.internal', 'HOOKS.internal.', 'a.svc.test', 'a.b.svc.test', 'xn--bcher-kva.test'].map(local),
    ).toEqual(Array(5).fill(true))
    expect(['x.hooks.internal', 'svc.test', 'asvc.test', 'internal'].map(local)).toEqual(Array(4).fill(false))
    expect(policy({ privateNetworks: 'allow', deny: ['evil.test'] }).permits('8.8.8.8', 'evil.test', 443)).toBe(false)
  })

  it('outside production private networks are allowed by default, in production denied', () => {
    expect(createEgressPolicy(undefined, 'egress', {}).permits('127.0.0.1', 'h', 443)).toBe(true)
    expect(createEgressPolicy(undefined, 'egress', { NODE_ENV: 'production' }).permits('127.0.0.1', 'h', 443)).toBe(
      false,
    )
  })
})

describe('a rule of deny for v4', () => {
  const rules = policy({
    privateNetworks: 'allow',
    deny: ['10.0.0.0/8', '127.0.0.0/8'],
    allow: ['10.9.0.0/16', '64:ff9b::a07:1'],
  })
  const denied = [
    '10.0.0.1 ::ffff:10.0.0.1 ::10.0.0.1 ::ffff:0:10.0.0.1 64:ff9b::a00:1 64:ff9b:1::a00:1 64:ff9b:1:a00:0:100::',
    '2002:a00:1:: 2002:a00:1:2:3:4:5:6 2001:0:a00:1::1 2001:0:808:808::f5ff:fffe 2a00::5efe:10.0.0.1',
    'fe80::200:5efe:a00:1 64:ff9b::a00:1%eth0 0.0.0.0 :: 0:0::0 64:ff9b:1:a:0:1:: 64:ff9b:1:0:a:0:100::',
  ].flatMap((line) => line.split(' '))
  const others =
    '11.0.0.1 ::11.0.0.1 64:ff9b::b00:1 2002:b00:a00:: 2a00::a00:1 fd00::10.0.0.1 ::1 64:ff9b:1:b:0:1:0:1'.split(' ')

  it.each(denied)('holds for %s', (address) => expect(rules.permits(address, 'h', 443)).toBe(false))
  it.each(others)('says nothing about %s', (address) => expect(rules.permits(address, 'h', 443)).toBe(true))

  it('is no match for what allow names, which is taken by the letter', () => {
    expect(rules.permits('10.9.0.1', 'h', 443)).toBe(true)
    expect(rules.permits('::ffff:10.9.0.1', 'h', 443)).toBe(true)
    expect(rules.permits('64:ff9b::a07:1', 'h', 443)).toBe(true)
    expect(rules.permits('64:ff9b::a09:1', 'h', 443)).toBe(false)
    expect(rules.permits('2002:a09:1::', 'h', 443)).toBe(false)
  })
})

describe('the port', () => {
  const allowed = policy({ privateNetworks: 'deny', allow: ['smtp.test', '1.1.1.0/24'] })

  it.each([1, 22, 25, 79, 81, 442, 444, 1023])('%i is forbidden where private networks are, unless allowed', (port) => {
    expect(publicOnly.permits('8.8.8.8', 'h', port)).toBe(false)
    expect(allowed.permits('8.8.8.8', 'h', port)).toBe(false)
    expect(allowed.permits('8.8.8.8', 'smtp.test', port)).toBe(true)
    expect(allowed.permits('1.1.1.1', 'h', port)).toBe(true)
    expect(policy({ privateNetworks: 'allow' }).permits('8.8.8.8', 'h', port)).toBe(true)
  })

  it.each([80, 443, 1024, 8080, 65535])('%i is permitted', (port) => {
    expect(publicOnly.permits('8.8.8.8', 'h', port)).toBe(true)
  })
})

describe('a name', () => {
  it('of a single label may be asked for only where private networks are allowed, or allow has it', () => {
    const some = policy({ privateNetworks: 'deny', allow: ['receiver', '10.0.0.0/8'] })
    for (const name of ['metadata', 'metadata.', 'LOCALHOST', '.metadata']) {
      expect(publicOnly.mayResolve(name)).toBe(false)
      expect(some.mayResolve(name)).toBe(false)
      expect(policy({ privateNetworks: 'allow' }).mayResolve(name)).toBe(true)
    }
    expect(some.mayResolve('Receiver.')).toBe(true)
    expect(publicOnly.mayResolve('a.test')).toBe(true)
  })

  it('may be local only where private networks are allowed, or allow has it', () => {
    expect(policy({ privateNetworks: 'allow' }).mayBeLocal('a.test')).toBe(true)
    expect(publicOnly.mayBeLocal('a.test')).toBe(false)
    const some = policy({ privateNetworks: 'deny', allow: ['*.internal', '0.0.0.0/0'] })
    expect(some.mayBeLocal('hooks.internal')).toBe(true)
    expect(some.mayBeLocal('a.test')).toBe(false)
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
      'a.test/16',
      'a.test?',
      'me@a.test',
      'a%2etest',
    ].map((rule): [string, object] => ['egress.deny[1]', { deny: ['10.0.0.1', rule] }]),
    ...['*', '*.', '*.*.test', 'http://a.test', 'a.test:80', '', ' ', 7, null].map((rule): [string, object] => [
      'egress.allow[0]',
      { allow: [rule] },
    ]),
  ])('%s: %j', (option, options) => {
    expect(() => createEgressPolicy(options, 'egress', {})).toThrow(InvalidOptionError)
    expect(() => createEgressPolicy(options, 'egress', {})).toThrow(option)
  })
})
