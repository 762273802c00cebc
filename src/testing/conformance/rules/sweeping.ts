import assert from 'node:assert/strict'
import type { LogHome } from '../../../log/log-home.ts'
import type { StoredEvents, SweepPolicy, Swept } from '../../../log/stored-events.ts'
import { isSettled } from '../../../statechart/resting-delivery.ts'
import { SeededSource } from '../../simulation/seeded-source.ts'
import type { ConformanceRule } from '../conformance-rule.ts'
import type { Homes } from '../homes.ts'
import { LogWalk } from '../log-walk.ts'
import type { WalkedEvent } from '../log-walk.ts'
import { delivered, takenUp } from '../sample-drafts.ts'

const steps = 400
const mostSweeps = 10_000
const keepAll: SweepPolicy = {
  settledEvents: Number.MAX_SAFE_INTEGER,
  deadLetters: Number.MAX_SAFE_INTEGER,
  settledBeforeMs: 0,
  deadLettersBeforeMs: 0,
}

interface Grown {
  readonly home: LogHome
  readonly stored: StoredEvents
  readonly walked: LogWalk
}

async function grow(homes: Homes, seed: number): Promise<Grown> {
  const home = await homes.open()
  const walked = new LogWalk(new SeededSource(seed, 'sweeping'))
  const isHeld = (): boolean => walked.kept.some(({ folded }) => folded.state.context.holdsLine)
  for (let step = 0; step < steps || !isHeld(); step += 1) walked.step(home)
  await home.flush()
  const { storedEvents } = home
  assert.ok(storedEvents, 'the home has no storedEvents')
  return { home, stored: storedEvents, walked }
}

/** Sweeps until no more is asked for. Gives the events that are gone, and what was counted. */
async function sweep({ home, stored, walked }: Grown, policy: SweepPolicy): Promise<readonly WalkedEvent[]> {
  const counted: Record<keyof Swept['removed'], number> = { delivered: 0, failed: 0, deadLettered: 0 }
  for (let count = 0, more = true; more; count += 1) {
    assert.ok(count < mostSweeps, `${mostSweeps} sweeps were not enough`)
    const swept = stored.sweep(policy)
    counted.delivered += swept.removed.delivered
    counted.failed += swept.removed.failed
    counted.deadLettered += swept.removed.deadLettered
    more = swept.more
    await home.flush()
  }
  const records = new Map<string, number>()
  for (const { eventId } of home.entries()) records.set(eventId, (records.get(eventId) ?? 0) + 1)
  const removed = walked.kept.filter(({ folded: { eventId } }) => !stored.has(eventId))
  for (const { folded } of removed) {
    assert.equal(records.get(folded.eventId), undefined, `records of ${folded.eventId} are left`)
    counted[folded.state.value as keyof typeof counted] -= 1
    walked.evicted(folded.eventId)
  }
  assert.deepEqual(counted, { delivered: 0, failed: 0, deadLettered: 0 }, 'what was counted is not what is gone')
  for (const { folded } of walked.kept) assert.ok(records.has(folded.eventId), `${folded.eventId} has no records`)
  return removed
}

const keepsWhatWaits: ConformanceRule = {
  name: 'sweep takes no event that waits or holds a line, and none whose time has not come',
  needs: ['storedEvents'],
  async check(homes) {
    const grown = await grow(homes, 1)
    const { walked } = grown
    assert.deepEqual(await sweep(grown, keepAll), [])
    const open = walked.kept.filter(isNeeded)
    const everything = {
      settledEvents: 0,
      deadLetters: 0,
      settledBeforeMs: walked.nowMs + 1,
      deadLettersBeforeMs: walked.nowMs + 1,
    }
    await sweep(grown, everything)
    assert.deepEqual(walked.kept, open)
    // And they go on as if nothing had been.
    for (let step = 0; step < steps; step += 1) walked.step(grown.home)
    await grown.home.flush()
    for (const { folded } of walked.kept) assert.deepEqual(grown.stored.find(folded.eventId)?.state, folded.state)
  },
}

