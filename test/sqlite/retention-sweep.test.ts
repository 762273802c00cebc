import { describe, expect, test } from 'vitest'
import type { Clock } from '../../src/clock/clock.ts'
import { systemClock } from '../../src/clock/system-clock.ts'
import type { SweepPolicy } from '../../src/log/stored-events.ts'
import type { TransitionDraft } from '../../src/log/transition.ts'
import { resultCodes } from '../../src/sqlite/driver/result-codes.ts'
import { attemptStarted, seqs, submission } from '../log/drafts.ts'
import { availableDriverNames } from '../support/sqlite-drivers.ts'
import { attemptFailed, attemptSucceeded, redeliveryRequested } from './event-drafts.ts'
import { openFailingLog } from './failing-database.ts'
import { openLog } from './open-log.ts'
import type { HeldLog } from './open-log.ts'

const keepAll: SweepPolicy = {
  settledEvents: 1e6,
  deadLetters: 1e6,
  settledBeforeMs: 0,
  deadLettersBeforeMs: 0,
}
const none = { delivered: 0, failed: 0, deadLettered: 0 }

/** Events `first` to `last`, each delivered one second after the one before it, from second `first` on. */
function delivered(first: number, last: number): TransitionDraft[] {
  return range(first, last).flatMap((event) => [
    submission(`evt_${event}`),
    attemptStarted(`evt_${event}`),
    attemptSucceeded(`evt_${event}`, event * 1000),
  ])
}

function deadLettered(first: number, last: number, holdsLine: boolean): TransitionDraft[] {
  return range(first, last).flatMap((event) => [
    {
      ...submission(`evt_${event}`),
      event: { ...submission(`evt_${event}`).event, budget: 1 } as TransitionDraft['event'],
    },
    attemptStarted(`evt_${event}`),
    attemptFailed(`evt_${event}`, event * 1000, holdsLine),
  ])
}

const range = (first: number, last: number) => Array.from({ length: last - first + 1 }, (_, index) => first + index)

async function keptAfter(held: HeldLog, policy: Partial<SweepPolicy>): Promise<string[]> {
  const { log, commit } = held
  const removed = { ...none }
  for (let more = true, steps = 0; more; steps += 1) {
    const swept = log.storedEvents.sweep({ ...keepAll, ...policy })
    for (const status of ['delivered', 'failed', 'deadLettered'] as const) removed[status] += swept.removed[status]
    more = swept.more
    await commit()
    expect(steps).toBeLessThan(100)
  }
  const kept = [...new Set(Array.from(log.entries(), ({ eventId }) => eventId))]
  return [...kept, `${removed.delivered} ${removed.failed} ${removed.deadLettered}`]
}

