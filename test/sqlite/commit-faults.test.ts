import { rmSync } from 'node:fs'
import { describe, expect, test } from 'vitest'
import { StorageError } from '../../src/errors/errors.ts'
import type { LogCondition } from '../../src/log/log-home.ts'
import type { StoredEndpoint } from '../../src/log/stored-endpoints.ts'
import type { EndpointTransitionDraft } from '../../src/log/transition.ts'
import { resultCodes } from '../../src/sqlite/driver/result-codes.ts'
import type { SqliteHome } from '../../src/sqlite/sqlite-home.ts'
import { attemptStarted, seqs, submission } from '../log/drafts.ts'
import { availableDriverNames } from '../support/sqlite-drivers.ts'
import { attemptSucceeded } from './event-drafts.ts'
import { openFailingLog } from './failing-database.ts'
import type { FailingDatabase } from './failing-database.ts'
import type { HeldLog } from './open-log.ts'

const at = '2025-01-01T00:00:00.000Z'
const endpoint: StoredEndpoint = {
  endpointId: 'ep_1',
  url: 'https://merchant.example/hooks',
  settings: {},
  secrets: [{ secret: 'a shared secret', retiresAtMs: null }],
}

function paused(endpointId = 'ep_1'): EndpointTransitionDraft {
  const event = { type: 'endpoint.paused', at } as const
  return { at, endpointId, eventId: '', event, from: 'active', to: 'paused', attempts: 0, machine: 'endpoint@1' }
}

/** What every log of these tests begins with. */
async function begin({ log, commit }: HeldLog): Promise<void> {
  log.appendAll([submission('evt_1'), submission('evt_2'), submission('evt_3')])
  log.append(attemptStarted('evt_1'))
  log.appendEndpoint(paused())
  log.storedEndpoints.put(endpoint, at)
  await commit()
  log.append(attemptStarted('evt_2'))
  log.append(attemptSucceeded('evt_1'))
  await commit()
}

/** A group that does all a group can do. */
function appendGroup(log: SqliteHome): void {
  log.append(attemptSucceeded('evt_2'))
  log.append(submission('evt_4', 'ep_2'))
  log.append(attemptStarted('evt_3'))
  log.evict('evt_1')
  log.evictEndpointRecord(5)
  log.appendEndpoint(paused('ep_2'))
  log.storedEndpoints.put({ ...endpoint, url: 'https://other.example/hooks' }, at)
}

const tables = ['records', 'endpoints', 'events', 'lines', 'counters']

function contentOf(database: Pick<FailingDatabase, 'prepare'>): unknown {
  return tables.map((table) => database.prepare(`SELECT * FROM ${table} ORDER BY 1, 2`).all())
}

