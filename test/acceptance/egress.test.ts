import { execFile } from 'node:child_process'
import { once } from 'node:events'
import { connect } from 'node:net'
import { networkInterfaces } from 'node:os'
import { promisify } from 'node:util'
import { beforeEach, describe, expect, it, vi } from 'vitest'
import { InvalidUrlError, type WebhookService } from '../../src/index.ts'
import { builtScript } from '../support/built-script.ts'
import { startDnsServer } from '../transport/egress/dns-server.ts'
import { onEachRequest, startServer } from '../transport/test-server.ts'
import { records, settled } from './await-events.ts'
import { blocked, outcomeAt, startListener, startServiceWithNames, type Listener } from './egress-services.ts'
import { quickRetry, secret, startReceiver, startService } from './start.ts'

const publicOnly = { privateNetworks: 'deny' } as const
const oneAttempt = { ...quickRetry, maxAttempts: 1 }

/** Hosts as a stranger may write them, each of which leads to this machine, its network, or where no server is. */
const forbiddenHosts = [
  '127.0.0.1 127.1 127.0.1 2130706433 0x7f000001 0x7f.1 0x7f.0x0.0x0.0x1 0177.0.0.1 127.000.000.001 127.0.0.1. １２７.0.0.1',
  '127。0。0。1 127.0.0.2 127.255.255.254 0.0.0.0 0 0x0 0.1.2.3 [::1] [0:0:0:0:0:0:0:1] [::] [::127.0.0.1] [::ffff:127.0.0.1]',
  '[::ffff:7f00:1] [0:0:0:0:0:ffff:7f00:1] [::ffff:0:127.0.0.1] [::ffff:a9fe:a9fe] [::ffff:0.0.0.0] [::ffff:0:0:7f00:1]',
  '10.0.0.1 10.255.255.255 100.64.0.1 100.127.255.255 100.100.100.200 172.16.0.1 172.31.255.255 192.168.1.1 168.63.129.16',
  '169.254.169.254 169.254.170.2 169.254.170.23 169.254.0.1 192.0.0.192 192.0.2.1 198.51.100.1 203.0.113.1 198.18.0.1',
  '198.19.255.255 192.88.99.1 224.0.0.1 239.255.255.250 240.0.0.1 255.255.255.255 [fc00::1] [fd00:ec2::254] [fd20:ce::254]',
  '[fd7a:115c:a1e0::1] [fe80::1] [febf::1] [fe80::a9fe:a9fe] [fec0::1] [ff02::1] [ff0e::1] [64:ff9b::7f00:1]',
  '[64:ff9b::a9fe:a9fe] [64:ff9b::808:808] [64:ff9b:1::7f00:1] [2002:7f00:1::] [2002:a9fe:a9fe::1] [2002:808:808::1]',
  '[2001:0:7f00:1::1] [2001::80ff:fffe] [fe80::5efe:127.0.0.1] [2a00:1450::200:5efe:127.0.0.1] [2001:2::1] [2001:10::1]',
  '[2001:20::1] [2001:db8::1] [3fff::1] [100::1] [100:0:0:1::1] [5f00::1] localhost LOCALHOST x.localhost metadata',
  'instance-data kubernetes',
].flatMap((line) => line.split(' '))

const ownHosts = Object.values(networkInterfaces())
  .flatMap((entries) => entries ?? [])
  .map(({ address }) => (address.includes(':') ? `[${address}]` : address))

/** Names in the DNS of a stranger. */
const strangersZone = {
  'loopback.test': ['127.0.0.1'],
  'loopback6.test': ['::1'],
  'mapped.test': ['::ffff:127.0.0.1'],
  'unspecified.test': ['0.0.0.0'],
  'private.test': ['10.0.0.1'],
  'public-and-private.test': ['198.41.0.4', '127.0.0.1'],
  'private6.test': ['198.41.0.4', '::1'],
  'alias.test': { alias: 'inner.test', addresses: ['127.0.0.1'] },
  'thousand.test': [...Array.from({ length: 999 }, (_, n) => `198.41.${n >> 8}.${n & 255}`), '127.0.0.1'],
  'metadata.google.internal': ['169.254.169.254'],
  'localhost.localdomain': ['127.0.0.1'],
} as const