describe.each(availableDriverNames)('a sweep, with %s', (driver) => {
  test('removes the events that settled first, whole, down to the number kept', async () => {
    const held = openLog(driver)
    held.log.appendAll(delivered(1, 5))
    await held.commit()
    expect(await keptAfter(held, { settledEvents: 2 })).toEqual(['evt_4', 'evt_5', '3 0 0'])
    expect(held.log.storedEvents.totals().settled).toEqual({ ...none, delivered: 2 })
    expect(held.log.counters.evicted).toBe(9)
    expect(held.log.storedEvents.sweep({ ...keepAll, settledEvents: 2 })).toEqual({ removed: none, more: false })
  })

  test('removes what settled before the age', async () => {
    const held = openLog(driver)
    held.log.appendAll(delivered(1, 5))
    await held.commit()
    expect(await keptAfter(held, { settledBeforeMs: 3000 })).toEqual(['evt_3', 'evt_4', 'evt_5', '2 0 0'])
  })

  test('keeps dead letters by a number and an age of their own', async () => {
    const held = openLog(driver)
    held.log.appendAll(deadLettered(1, 3, false))
    held.log.appendAll(delivered(4, 5))
    held.log.appendAll(deadLettered(6, 7, false))
    await held.commit()
    expect(await keptAfter(held, { settledEvents: 0, deadLetters: 4 })).toEqual([
      ...['evt_2', 'evt_3', 'evt_6', 'evt_7', '2 0 1'],
    ])
    expect(await keptAfter(held, { deadLettersBeforeMs: 6500 })).toEqual(['evt_7', '0 0 3'])
  })

  test('never removes what waits or holds a line, and does not count it', async () => {
    const held = openLog(driver)
    held.log.append(submission('evt_100'))
    held.log.appendAll(deadLettered(1, 1, true))
    held.log.appendAll(deadLettered(2, 3, false))
    held.log.append(submission('evt_101'))
    await held.commit()
    const strictest = { settledEvents: 0, deadLetters: 1, settledBeforeMs: 1e15 }
    expect(await keptAfter(held, strictest)).toEqual(['evt_100', 'evt_1', 'evt_3', 'evt_101', '0 0 1'])
    expect(await keptAfter(held, { deadLettersBeforeMs: 1e15 })).toEqual(['evt_100', 'evt_1', 'evt_101', '0 0 1'])
  })

  test('leaves alone what is put back in line and not committed yet', async () => {
    const { log, commit } = openLog(driver)
    log.appendAll(delivered(1, 2))
    await commit()
    log.append(redeliveryRequested('evt_1', 'delivered'))
    expect(log.storedEvents.sweep({ ...keepAll, settledEvents: 0 }).removed.delivered).toBe(1)
    await commit()
    expect([log.storedEvents.has('evt_1'), log.storedEvents.has('evt_2')]).toEqual([true, false])
    expect(log.storedEvents.find('evt_1')?.state.value).toBe('pending')
  })

  test('what it has chosen is gone at once for whoever asks', async () => {
    const { log, commit } = openLog(driver)
    log.appendAll(delivered(1, 1))
    await commit()
    log.storedEvents.sweep({ ...keepAll, settledEvents: 0 })
    expect(log.storedEvents.has('evt_1')).toBe(false)
    expect(log.storedEvents.find('evt_1')).toBeNull()
    expect(seqs(log.entries())).toEqual([])
    expect(seqs(log.entries({ eventId: 'evt_1' }))).toEqual([])
  })

  test('a commit removes events for five milliseconds, and the next one goes on', async () => {
    let readings = 0
    // Each look at the clock finds a millisecond gone by.
    const clock: Clock = { ...systemClock, monotonic: () => (readings += 1) }
    const { log, commit, turn } = openLog(driver, undefined, { clock })
    log.appendAll(delivered(1, 20))
    await commit()
    expect(log.storedEvents.sweep({ ...keepAll, settledEvents: 0 })).toMatchObject({ removed: { delivered: 20 } })
    const left = new Set<number>()
    while (turn()) left.add(log.storedEvents.totals().settled.delivered)
    expect([...left].filter((events) => events < 20)).toEqual([16, 12, 8, 4, 0])
    expect(log.counters.evicted).toBe(60)
  })

  test('chooses nothing while a group is held', async () => {
    const { log, database, commit } = openFailingLog(driver)
    log.appendAll(delivered(1, 3))
    await commit()
    database.failAt(1, resultCodes.SQLITE_FULL)
    log.append(submission('evt_4'))
    await commit()
    expect(log.condition).toBe('held')
    expect(log.storedEvents.sweep({ ...keepAll, settledEvents: 0 })).toEqual({ removed: none, more: false })
  })

  test('gives back the space of what it removed', async () => {
    const held = openLog(driver)
    const { log, commit } = held
    const body = JSON.stringify('x'.repeat(100_000))
    for (const draft of delivered(1, 200)) {
      log.append(
        draft.from === null ? { ...draft, event: { ...draft.event, body } as TransitionDraft['event'] } : draft,
      )
    }
    await commit()
    const before = log.size().fileBytes
    await keptAfter(held, { settledEvents: 0 })
    const closed = log.close()
    await commit()
    await closed
    expect(before).toBeGreaterThan(10_000_000)
    expect(log.size().fileBytes).toBeLessThan(before / 3)
  })
})
