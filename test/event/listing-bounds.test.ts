// One call does no more than its bounds allow, however much there is, and the pages go on from there.
import { describe, expect, onTestFinished, test } from 'vitest'
import { windowSizes } from '../../src/lane/window-sizes.ts'
import type { EventQuery } from '../../src/index.ts'
import { createVirtualClock } from '../../src/testing/virtual-clock.ts'
import { freshPath, openHome } from '../support/sqlite-files.ts'
import { createEngine, startEngine } from '../support/start-engine.ts'
import type { Engine } from '../support/start-engine.ts'
import { createStoredLog } from '../support/stored-log.ts'
import type { StoredLog } from '../support/stored-log.ts'

const fewInMemory = { ...windowSizes, line: 2, fullLine: 1, roomShare: 0, lines: 1, fullLines: 1, page: 2 }

function submitMany({ service, register }: Engine, count: number, payload: unknown = 1): void {
  const endpointId = register()
  service.pauseEndpoint(endpointId)
  for (let left = count; left > 0; left -= 10_000) {
    service.submitEvents(
      Array.from({ length: Math.min(left, 10_000) }, () => ({ endpointId, eventType: 'a.b', payload })),
    )
  }
}

/** Events that are in the log's home alone, but for a few. */
async function withStored(count: number, payload?: unknown): Promise<{ engine: Engine; log: StoredLog }> {
  const log = createStoredLog()
  onTestFinished(() => log.die())
  const engine = createEngine({ log }, createVirtualClock(), fewInMemory)
  submitMany(engine, count, payload)
  await engine.quiet()
  log.commit()
  await engine.quiet()
  return { engine, log }
}

describe('one call', () => {
  test('looks at no more than 10,000 events', () => {
    const engine = startEngine()
    submitMany(engine, 10_050)
    let looks = 0
    const endpointIds = (): boolean => (looks += 1) === 0
    const first = engine.service.listEvents({ endpointIds })
    expect([first.events, looks]).toEqual([[], 10_000])
    const second = engine.service.listEvents({ endpointIds, cursor: first.nextCursor })
    expect([second, looks]).toEqual([{ events: [], nextCursor: null }, 10_050])
  })

  test('looks at no more in a file that leaves out by itself what does not fit', async () => {
    const engine = createEngine({ log: openHome(freshPath()) })
    onTestFinished(async () => {
      await engine.stop()
    })
    submitMany(engine, 10_450)
    await engine.service.flush()
    await engine.quiet()
    const nothing: EventQuery[] = [{ eventTypes: ['other.*'] }, { status: ['backoff'] }, { endpointIds: () => false }]
    for (const query of nothing) {
      const first = engine.service.listEvents(query)
      const rest = engine.service.listEvents({ limit: 500, cursor: first.nextCursor })
      expect([first.events, rest.events.length, rest.nextCursor]).toEqual([[], 450, null])
      expect(engine.service.listEvents({ ...query, cursor: first.nextCursor })).toEqual({
        events: [],
        nextCursor: null,
      })
    }
  })

  test('reads the records of no more than 500 of them back', async () => {
    const { engine, log } = await withStored(600)
    let reads = 0
    const find = log.storedEvents.find.bind(log.storedEvents)
    log.storedEvents.find = (eventId) => {
      reads += 1
      return find(eventId)
    }
    const first = engine.service.listEvents({ eventTypes: ['other'] })
    expect([first.events, reads]).toEqual([[], 500])
    expect(engine.service.listEvents({ eventTypes: ['other'], cursor: first.nextCursor }).nextCursor).toBeNull()
  })

  test('reads no more than 16 MiB of bodies, and one event', async () => {
    const { engine } = await withStored(24, 'x'.repeat(1024 * 1024 - 2))
    const first = engine.service.listEvents()
    expect(first.events).toHaveLength(16)
    const second = engine.service.listEvents({ cursor: first.nextCursor })
    expect(second.events.length + first.events.length).toBe(24)
    expect(second.nextCursor).toBeNull()
  })

  test('leaves out an event whose records are damaged, and tells of the others', async () => {
    const { engine, log } = await withStored(5)
    const [, damaged] = engine.service.listEvents().events
    log.disk.damaged.add(damaged!.id)
    const ids = engine.service.listEvents().events.map(({ id }) => id)
    expect(ids).toHaveLength(4)
    expect(ids).not.toContain(damaged!.id)
  })
})