describe.each(availableDriverNames)('a commit that fails, with %s', (driver) => {
  describe.each([
    ['and leaves the transaction open', false],
    ['and is rolled back by SQLite itself', true],
  ])('%s', (_, rollsBack) => {
    test('by a full disk, at whichever statement, is made good once there is room', async () => {
      const undisturbed = openFailingLog(driver)
      await begin(undisturbed)
      appendGroup(undisturbed.log)
      undisturbed.log.append(attemptSucceeded('evt_3'))
      await undisturbed.commit()
      const expected = contentOf(undisturbed.database)
      for (let statement = 1, failed = true; failed; statement += 1) {
        const held = openFailingLog(driver)
        const { log, database, clock, commit } = held
        await begin(held)
        const conditions: LogCondition[] = []
        log.onCondition((condition) => conditions.push(condition))
        database.failAt(statement, resultCodes.SQLITE_FULL, rollsBack)
        appendGroup(log)
        const flushed = log.flush().catch((error: unknown) => error)
        await commit()
        failed = database.heal()
        if (failed) {
          await expect(flushed).resolves.toMatchObject({ name: 'StorageError', reason: 'full', recoverable: true })
          expect(log.condition).toBe('held')
          expect(() => log.append(submission('evt_5'))).toThrow(StorageError)
          expect(() => log.storedEndpoints.put(endpoint, at)).toThrow(StorageError)
        }
        // What is under way goes on to be recorded.
        log.append(attemptSucceeded('evt_3'))
        await clock.advance(1000)
        await commit()
        expect(conditions).toEqual(failed ? ['held', 'writable'] : [])
        // In one group or in two.
        expect(contentOf(database)).toEqual(expected)
      }
    })

    test('by a sync, at whichever statement, stops the log for good', async () => {
      for (let statement = 1; ; statement += 1) {
        const held = openFailingLog(driver)
        const { log, database, path, commit } = held
        await begin(held)
        const before = contentOf(database)
        database.failAt(statement, resultCodes.SQLITE_IOERR_FSYNC, rollsBack)
        appendGroup(log)
        const acted: unknown[] = []
        log.afterCommit((error) => acted.push(error))
        const flushed = log.flush().catch((error: unknown) => error)
        await commit()
        if (!database.heal()) break
        const refusal = { name: 'StorageError', reason: 'ioError', recoverable: false }
        await expect(flushed).resolves.toMatchObject(refusal)
        expect(acted).toMatchObject([refusal])
        expect(log.condition).toBe('stopped')
        expect(() => log.append(attemptSucceeded('evt_3'))).toThrow(StorageError)
        expect(() => log.evict('evt_2')).toThrow(StorageError)
        const closed = log.close().catch((error: unknown) => error)
        await commit()
        await expect(closed).resolves.toMatchObject(refusal)
        const again = openFailingLog(driver, path)
        expect(contentOf(again.database)).toEqual(before)
      }
    })
  })

  test('acts of a held group wait until it is committed, and are told of no error', async () => {
    const held = openFailingLog(driver)
    const { log, database, clock, commit } = held
    await begin(held)
    database.failAt(1, resultCodes.SQLITE_FULL)
    const acted: unknown[] = []
    log.append(attemptStarted('evt_3'))
    log.afterCommit((error) => acted.push(error))
    await commit()
    log.afterCommit((error) => acted.push(error))
    await commit()
    expect([log.condition, acted]).toEqual(['held', []])
    await clock.advance(1000)
    await commit()
    expect([log.condition, acted]).toEqual(['writable', [null, null]])
  })

  test('a held group is offered again as soon as someone flushes', async () => {
    const held = openFailingLog(driver)
    const { log, database, commit } = held
    await begin(held)
    database.failAt(1, resultCodes.SQLITE_FULL)
    log.append(attemptStarted('evt_3'))
    await commit()
    expect(log.condition).toBe('held')
    const flushed = log.flush()
    await commit()
    await expect(flushed).resolves.toBeUndefined()
    expect(log.condition).toBe('writable')
  })

  test('a file that is really full takes what was held once there is room', async () => {
    const held = openFailingLog(driver)
    const { log, database, clock, commit } = held
    await begin(held)
    database.exec('PRAGMA max_page_count = 60')
    let event = 10
    while (log.condition === 'writable') {
      log.append(submission(`evt_${(event += 1)}`))
      log.append(submission(`evt_${(event += 1)}`))
      await commit()
    }
    const kept = seqs(log.entries())
    expect(kept.length).toBe(5 + event - 10 + 1)
    const flushed = log.flush().catch((error: unknown) => error)
    await commit()
    await expect(flushed).resolves.toMatchObject({ reason: 'full', recoverable: true })
    database.exec('PRAGMA max_page_count = 1000')
    await clock.advance(1000)
    await commit()
    expect(log.condition).toBe('writable')
    expect(seqs(log.entries())).toEqual(kept)
    log.append(submission('evt_last'))
    await commit()
    expect(log.storedEvents.has('evt_last')).toBe(true)
  })

  test('a file that was removed stops the log before anyone is told that something is durable', async () => {
    const held = openFailingLog(driver)
    const { log, path, commit } = held
    await begin(held)
    rmSync(path)
    log.append(submission('evt_4'))
    const told: unknown[] = []
    log.subscribe(({ seq }) => told.push(seq))
    log.afterCommit((error) => told.push(error))
    const flushed = log.flush().catch((error: unknown) => error)
    await commit()
    const refusal = { name: 'StorageError', reason: 'replaced', recoverable: false }
    await expect(flushed).resolves.toMatchObject(refusal)
    expect(told).toMatchObject([refusal])
    expect(log.condition).toBe('stopped')
  })

  test('a read that finds the file damaged stops the log', async () => {
    const held = openFailingLog(driver)
    await begin(held)
    held.database.failAt(1, resultCodes.SQLITE_CORRUPT_INDEX)
    expect(() => held.log.storedEvents.has('evt_1')).toThrow(StorageError)
    expect(held.log.condition).toBe('stopped')
    expect(() => held.log.append(submission('evt_9'))).toThrow(StorageError)
  })
})
