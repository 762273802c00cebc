// What a client that comes back is told to be missing: what retention, or a person, has removed, and nothing else.
import { randomBytes } from 'node:crypto'
import { describe, expect, onTestFinished, test } from 'vitest'
import { memoryLog } from '../../../src/log/memory-log.ts'
import type { LogHome } from '../../../src/log/log-home.ts'
import { issueKey } from '../../../src/server/keys/issue-key.ts'
import { memoryKeys } from '../../../src/server/keys/memory-keys.ts'
import type { TestServerOptions } from '../../../src/server/server-options.ts'
import { createCountingIds } from '../../support/counting-ids.ts'
import { freshPath, openHome, tamper } from '../../support/sqlite-files.ts'
import { createEngine } from '../../support/start-engine.ts'
import type { Engine } from '../../support/start-engine.ts'
import { startServer } from '../watched-server.ts'
import { openEventSource } from './event-source.ts'
import type { StreamEvent } from './stream-events.ts'

const ids = createCountingIds()

/** An engine that goes on where others have left the home; stopped when the test ends. */
function start(log: LogHome, settledEvents = 1000): Engine {
  const engine = createEngine({ log, ids, retention: { settledEvents } })
  onTestFinished(async () => {
    await engine.stop()
  })
  return engine
}

async function deliver({ service, quiet }: Engine, endpointId: string, count = 1): Promise<string[]> {
  const eventIds: string[] = []
  for (let i = 0; i < count; i += 1) {
    eventIds.push(service.submitEvent(endpointId, 'order', {}))
    await service.flush()
    await quiet()
    await service.flush()
  }
  return eventIds
}

/** What is told to a client that comes back, up to the next step. */
async function comeBack(
  engine: Engine,
  endpointId: string,
  lastSeq: number,
  { headers, ...options }: TestServerOptions & { readonly headers?: Record<string, string> } = {},
): Promise<{ seqs: number[]; gaps: unknown[] }> {
  const { url } = await startServer(engine.service, { clock: engine.clock, ...options })
  const source = await openEventSource(`${url}/api/v1/deliveries/stream`, { ...headers, 'last-event-id': `${lastSeq}` })
  const [marker] = await deliver(engine, endpointId)
  const isLast = ({ data }: StreamEvent): boolean => {
    const { eventId, status } = data as { eventId?: string; status?: string }
    return eventId === marker && status === 'delivered'
  }
  await source.until((events) => events.some(isLast))
  const seqs = source.events.filter(({ type }) => type === 'step').map(({ id }) => Number(id))
  return { seqs, gaps: source.events.filter(({ type }) => type === 'gap').map(({ data }) => data) }
}

const lastSeqOf = ({ service }: Engine, eventId: string): number =>
  [...service.log.entries({ eventId })].at(-1)?.seq ?? NaN

const homes: readonly (readonly [string, () => LogHome])[] = [
  ['memory', () => memoryLog()],
  ['a file', () => openHome(freshPath())],
]