describe.each(['http', 'https'])('no connection is opened over %s', (scheme) => {
  let listener: Listener

  beforeEach(async () => {
    listener = await startListener()
  })

  it('to an address that is not public, however it is spelled, whatever is there', async () => {
    const service = startService({ egress: publicOnly })
    for (const host of [...forbiddenHosts, ...ownHosts]) {
      // A port where there is a listener, one where there is none, and the scheme's own.
      for (const port of [`:${listener.port}`, ':1', '']) {
        expect(await outcomeAt(service, `${scheme}://${host}${port}/`), host).toEqual(blocked)
      }
    }
    expect(listener.connections).toBe(0)
  })

  it('to a name that leads there, also beside public addresses', async () => {
    const { service } = await startServiceWithNames(strangersZone, publicOnly)
    for (const name of Object.keys(strangersZone)) {
      expect(await outcomeAt(service, `${scheme}://${name}:${listener.port}/`), name).toEqual(blocked)
    }
    expect(listener.connections).toBe(0)
  })

  it('to another port below 1024 than 80 and 443', async () => {
    const service = startService({ egress: publicOnly })
    for (const port of [22, 25, 465, 993]) {
      expect(await outcomeAt(service, `${scheme}://198.41.0.4:${port}/`)).toEqual(blocked)
    }
  })

  it('to what deny names, where private networks are allowed', async () => {
    const deny = ['127.0.0.0/8', '::1', '169.254.0.0/16', 'denied.test']
    const { service } = await startServiceWithNames({ 'denied.test': ['198.41.0.4'] }, { deny })
    const hosts =
      '127.1 [::1] 0.0.0.0 [::] [::ffff:127.0.0.1] [64:ff9b::a9fe:a9fe] [2002:7f00:1::] localhost denied.test'
    for (const host of hosts.split(' ')) {
      expect(await outcomeAt(service, `${scheme}://${host}:${listener.port}/`), host).toEqual(blocked)
    }
    expect(listener.connections).toBe(0)
  })
})

it('the listener of these tests hears every address of this machine', async () => {
  const listener = await startListener()
  let reached = 0
  for (const { address, scopeid } of Object.values(networkInterfaces()).flatMap((entries) => entries ?? [])) {
    if (scopeid !== undefined && scopeid !== 0) continue
    await once(connect(listener.port, address), 'close')
    reached++
  }
  await once(connect(listener.port, '127.0.0.2'), 'close')
  await once(connect(listener.port, '0.0.0.0'), 'close')
  expect(listener.connections).toBe(reached + 2)
  expect(reached).toBeGreaterThan(0)
})

it.each([
  'http://256.256.256.256/',
  'http://1.2.3.4.5/',
  'http://08.0.0.1/',
  'http://0x100000000/',
  'http://4294967296/',
  'http://1.2.3.256/',
  'http://[::1%25lo]/',
  'http://[fe80::1%eth0]/',
  'http://[127.0.0.1]/',
  'http://localhost./',
  'http://10.0.0.1:0/',
  'file:///etc/passwd',
  'gopher://127.0.0.1/',
  'unix:/var/run/docker.sock',
  'http://user:pass@127.0.0.1/',
])('%s is no URL of an endpoint', (url) => {
  const service = startService({ egress: publicOnly })
  expect(() => service.registerEndpoint(url, secret)).toThrow(InvalidUrlError)
})

it('a name of a single label is not even asked for', async () => {
  const { service, dns } = await startServiceWithNames({ metadata: ['198.41.0.4'] }, publicOnly)
  expect(await outcomeAt(service, 'http://metadata/')).toEqual(blocked)
  expect(dns.questions).toEqual([])
})

