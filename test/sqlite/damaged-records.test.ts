import { describe, expect, test } from 'vitest'
import { DivergenceError, StorageError } from '../../src/errors/errors.ts'
import type { DriverName } from '../../src/sqlite/driver/database.ts'
import { attemptStarted, submission } from '../log/drafts.ts'
import { availableDriverNames } from '../support/sqlite-drivers.ts'
import { freshPath, tamper } from '../support/sqlite-files.ts'
import { attemptFailed, attemptSucceeded } from './event-drafts.ts'
import { openLog } from './open-log.ts'
import type { HeldLog } from './open-log.ts'

async function close({ log, commit }: HeldLog): Promise<void> {
  const closed = log.close()
  await commit()
  await closed
}

/** Three events that wait, of which the second is backed by records 2 and 4; changed by `sql` behind the log's back. */
async function changedBy(driver: DriverName, sql: string): Promise<string> {
  const path = freshPath()
  const held = openLog(driver, path)
  held.log.appendAll([submission('evt_1'), submission('evt_2'), submission('evt_3')])
  held.log.append(attemptStarted('evt_2'))
  held.log.append(submission('evt_last', 'ep_2'))
  await held.commit()
  await close(held)
  tamper(path, sql)
  return path
}

const query = { endpointId: 'ep_1', afterSeq: 0, limit: 10 }

describe.each(availableDriverNames)('a record that was changed behind the log, with %s', (driver) => {
  const flipped = "UPDATE records SET line = replace(line, 'delivering', 'delivered') WHERE seq = 4"

  test('is never handed out, and named by its number', async () => {
    const { log } = openLog(driver, await changedBy(driver, flipped))
    const seen: number[] = []
    const readAll = () => {
      for (const { seq } of log.entries()) seen.push(seq)
    }
    expect(readAll).toThrow(DivergenceError)
    expect(readAll).toThrow('record 4 is damaged')
    expect(seen).toEqual([1, 2, 3, 1, 2, 3])
    expect(() => [...log.entries({ eventId: 'evt_2' })]).toThrow(DivergenceError)
    expect(() => log.storedEvents.find('evt_2')).toThrow('record 4 is damaged')
    expect(log.storedEvents.find('evt_1')?.state.value).toBe('pending')
  })

  test('takes its event out of its line, for good, and tells of it once', async () => {
    const held = openLog(driver, await changedBy(driver, flipped))
    const { log, path, commit } = held
    const page = log.storedEvents.waiting(query)
    expect(page.events.map(({ submitted }) => submitted.eventId)).toEqual(['evt_1', 'evt_3'])
    expect(page.damaged).toMatchObject([
      {
        eventId: 'evt_2',
        endpointId: 'ep_1',
        eventType: 'payment.succeeded',
        joinedSeq: 2,
        bytes: 2,
        error: { seq: 4 },
      },
    ])
    expect(log.storedEvents.waiting({ ...query, limit: 2 })).toMatchObject({ events: [{}, {}], damaged: [] })
    await commit()
    expect(log.storedEvents.backlogs()).toMatchObject([{ endpointId: 'ep_1', events: 2 }, { endpointId: 'ep_2' }])
    expect(log.storedEvents.countAhead('ep_1', '', 3)).toBe(1)
    await close(held)
    const again = openLog(driver, path)
    expect(again.log.storedEvents.waiting(query)).toMatchObject({ events: [{}, {}], damaged: [] })
    expect(again.log.storedEvents.has('evt_2')).toBe(true)
    expect(() => again.log.storedEvents.find('evt_2')).toThrow(DivergenceError)
  })

  test.each([
    ['its text', "UPDATE records SET line = line || ' ' WHERE seq = 2", 'record 2 is damaged'],
    ['its sum', 'UPDATE records SET sum = zeroblob(16) WHERE seq = 2', 'record 2 is damaged'],
    [
      'its number',
      'UPDATE records SET seq = 40 WHERE seq = 4; UPDATE counters SET last_seq = 50',
      'record 40 is damaged',
    ],
    ['the event it is of', 'UPDATE records SET event = 2 WHERE seq = 1', 'record 1 of event evt_2'],
    ['its being there', 'DELETE FROM records WHERE event = 2', 'the event has no records'],
    ['the event’s state in the index', 'UPDATE events SET status = 1 WHERE number = 2', 'not so by the index'],
    ['the event’s place in the index', 'UPDATE events SET joined = 3 WHERE number = 2', 'not so by the index'],
  ])('is found by %s', async (_, sql, message) => {
    const { log } = openLog(driver, await changedBy(driver, sql))
    expect(() => log.storedEvents.find('evt_2')).toThrow(DivergenceError)
    expect(() => log.storedEvents.find('evt_2')).toThrow(message)
    const { events, damaged } = log.storedEvents.waiting(query)
    expect(events.map(({ submitted }) => submitted.eventId)).not.toContain('evt_2')
    expect(damaged.map(({ eventId }) => eventId)).toContain('evt_2')
  })

  test('an event whose first record is damaged has no type', async () => {
    const { log } = openLog(driver, await changedBy(driver, 'UPDATE records SET line = 1 WHERE seq = 2'))
    expect(log.storedEvents.waiting(query).damaged).toMatchObject([{ eventId: 'evt_2', eventType: '' }])
  })

  test('a dead letter that is damaged is left out of the list', async () => {
    const path = freshPath()
    const held = openLog(driver, path)
    for (const eventId of ['evt_1', 'evt_2']) {
      const { event, ...rest } = submission(eventId)
      held.log.append({ ...rest, event: { ...event, budget: 1 } as typeof event })
      held.log.append(attemptStarted(eventId))
      held.log.append(attemptFailed(eventId, 1000, false))
    }
    await held.commit()
    await close(held)
    tamper(path, "UPDATE records SET line = replace(line, '503', '500') WHERE seq = 3")
    const { log } = openLog(driver, path)
    expect(log.storedEvents.deadLetters('ep_1').map(({ submitted }) => submitted.eventId)).toEqual(['evt_2'])
  })

  test.each([
    ['the last record', "UPDATE records SET line = line || ' ' WHERE seq = 5"],
    ['the sum that is to follow', 'UPDATE counters SET last_sum = zeroblob(16)'],
    ['the number that is to follow', 'UPDATE counters SET last_seq = 3'],
    ['the counters', 'DELETE FROM counters'],
  ])('a log does not go on after %s was changed', async (_, sql) => {
    const path = await changedBy(driver, sql)
    const open = () => openLog(driver, path)
    expect(open).toThrow(StorageError)
    expect(open).toThrow(/damaged|cannot go on/)
  })

  test('a log goes on although retention took its last record', async () => {
    const path = freshPath()
    const held = openLog(driver, path)
    held.log.append(submission('evt_1'))
    held.log.appendAll([submission('evt_2'), attemptStarted('evt_2'), attemptSucceeded('evt_2')])
    await held.commit()
    held.log.evict('evt_2')
    await held.commit()
    await close(held)
    expect(openLog(driver, path).log.append(submission('evt_3')).seq).toBe(5)
  })
})
