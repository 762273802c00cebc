import { createHmac, createPrivateKey, createPublicKey, verify } from 'node:crypto'
import { describe, expect, it } from 'vitest'
import type { ScriptedRequest } from '../support/scripted-transport.ts'
import { startEngine } from '../support/start-engine.ts'

const keyBytes = Buffer.alloc(32, 5)
const whsec = `whsec_${keyBytes.toString('base64')}`
const whsk = `whsk_${keyBytes.toString('base64')}`

/** Which of these keys signed, by the entries of `webhook-signature` in their order. Computed with node:crypto alone. */
function signers(request: ScriptedRequest, keys: Readonly<Record<string, string | Buffer>>): string[] {
  const content = `${request.eventId}.${request.header('webhook-timestamp')}.${request.body}`
  return request
    .header('webhook-signature')!
    .split(' ')
    .map((entry) => {
      if (entry.startsWith('v1a,')) return signedByWhsk(content, entry.slice(4)) ? 'whsk' : 'nobody'
      const isBy = ([, key]: readonly [string, string | Buffer]) =>
        entry === `v1,${createHmac('sha256', key).update(content).digest('base64')}`
      return Object.entries(keys).find(isBy)?.[0] ?? 'nobody'
    })
}

function signedByWhsk(content: string, signature: string): boolean {
  const der = Buffer.concat([Buffer.from('302e020100300506032b657004220420', 'hex'), keyBytes])
  const key = createPublicKey(createPrivateKey({ key: der, format: 'der', type: 'pkcs8' }))
  return verify(null, Buffer.from(content), key, Buffer.from(signature, 'base64'))
}

const keys = { first: 'a shared secret', second: 'the second', third: 'the third', whsec: keyBytes }

function start(options: Parameters<typeof startEngine>[0] = {}) {
  const engine = startEngine(options)
  const endpoint = engine.register()
  const deliver = async (): Promise<string[]> => {
    engine.service.submitEvent(endpoint, 'a.b', {})
    await engine.quiet()
    return signers(engine.transport.requests.at(-1)!, keys)
  }
  return { ...engine, endpoint, deliver }
}

describe('a rotated secret', () => {
  it('signs beside the new one to the last millisecond of the overlap, and not after', async () => {
    const { service, clock, endpoint, deliver } = start()
    service.rotateSecret(endpoint, keys.second, { overlapMs: 60_000 })
    expect(await deliver()).toEqual(['second', 'first'])
    await clock.advance(59_999)
    expect(await deliver()).toEqual(['second', 'first'])
    await clock.advance(1)
    expect(await deliver()).toEqual(['second'])
  })

  it('overlaps for a day unless told otherwise', async () => {
    const { service, clock, endpoint, deliver } = start()
    service.rotateSecret(endpoint, keys.second)
    await clock.advance(86_399_999)
    expect(await deliver()).toEqual(['second', 'first'])
    await clock.advance(1)
    expect(await deliver()).toEqual(['second'])
  })

  it('is gone at once without an overlap, also when an overlap was under way', async () => {
    const { service, endpoint, deliver } = start()
    service.rotateSecret(endpoint, keys.second)
    service.rotateSecret(endpoint, keys.third, { overlapMs: 0 })
    expect(await deliver()).toEqual(['third'])
  })

  it('is gone when the one after it is rotated too: never do three sign', async () => {
    const { service, clock, endpoint, deliver } = start()
    service.rotateSecret(endpoint, keys.second, { overlapMs: 60_000 })
    await clock.advance(30_000)
    service.rotateSecret(endpoint, keys.third, { overlapMs: 60_000 })
    expect(await deliver()).toEqual(['third', 'second'])
    // When the first overlap would have ended.
    await clock.advance(30_000)
    expect(await deliver()).toEqual(['third', 'second'])
    await clock.advance(30_000)
    expect(await deliver()).toEqual(['third'])
  })

  it('may be of another kind', async () => {
    const { service, endpoint, deliver } = start()
    service.rotateSecret(endpoint, whsec)
    expect(await deliver()).toEqual(['whsec', 'first'])
    service.rotateSecret(endpoint, whsk)
    expect(await deliver()).toEqual(['whsk', 'whsec'])
    service.rotateSecret(endpoint, keys.third)
    expect(await deliver()).toEqual(['third', 'whsk'])
  })

  it('does not touch the request in flight; the retry is signed anew, with the same id and body', async () => {
    const { service, transport, clock, quiet, endpoint } = start()
    transport.respond(({ attempt }) => (attempt < 3 ? 'held' : 200))
    service.submitEvent(endpoint, 'a.b', { n: 1 })
    await quiet()
    service.rotateSecret(endpoint, keys.second, { overlapMs: 2500 })
    transport.open[0]!.answer(500)
    await clock.advance(1000)
    transport.open[0]!.answer(500)
    await quiet()
    // In backoff, until after the overlap.
    service.rotateSecret(endpoint, keys.third, { overlapMs: 1000 })
    await clock.advance(2000)

    const { requests } = transport
    expect(requests.map((request) => signers(request, keys))).toEqual([['first'], ['second', 'first'], ['third']])
    const startS = Date.parse('2025-01-01T00:00:00.000Z') / 1000
    expect(requests.map((request) => Number(request.header('webhook-timestamp')) - startS)).toEqual([0, 1, 3])
    for (const name of ['webhook-id', 'X-Event-Id', 'X-Event-Sequence']) {
      expect(new Set(requests.map((request) => request.header(name))).size).toBe(1)
    }
    expect(new Set(requests.map(({ body }) => body))).toEqual(new Set(['{"n":1}']))
  })

  it('is kept out of the log also when it signs no more, and other settings have changed since', async () => {
    const { service, transport, endpoint, deliver } = start()
    service.rotateSecret(endpoint, keys.second, { overlapMs: 0 })
    service.updateEndpoint(endpoint, { description: 'moved to another team' })
    transport.respond(() => ({ kind: 'answered', status: 200, retryAfter: null, snippet: `not ${keys.first}!` }))
    await deliver()
    const snippets = [...service.log.entries()].flatMap(({ event }) => ('snippet' in event ? [event.snippet] : []))
    expect(snippets).toEqual(['not [redacted]!'])
  })

  it('stays when the one to replace it is refused', async () => {
    const { service, endpoint, deliver } = start()
    expect(() => service.rotateSecret(endpoint, 'whsk_nonsense')).toThrow('whsk_')
    expect(() => service.rotateSecret(endpoint, keys.second, { overlapMs: -1 })).toThrow('overlapMs')
    expect(await deliver()).toEqual(['first'])
  })
})