describe('a name', () => {
  it('is judged anew for each connection, by the one answer that decides where it goes', async () => {
    const answers = ['127.0.0.1', '127.0.0.2', '127.0.0.1']
    const once = 'HTTP/1.1 200 OK\r\nconnection: close\r\ncontent-length: 0\r\n\r\n'
    const server = await startServer((socket) => onEachRequest(socket, () => socket.end(once)))
    let asked = 0
    const zone = { 'rebind.test': ({ family }: { family: 4 | 6 }) => (family === 4 ? [answers[asked++]!] : []) }
    const { service } = await startServiceWithNames(zone, { ...publicOnly, allow: ['127.0.0.1'] })
    const url = `http://rebind.test:${server.port}/`
    expect(await outcomeAt(service, url)).toMatchObject({ status: 'delivered' })
    expect(asked).toBe(1)
    expect(await outcomeAt(service, url)).toEqual(blocked)
    expect(asked).toBe(2)
    expect(await outcomeAt(service, url)).toMatchObject({ status: 'delivered' })
    expect(server.accepted).toBe(2)
    await server.close()
  })

  it('that exists only in this machine’s network is found where it is meant', async () => {
    const receiver = await startReceiver()
    const { port } = new URL(receiver.url)
    const zone = { 'receiver.internal': ['127.0.0.1'] } as const
    const { service } = await startServiceWithNames(zone, { ...publicOnly, allow: ['receiver.internal'] })
    expect(await outcomeAt(service, `http://receiver.internal:${port}/`)).toMatchObject({ status: 'delivered' })
  })
})

describe('names whose DNS never answers', () => {
  const zone = (hanging: number, healthy: number) => ({
    ...Object.fromEntries(Array.from({ length: hanging }, (_, n) => [`hanging-${n}.test`, 'silence' as const])),
    ...Object.fromEntries(Array.from({ length: healthy }, (_, n) => [`healthy-${n}.test`, ['127.0.0.1']])),
  })

  it('delay nobody: a hundred others deliver while fifty hang', async () => {
    const receiver = await startReceiver()
    const { port } = new URL(receiver.url)
    const { service, dns } = await startServiceWithNames(zone(50, 100), {})
    const submit = (name: string) =>
      service.submitEvent(service.registerEndpoint(`http://${name}:${port}/${name}`, secret), 'tick', {})
    const hanging = Array.from({ length: 50 }, (_, n) => submit(`hanging-${n}.test`))
    await vi.waitFor(() => expect(dns.questions.length).toBeGreaterThanOrEqual(100))
    const healthy = Array.from({ length: 100 }, (_, n) => submit(`healthy-${n}.test`))
    await settled(service, ...healthy)
    expect(healthy.map((id) => service.getEventStatus(id).status)).toEqual(Array(100).fill('delivered'))
    expect(hanging.map((id) => service.getEventStatus(id))).toEqual(
      Array(50).fill({ status: 'delivering', attempts: 1, lastError: null, deliveredAt: null }),
    )
  })

  it('end with the deadline of their attempt, and nothing was sent', async () => {
    const { service } = await startServiceWithNames(zone(50, 0), {}, { timeoutMs: 100, retry: oneAttempt })
    const events = Array.from({ length: 50 }, (_, n) =>
      service.submitEvent(service.registerEndpoint(`http://hanging-${n}.test/`, secret), 'tick', {}),
    )
    await settled(service, ...events)
    for (const event of events) {
      expect(records(service, event, 'attempt.failed')[0]!.event.failure).toMatchObject({
        reason: 'timeout',
        reach: 'notSent',
      })
    }
  })
})

describe('an answer that points elsewhere', () => {
  /** What a receiver may say to send its caller to another place. */
  const pointers = (target: string): [number, string, string?][] => [
    ...[300, 301, 302, 303, 304, 307, 308].map((status): [number, string] => [status, `location: ${target}`]),
    [302, `location: //${new URL(target).host}/x`],
    [302, `location: https://${new URL(target).host}/`],
    [302, 'location: gopher://127.0.0.1/'],
    [302, `location: ${target}?${'x'.repeat(20_000)}`],
    [302, `location: ${target}\r\nlocation: ${target}/2`],
    [503, `refresh: 0; url=${target}`],
    [503, `link: <${target}>; rel=preload`],
    [503, `alt-svc: http/1.1="${new URL(target).host}"`],
    [503, 'content-type: text/html', `<meta http-equiv="refresh" content="0; url=${target}">`],
    [401, `www-authenticate: Negotiate\r\nlocation: ${target}`],
  ]

  it('takes nobody there, and asks for no second request', async () => {
    const target = await startListener()
    for (const [status, header, body = ''] of pointers(`http://127.0.0.1:${target.port}/`)) {
      let requests = 0
      const answer = `HTTP/1.1 ${status} Elsewhere\r\n${header}\r\ncontent-length: ${body.length}\r\n\r\n${body}`
      const server = await startServer((socket) =>
        onEachRequest(socket, () => {
          requests++
          socket.write(answer)
        }),
      )
      const service = startService({ retry: oneAttempt })
      const { status: outcome, attempts } = await outcomeAt(service, server.origin)
      expect(['failed', 'deadLettered'], header.slice(0, 60)).toContain(outcome)
      expect([attempts, requests]).toEqual([1, 1])
      await service.shutdown()
      await server.close()
    }
    expect(target.connections).toBe(0)
  })
})

