import { describe, expect, it, onTestFinished, vi } from 'vitest'
import type { Clock } from '../../../src/clock/clock.ts'
import { systemClock } from '../../../src/clock/system-clock.ts'
import { codeOf } from '../../../src/transport/connect-error.ts'
import { createNameResolver, type NameResolverOptions } from '../../../src/transport/egress/name-resolver.ts'
import type { SystemLookup } from '../../../src/transport/egress/system-names.ts'
import { startDnsServer, type DnsQuestion, type DnsReply } from './dns-server.ts'

type Reply = DnsReply | ((question: DnsQuestion) => DnsReply | Promise<DnsReply>)

interface Found {
  readonly code: string | null
  readonly addresses: readonly string[]
}

/** A clock whose timers run out only when told. */
class HeldClock implements Clock {
  readonly delays: number[] = []
  readonly callbacks = new Set<() => void>()
  onTimer: () => void = () => undefined
  now = () => 0
  monotonic = () => 0
  setTimeout(callback: () => void, delayMs: number) {
    this.delays.push(delayMs)
    this.callbacks.add(callback)
    this.onTimer()
    return {}
  }
  clearTimeout() {
    this.callbacks.clear()
  }
  runOut() {
    for (const callback of this.callbacks) callback()
  }
}

async function start(zone: Readonly<Record<string, Reply>>, options: Partial<NameResolverOptions> = {}) {
  const dns = await startDnsServer((question) => {
    const reply = zone[question.name] ?? 'nxdomain'
    return typeof reply === 'function' ? reply(question) : reply
  })
  onTestFinished(() => dns.close())
  const mayBeLocal = () => false
  const lookup = createNameResolver({ clock: systemClock, mayBeLocal, servers: dns.servers, ...options })
  const find = (name: string, signal = new AbortController().signal) =>
    new Promise<Found>((resolve) => {
      lookup(name, { signal }, (error, found) => {
        resolve({ code: codeOf(error), addresses: found.map(({ address }) => address) })
      })
    })
  return { dns, lookup, find }
}

const both = ['192.0.2.1', '2001:db8::1'] as const

describe('a name', () => {
  it('has its v4 addresses first, then its v6 addresses', async () => {
    const { find } = await start({ 'a.test': [...both, '192.0.2.2'] })
    expect(await find('a.test')).toEqual({ code: null, addresses: ['192.0.2.1', '192.0.2.2', '2001:db8::1'] })
  })

  it('is asked for in both families at once', async () => {
    let askedBoth: () => void
    const asked = new Promise<void>((resolve) => (askedBoth = resolve))
    const { find, dns } = await start({
      'a.test': async () => {
        if (dns.questions.length === 2) askedBoth()
        await asked
        return both
      },
    })
    expect((await find('a.test')).addresses).toEqual(both)
  })

  it('of one family is found although the other has nothing, or only trouble', async () => {
    const { find } = await start({
      'four.test': ({ family }) => (family === 4 ? both : 'servfail'),
      'six.test': ({ family }) => (family === 6 ? both : 'nxdomain'),
    })
    expect((await find('four.test')).addresses).toEqual(['192.0.2.1'])
    expect((await find('six.test')).addresses).toEqual(['2001:db8::1'])
  })

  it('with v4 addresses waits 50 milliseconds for its v6 addresses', async () => {
    const clock = new HeldClock()
    const { find } = await start({ 'a.test': ({ family }) => (family === 4 ? both : 'silence') }, { clock })
    clock.onTimer = () => queueMicrotask(() => clock.runOut())
    expect((await find('a.test')).addresses).toEqual(['192.0.2.1'])
    expect(clock.delays).toEqual([50])
  })

  it('has both when the v6 addresses come within that time, and leaves no timer', async () => {
    const clock = new HeldClock()
    const waits = new Promise<void>((resolve) => (clock.onTimer = resolve))
    const { find } = await start(
      { 'a.test': ({ family }) => (family === 4 ? both : waits.then(() => both)) },
      { clock },
    )
    expect((await find('a.test')).addresses).toEqual(both)
    expect(clock.callbacks.size).toBe(0)
  })

  it('is given with all of a thousand addresses, so that all can be judged', async () => {
    const thousand = Array.from({ length: 1_000 }, (_, n) => `10.0.${n >> 8}.${n & 255}`)
    const { find } = await start({ 'many.test': thousand })
    expect((await find('many.test')).addresses).toEqual(thousand)
  })

  it('that is an alias has the addresses of what it stands for', async () => {
    const { find } = await start({ 'alias.test': { alias: 'real.test', addresses: ['10.0.0.1'] } })
    expect((await find('alias.test')).addresses).toEqual(['10.0.0.1'])
  })

  it('is asked for once however many want it, and anew when that is over', async () => {
    const { find, dns } = await start({ 'a.test': both })
    const found = await Promise.all([find('a.test'), find('a.test'), find('a.test')])
    expect(found.map(({ addresses }) => addresses)).toEqual([both, both, both])
    expect(dns.questions).toHaveLength(2)
    await find('a.test')
    expect(dns.questions).toHaveLength(4)
  })

  it.each(['localhost', 'LOCALHOST.', 'a.b.localhost', 'localhost.localdomain'])(
    'that is %s is loopback without asking anyone',
    async (name) => {
      const { find, dns } = await start({ [name]: ['10.0.0.1'] }, { mayBeLocal: () => true })
      expect((await find(name)).addresses).toEqual(['127.0.0.1', '::1'])
      expect(dns.questions).toEqual([])
    },
  )
})