const byCount: ConformanceRule = {
  name: 'sweep leaves as many settled events, and as many dead letters, as the policy keeps: the last that settled',
  needs: ['storedEvents'],
  async check(homes) {
    const grown = await grow(homes, 2)
    await sweepByCount(grown, { ...keepAll, settledEvents: 12, deadLetters: 5 })
    await sweepByCount(grown, { ...keepAll, settledEvents: 3 })
    await sweepByCount(grown, { ...keepAll, deadLetters: 0 })
  },
}

async function sweepByCount(grown: Grown, policy: SweepPolicy): Promise<void> {
  const before = grown.walked.kept.filter((event) => !isNeeded(event))
  const removed = new Set(await sweep(grown, policy))
  for (const [isOfKind, limit] of [
    [isDeadLetter, policy.deadLetters],
    [isOther, policy.settledEvents],
  ] as const) {
    const kept = before.filter((event) => isOfKind(event) && !removed.has(event))
    const gone = before.filter((event) => isOfKind(event) && removed.has(event))
    assert.equal(kept.length, Math.min(limit, kept.length + gone.length))
    assertOlder(gone, kept)
  }
}

const byAge: ConformanceRule = {
  name: 'sweep removes what settled before the policy’s times, dead letters by a time of their own',
  needs: ['storedEvents'],
  async check(homes) {
    const grown = await grow(homes, 3)
    const { walked } = grown
    const times = walked.kept.filter((event) => !isNeeded(event)).map(settledMs)
    const median = [...times].sort((one, other) => one - other)[times.length >> 1] ?? 0
    const letters = walked.kept.filter((event) => !isNeeded(event) && isDeadLetter(event))
    const removed = await sweep(grown, { ...keepAll, settledBeforeMs: median })
    assert.ok(removed.length > 0)
    for (const event of removed) assert.ok(isOther(event) && settledMs(event) < median, event.folded.eventId)
    for (const event of walked.kept.filter(isOther)) assert.ok(isNeeded(event) || settledMs(event) >= median)
    const old = new Set(await sweep(grown, { ...keepAll, deadLettersBeforeMs: median }))
    assert.deepEqual(
      letters.filter((event) => settledMs(event) < median),
      [...old],
    )
  },
}

const keepsWhatWillWait: ConformanceRule = {
  name: 'sweep takes no event whose next record is not durable yet',
  needs: ['storedEvents'],
  async check(homes) {
    const home = await homes.open()
    home.appendAll([...delivered('evt_1'), ...delivered('evt_2')])
    await home.flush()
    const { storedEvents } = home
    home.append(takenUp('evt_1'))
    storedEvents?.sweep({ ...keepAll, settledEvents: 0 })
    await home.flush()
    assert.equal([...home.entries({ eventId: 'evt_1' })].length, 4)
    assert.equal(storedEvents?.find('evt_1')?.state.value, 'pending')
  },
}

export const sweeping: readonly ConformanceRule[] = [keepsWhatWaits, keepsWhatWillWait, byCount, byAge]

/** Whether it waits, or holds its line. */
function isNeeded({ folded: { state } }: WalkedEvent): boolean {
  return !isSettled(state.value) || state.context.holdsLine
}

function isDeadLetter({ folded: { state } }: WalkedEvent): boolean {
  return state.value === 'deadLettered'
}

function isOther(event: WalkedEvent): boolean {
  return !isDeadLetter(event)
}

function settledMs({ settledAt }: WalkedEvent): number {
  return Date.parse(settledAt)
}

/** Of those that settled in one millisecond any may go first. */
function assertOlder(gone: readonly WalkedEvent[], kept: readonly WalkedEvent[]): void {
  const youngest = Math.max(...gone.map(settledMs))
  const oldest = Math.min(...kept.map(settledMs))
  assert.ok(gone.length === 0 || kept.length === 0 || youngest <= oldest, 'an older event was kept')
}
