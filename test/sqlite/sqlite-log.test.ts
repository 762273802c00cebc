import { describe, expect, test } from 'vitest'
import { StorageError } from '../../src/errors/errors.ts'
import type { TransitionDraft } from '../../src/log/transition.ts'
import { attemptStarted, seqs, submission } from '../log/drafts.ts'
import { availableDriverNames } from '../support/sqlite-drivers.ts'
import { openLog } from './open-log.ts'

describe.each(availableDriverNames)('a log in a file, with %s', (driver) => {
  test('numbers records from 1, without gaps, and keeps them as they were given', async () => {
    const { log, commit } = openLog(driver)
    const first = log.append(submission('evt_1'))
    const second = log.append(attemptStarted('evt_1'))
    expect(first).toEqual({ seq: 1, ...submission('evt_1') })
    expect(second).toEqual({ seq: 2, ...attemptStarted('evt_1') })
    await commit()
    expect([...log.entries()]).toEqual([first, second])
  })

  test('reads what is committed, and then what is not', async () => {
    const { log, commit } = openLog(driver)
    log.append(submission('evt_1'))
    await commit()
    log.append(submission('evt_2'))
    log.append(attemptStarted('evt_1'))
    expect(seqs(log.entries())).toEqual([1, 2, 3])
    expect(seqs(log.entries({ eventId: 'evt_1' }))).toEqual([1, 3])
    expect(log.storedEvents.has('evt_1')).toBe(true)
    expect(log.storedEvents.has('evt_2')).toBe(false)
  })

  test('misses nothing that is committed while it is read', async () => {
    const { log, commit } = openLog(driver)
    for (let event = 1; event <= 600; event += 1) log.append(submission(`evt_${event}`))
    await commit()
    for (let event = 601; event <= 700; event += 1) log.append(submission(`evt_${event}`))
    const seen: number[] = []
    for (const { seq } of log.entries()) {
      seen.push(seq)
      if (seq === 300 || seq === 650) await commit()
      if (seq === 640) log.append(submission('evt_701'))
      if (seq === 701) log.append(submission('evt_702'))
    }
    expect(seen).toEqual(Array.from({ length: 702 }, (_, index) => index + 1))
  })

  test('goes on where it was when it is opened again', async () => {
    const { log, path, commit } = openLog(driver)
    log.append(submission('evt_1'))
    log.append(attemptStarted('evt_1'))
    const closed = log.close()
    await commit()
    await closed
    const again = openLog(driver, path)
    expect(seqs(again.log.entries())).toEqual([1, 2])
    expect(again.log.append(submission('evt_2')).seq).toBe(3)
  })

  test('says that records are durable only once they are', async () => {
    const { log, commit } = openLog(driver)
    const told: string[] = []
    log.subscribe(({ seq }) => told.push(`heard ${seq}`))
    log.append(submission('evt_1'))
    log.afterCommit((error) => told.push(`acted ${String(error)}, stored: ${log.storedEvents.has('evt_1')}`))
    const flushed = log.flush().then(() => told.push('flushed'))
    log.afterCommit(() => told.push('acted again'))
    await Promise.resolve()
    expect(told).toEqual([])
    await commit()
    await flushed
    expect(told).toEqual(['heard 1', 'acted null, stored: true', 'acted again', 'flushed'])
  })

  test('acts after a commit also when there is nothing to commit, and never at once', async () => {
    const { log, commit } = openLog(driver)
    let acted = false
    log.afterCommit(() => (acted = true))
    expect(acted).toBe(false)
    await commit()
    expect(acted).toBe(true)
  })

  test('takes all of several records, or none', async () => {
    const { log, commit } = openLog(driver)
    const circular: { self?: unknown } = {}
    circular.self = circular
    const bad = { ...submission('evt_2'), machine: circular as unknown as string }
    expect(() => log.appendAll([submission('evt_1'), bad])).toThrow(TypeError)
    expect(seqs(log.appendAll([submission('evt_3'), submission('evt_4')]))).toEqual([1, 2])
    await commit()
    expect(Array.from(log.entries(), ({ eventId }) => eventId)).toEqual(['evt_3', 'evt_4'])
  })

  test('evicts whole events, committed or not, and never uses a number twice', async () => {
    const { log, path, commit } = openLog(driver)
    log.append(submission('evt_1'))
    log.append(submission('evt_2'))
    await commit()
    log.append(attemptStarted('evt_1'))
    log.append(submission('evt_3'))
    log.evict('evt_1')
    log.evict('evt_3')
    log.evict('evt_unknown')
    expect(seqs(log.entries())).toEqual([2])
    expect(log.storedEvents.has('evt_1')).toBe(false)
    await commit()
    expect(seqs(log.entries())).toEqual([2])
    expect(log.counters.evicted).toBe(3)
    expect(log.append(attemptStarted('evt_2')).seq).toBe(5)
    const closed = log.close()
    await commit()
    await closed
    expect(seqs(openLog(driver, path).log.entries())).toEqual([2, 5])
  })

  test('an event that was evicted may be submitted anew, in the same commit', async () => {
    const { log, commit } = openLog(driver)
    log.append(submission('evt_1'))
    await commit()
    log.evict('evt_1')
    log.append(submission('evt_1'))
    await commit()
    expect(seqs(log.entries({ eventId: 'evt_1' }))).toEqual([2])
    expect(log.storedEvents.find('evt_1')?.joinedSeq).toBe(2)
  })

  test('keeps what it is given also where an id is submitted twice', async () => {
    const { log, commit } = openLog(driver)
    log.append(submission('evt_1'))
    await commit()
    log.append(submission('evt_1'))
    await commit()
    expect(log.condition).toBe('writable')
    expect(seqs(log.entries({ eventId: 'evt_1' }))).toEqual([1, 2])
    expect(() => log.storedEvents.find('evt_1')).toThrow('record 2 of event evt_1 does not follow')
  })

  test('finds an idempotency key under the first event that has it', async () => {
    const { log, commit } = openLog(driver)
    const keyed = (eventId: string): TransitionDraft => {
      const { event, ...rest } = submission(eventId)
      return { ...rest, event: { ...event, idempotencyKey: 'order 1' } as typeof event }
    }
    log.append(keyed('evt_1'))
    await commit()
    log.append(keyed('evt_2'))
    log.append(submission('evt_3'))
    await commit()
    expect(log.condition).toBe('writable')
    expect(log.storedEvents.findByIdempotencyKey('ep_1', 'order 1')?.submitted.eventId).toBe('evt_1')
    expect(log.storedEvents.findByIdempotencyKey('ep_2', 'order 1')).toBeNull()
    expect(log.storedEvents.find('evt_2')?.submitted.event.idempotencyKey).toBe('order 1')
  })

  test('takes and reads nothing once it is closed, but for its figures', async () => {
    const { log, commit } = openLog(driver)
    log.append(submission('evt_1'))
    const closed = log.close()
    expect(() => log.append(submission('evt_2'))).toThrow(StorageError)
    await commit()
    await closed
    await expect(log.close()).resolves.toBeUndefined()
    await expect(log.flush()).rejects.toMatchObject({ reason: 'closed' })
    expect(() => [...log.entries()]).toThrow(StorageError)
    expect(() => log.storedEvents.has('evt_1')).toThrow(StorageError)
    expect(log.storedEvents.totals().submitted).toBe(1)
    expect(log.size()).toMatchObject({ walBytes: 0 })
  })
})