describe.each(homes)('a client that comes back to a log in %s', (_, open) => {
  test('is told of no gap where webhooks were made, changed, paused and removed meanwhile', async () => {
    const engine = start(open())
    const { service } = engine
    const endpoint = engine.register()
    const [seen] = await deliver(engine, endpoint)
    const seq = lastSeqOf(engine, seen!)
    for (let i = 0; i < 5; i += 1) {
      const other = engine.register()
      service.updateEndpoint(other, { description: 'changed' })
      service.updateEndpoint(endpoint, { description: `changed ${i}` })
      service.pauseEndpoint(other)
      service.resumeEndpoint(other)
      service.removeEndpoint(other)
      await deliver(engine, endpoint)
    }
    const { seqs, gaps } = await comeBack(engine, endpoint, seq)
    expect(gaps).toEqual([])
    expect(seqs).toHaveLength(18)
  })

  test('is told of what was removed, however many webhooks were changed before it', async () => {
    const engine = start(open())
    const { service } = engine
    const endpoint = engine.register()
    const [seen] = await deliver(engine, endpoint)
    const seq = lastSeqOf(engine, seen!)
    service.updateEndpoint(endpoint, { description: 'changed' })
    const [, removed] = await deliver(engine, endpoint, 3)
    const before = lastSeqOf(engine, removed!) + 1
    service.removeEvent(removed!)
    const { seqs, gaps } = await comeBack(engine, endpoint, seq)
    expect(gaps).toEqual([{ after: seq, before }])
    expect(seqs).toHaveLength(9)
  })

  test('is told of no gap when what was removed was all shown to it', async () => {
    const engine = start(open(), 2)
    const endpoint = engine.register()
    const eventIds = await deliver(engine, endpoint, 5)
    await engine.clock.advance(60_000)
    const { seqs, gaps } = await comeBack(engine, endpoint, lastSeqOf(engine, eventIds[3]!))
    expect(gaps).toEqual([])
    expect(seqs).toHaveLength(6)
  })

  test('is told of what is removed while it is read to', async () => {
    const log = open()
    const engine = start(log)
    const endpoint = engine.register()
    const eventIds = await deliver(engine, endpoint, 40)
    const entries = log.entries.bind(log)
    const before = lastSeqOf(engine, eventIds[30]!) + 1
    let shown = 0
    log.entries = function* (filter) {
      for (const step of entries(filter)) {
        if (filter?.fromSeq !== undefined) shown = step.seq
        // The last before deliveries have their turn.
        if (filter?.fromSeq === 1 && step.seq === [...entries()][63]!.seq) log.evict(eventIds[30]!)
        yield step
      }
    }
    const first = [...entries()][63]!.seq
    const { gaps } = await comeBack(engine, endpoint, 0)
    expect(gaps).toEqual([{ after: first, before }])
    expect(shown).toBeGreaterThan(before)
  })

  test('is told no numbers when it is a tenant', async () => {
    const engine = start(open())
    const keys = memoryKeys()
    const { clock, service } = engine
    const { text } = await issueKey(keys, { name: 'acme', role: 'reader', tenantId: 'acme' }, { clock, randomBytes })
    const [acme, other] = [engine.register({ tenantId: 'acme' }), engine.register({ tenantId: 'other' })]
    const [seen] = await deliver(engine, acme)
    const [removed] = await deliver(engine, other, 2)
    service.removeEvent(removed!)
    const headers = { authorization: `Bearer ${text}` }
    const seq = lastSeqOf(engine, seen!)
    expect((await comeBack(engine, acme, seq, { keys, headers })).gaps).toEqual([{ after: null, before: null }])
  })
})

describe('a client that comes back after a restart', () => {
  /** A file in which event 2 of 4 is gone: its path, and the `seq` of the last step of each event. */
  async function restarted(change = ''): Promise<{ engine: Engine; ends: number[] }> {
    const path = freshPath()
    const first = createEngine({ log: openHome(path), ids })
    const endpoint = first.register({ id: 'ep_shop' })
    const eventIds = await deliver(first, endpoint, 4)
    const ends = eventIds.map((eventId) => lastSeqOf(first, eventId))
    first.service.removeEvent(eventIds[1]!)
    first.service.updateEndpoint(endpoint, { description: 'changed' })
    await first.service.flush()
    await first.stop()
    tamper(path, change)
    return { engine: start(openHome(path)), ends }
  }

  test('is told of what was removed before it, and of nothing else', async () => {
    const { engine, ends } = await restarted()
    const [first, second, third] = ends
    const gaps = async (lastSeq: number) => (await comeBack(engine, 'ep_shop', lastSeq)).gaps
    expect(await gaps(first!)).toEqual([{ after: first, before: second! + 1 }])
    expect(await gaps(second!)).toEqual([])
    expect(await gaps(third!)).toEqual([])
  })

  test('is told that anything may be missing, where an older version has written the file', async () => {
    const { engine, ends } = await restarted('ALTER TABLE counters DROP COLUMN last_evicted; PRAGMA user_version = 2')
    const { gaps } = await comeBack(engine, 'ep_shop', ends[2]!)
    expect(gaps).toEqual([{ after: ends[2], before: expect.any(Number) }])
  })
})