describe('every way to an attempt is guarded', () => {
  let service: WebhookService
  let listener: Listener

  beforeEach(async () => {
    listener = await startListener()
    service = startService({ egress: { ...publicOnly, allow: ['127.0.0.1'] } })
  })

  it('a URL that changes while events wait', async () => {
    const receiver = await startReceiver()
    const endpoint = service.registerEndpoint(receiver.url, secret)
    service.pauseEndpoint(endpoint)
    const events = [1, 2, 3].map((n) => service.submitEvent(endpoint, 'tick', { n }))
    service.updateEndpoint(endpoint, { url: `http://127.0.0.2:${listener.port}/` })
    service.resumeEndpoint(endpoint)
    await settled(service, ...events)
    expect(events.map((id) => service.getEventStatus(id))).toEqual(
      Array(3).fill({ status: 'failed', attempts: 1, lastError: blocked.lastError, deliveredAt: null }),
    )
    expect([listener.connections, receiver.received]).toEqual([0, 0])
  })

  it('a redelivery', async () => {
    const endpoint = service.registerEndpoint(`http://127.0.0.2:${listener.port}/`, secret)
    const event = service.submitEvent(endpoint, 'tick', {})
    await settled(service, event)
    service.redeliver(event)
    await settled(service, event)
    expect(service.getEventStatus(event)).toMatchObject({ status: 'failed', attempts: 2, lastError: blocked.lastError })
    expect(listener.connections).toBe(0)
  })

  it('a path that looks like another host is a path', async () => {
    const receiver = await startReceiver()
    for (const path of ['//169.254.169.254/x', '/http://169.254.169.254/', '/%0d%0aX:%20y', '/é 日']) {
      expect(await outcomeAt(service, receiver.url + path)).toMatchObject({ status: 'delivered' })
    }
    expect(receiver.paths).toEqual([
      '//169.254.169.254/x',
      '/http://169.254.169.254/',
      '/%0d%0aX:%20y',
      '/%C3%A9%20%E6%97%A5',
    ])
  })
})

describe('in a process of its own', () => {
  const child = async (urls: string[], env: Record<string, string>, servers: readonly string[] = []) => {
    const program = await builtScript('test/acceptance/egress-child.ts')
    const { stdout } = await promisify(execFile)(process.execPath, [program, JSON.stringify({ urls, servers })], {
      env: { ...process.env, NODE_ENV: 'production', ...env },
      timeout: 20_000,
    })
    return JSON.parse(stdout) as { outcomes: unknown[]; livedOnMs: number }
  }

  it('a proxy in the environment is not used, and does not weaken the guard', async () => {
    const proxy = await startListener()
    const receiver = await startReceiver()
    const url = `http://127.0.0.1:${proxy.port}`
    const names = ['HTTP_PROXY', 'HTTPS_PROXY', 'ALL_PROXY', 'http_proxy', 'https_proxy', 'all_proxy']
    const env = { ...Object.fromEntries(names.map((name) => [name, url])), NO_PROXY: '', NODE_USE_ENV_PROXY: '1' }
    const urls = [receiver.url, `http://127.0.0.2:${proxy.port}/`, `https://127.0.0.2:${proxy.port}/`]
    const { outcomes } = await child(urls, env)
    expect(outcomes).toEqual([expect.objectContaining({ status: 'delivered' }), blocked, blocked])
    expect(proxy.connections).toBe(0)
  })

  it('a name whose DNS never answers does not keep the process alive', async () => {
    const dns = await startDnsServer(() => 'silence')
    const { outcomes, livedOnMs } = await child(['http://hanging.test/'], {}, dns.servers)
    await dns.close()
    expect(outcomes).toEqual([expect.objectContaining({ status: 'deadLettered' })])
    // Left alone, the resolver would go on asking for ten seconds.
    expect(livedOnMs).toBeLessThan(3_000)
  })
})