describe('an error', () => {
  // Where there are two codes, Node's versions differ. Null: there is no error, and no address either.
  const trouble: [string, Reply, (string | null)[]][] = [
    ['the name does not exist', 'nxdomain', ['ENOTFOUND']],
    ['the name has no addresses', [], ['ENODATA']],
    ['the name is an alias of itself', { alias: 'a.test', addresses: [] }, ['ENODATA', null]],
    ['the server fails', 'servfail', ['ESERVFAIL']],
    ['the server refuses', 'refused', ['EREFUSED']],
    ['the answer is cut off', 'cutOff', ['EBADRESP']],
    ['the answer is garbage', 'garbage', ['EBADRESP', 'ETIMEOUT']],
    ['no answer comes', 'silence', ['ETIMEOUT']],
  ]

  it.each(trouble)('is that %s', async (_, reply, codes) => {
    const { find } = await start({ 'a.test': reply }, { firstTryMs: 20 })
    const { code, addresses } = await find('a.test')
    expect(codes).toContain(code)
    expect(addresses).toEqual([])
  })

  it('is that there is no DNS server', async () => {
    const { find } = await start({}, { servers: await noServer() })
    expect(await find('a.test')).toEqual({ code: 'ECONNREFUSED', addresses: [] })
  })
})

describe('the system is asked', () => {
  const answering: SystemLookup = (_hostname, _options, callback) => callback(null, [{ address: '10.0.0.1' }])
  const local = { mayBeLocal: (name: string) => name !== 'public.test', systemLookup: answering, firstTryMs: 20 }

  it.each<[string, Reply]>([
    ['does not know the name', 'nxdomain'],
    ['knows no address of it', []],
    ['refuses', 'refused'],
  ])('when DNS %s and the name may be local', async (_, reply) => {
    const { find } = await start({ 'a.test': reply, 'public.test': reply }, local)
    expect(await find('a.test')).toEqual({ code: null, addresses: ['10.0.0.1'] })
    expect((await find('public.test')).addresses).toEqual([])
  })

  it('when there is no DNS', async () => {
    const { find } = await start({}, { ...local, servers: await noServer() })
    expect((await find('a.test')).addresses).toEqual(['10.0.0.1'])
  })

  it.each<[string, Reply]>([
    ['fails', 'servfail'],
    ['does not answer', 'silence'],
    ['does not answer for one family', ({ family }) => (family === 6 ? 'silence' : 'nxdomain')],
    ['knows an address', ['192.0.2.1']],
  ])('never when DNS %s', async (_, reply) => {
    const { find } = await start({ 'a.test': reply }, local)
    expect((await find('a.test')).addresses).not.toContain('10.0.0.1')
  })

  it('no more for a name that was given up in line', async () => {
    const [asked, reached, answers]: [string[], string[], (() => void)[]] = [[], [], []]
    const systemLookup: SystemLookup = (hostname, _options, callback) => {
      asked.push(hostname)
      answers.push(() => callback(null, [{ address: '10.0.0.1' }]))
    }
    const mayBeLocal = (hostname: string) => reached.push(hostname) > 0
    const { find } = await start({}, { mayBeLocal, systemLookup })
    const given = new AbortController()
    const served = [find('a.test'), find('b.test')]
    await vi.waitFor(() => expect(asked).toHaveLength(2))
    void find('c.test', given.signal)
    await vi.waitFor(() => expect(reached).toContain('c.test'))
    given.abort()
    for (const answer of answers) answer()
    await Promise.all(served)
    expect(asked).not.toContain('c.test')
  })

  it('and its error is the result', async () => {
    const systemLookup: SystemLookup = (_hostname, _options, callback) => callback(new Error('no'), [])
    const { find } = await start({}, { mayBeLocal: () => true, systemLookup })
    expect(await find('a.test')).toEqual({ code: null, addresses: [] })
  })
})

describe('a lookup that is given up', () => {
  it('calls nobody back, and the name is asked for anew by the next', async () => {
    let answer: DnsReply = 'silence'
    const { find, dns, lookup } = await start({ 'a.test': () => answer })
    const given = new AbortController()
    const called: unknown[] = []
    lookup('a.test', { signal: given.signal }, (...result) => called.push(result))
    await vi.waitFor(() => expect(dns.questions).toHaveLength(2))
    given.abort()
    answer = both
    expect((await find('a.test')).addresses).toEqual(both)
    expect(dns.questions).toHaveLength(4)
    expect(called).toEqual([])
  })

  it('goes on for the others who wait', async () => {
    let release: (reply: DnsReply) => void = () => undefined
    const reply = new Promise<DnsReply>((resolve) => (release = resolve))
    const { find, dns } = await start({ 'a.test': () => reply })
    const given = new AbortController()
    let called = false
    void find('a.test', given.signal).then(() => (called = true))
    const other = find('a.test')
    given.abort()
    await vi.waitFor(() => expect(dns.questions).toHaveLength(2))
    release(both)
    expect((await other).addresses).toEqual(both)
    expect(called).toBe(false)
  })

  it('before it began asks nobody', async () => {
    const { find, dns } = await start({ 'a.test': both, 'b.test': both })
    void find('a.test', AbortSignal.abort())
    await find('b.test')
    expect(dns.questions.map(({ name }) => name)).toEqual(['b.test', 'b.test'])
  })
})

/** Where a DNS server was, and is none now. */
async function noServer(): Promise<readonly string[]> {
  const dns = await startDnsServer(() => 'refused')
  await dns.close()
  return dns.servers
}
