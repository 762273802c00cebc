// The index of events and lines is read from the records, and says at every moment what a fold of all of them says.
import { readdirSync, readFileSync } from 'node:fs'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { importJsonl } from '../../src/log/jsonl.ts'
import { mergedRecords } from '../../src/log/merged-records.ts'
import type { StoredEvents, WaitingPage } from '../../src/log/stored-events.ts'
import { isEndpointTransition } from '../../src/log/transition.ts'
import type { LogRecord } from '../../src/log/transition.ts'
import { FoldedLog } from '../../src/replay/folded-log.ts'
import type { FoldedEvent, FoldedLine } from '../../src/replay/folded-log.ts'
import type { DriverName } from '../../src/sqlite/driver/database.ts'
import type { SqliteHome } from '../../src/sqlite/sqlite-home.ts'
import { isSettled } from '../../src/statechart/resting-delivery.ts'
import { simulate } from '../../src/testing/index.ts'
import { formulaRecords } from '../support/formula-log.ts'
import { availableDriverNames } from '../support/sqlite-drivers.ts'
import { freshPath, verifyPath } from '../support/sqlite-files.ts'
import { openLog } from './open-log.ts'

const goldenFolder = new URL('../golden/', import.meta.url)
const goldenLogs = readdirSync(goldenFolder, { withFileTypes: true })
  .filter((entry) => entry.isDirectory() && entry.name.startsWith('delivery'))
  .flatMap(({ name }) => readdirSync(new URL(`${name}/`, goldenFolder)).map((file) => `${name}/${file}`))
  .filter((path) => path.endsWith('.jsonl'))

function readGolden(path: string): LogRecord[] {
  return [...importJsonl(readFileSync(new URL(path, goldenFolder), 'utf8').split('\n'))]
}

/** Chance that fast-check gives: where groups end, what is evicted, when the log is opened anew. */
interface Chances {
  readonly next: () => number
}

const chances = (seed: number): Chances => {
  let state = seed | 1
  return { next: () => ((state = Math.imul(state, 1_103_515_245) + 12_345) >>> 8) / 2 ** 24 }
}

/** Appends the records group by group, with evictions between, and compares after some of the groups. */
async function holdAgainstFold(driver: DriverName, records: readonly LogRecord[], chance: Chances): Promise<number> {
  const path = freshPath()
  let { log, commit } = openLog(driver, path)
  let compared = 0
  const ever = { submitted: 0, attempts: 0 }
  const places = new Map<string, { endpointId: string; line: string; sequence: number }>()
  const evicted = new Set<string>()
  const groupSize = 1 + Math.floor(chance.next() ** 3 * 60)
  const compareEvery = Math.max(1, Math.floor(records.length / 5))
  for (const [index, record] of records.entries()) {
    if (evicted.has(record.eventId)) continue
    if (isEndpointTransition(record)) log.appendEndpoint(record)
    else log.append(record)
    if (record.event.type === 'attempt.started') ever.attempts += 1
    if (record.event.type === 'event.submitted') {
      const { ordering, orderingKey, sequence } = record.event
      const line = ordering === 'key' ? (orderingKey ?? '') : ''
      const { endpointId } = record
      const name = `${endpointId} ${line}`
      places.set(name, { endpointId, line, sequence: Math.max(sequence, places.get(name)?.sequence ?? 0) })
      ever.submitted += 1
    }
    if (record.to === 'delivered' && chance.next() < 0.1) {
      log.evict(record.eventId)
      evicted.add(record.eventId)
    }
    if (chance.next() < 1 / groupSize) await commit()
    if (index % compareEvery !== 0 && index !== records.length - 1) continue
    await commit()
    expect(log.storedEvents.totals()).toMatchObject(ever)
    for (const { endpointId, line, sequence } of places.values()) {
      expect(log.storedEvents.lastSequence(endpointId, line)).toBe(sequence)
    }
    compare(log, 1 + Math.floor(chance.next() * 20))
    compared += 1
    if (chance.next() < 0.2) {
      const closed = log.close()
      await commit()
      await closed
      ;({ log, commit } = openLog(driver, path))
    }
  }
  const closed = log.close()
  await commit()
  await closed
  expect(verifyPath(path).faults).toEqual([])
  return compared
}

function compare(log: SqliteHome, limit: number): void {
  const folded = new FoldedLog()
  for (const record of mergedRecords(log)) folded.fold(record)
  const stored = log.storedEvents
  for (const event of folded.events.values()) compareEvent(stored, event)
  const lines = [...folded.lines()]
  for (const line of lines) compareLine(stored, line, limit)
  compareEndpoints(stored, folded, lines, limit)
  const settled = { delivered: 0, failed: 0, deadLettered: 0 }
  const open: string[] = []
  for (const { eventId, state } of folded.events.values()) {
    if (isSettled(state.value)) settled[state.value] += 1
    else open.push(eventId)
  }
  expect(stored.totals().settled).toEqual(settled)
  expect(stored.unsettled(limit).map(({ eventId }) => eventId)).toEqual(open.slice(0, limit))
}

function compareEvent(stored: StoredEvents, event: FoldedEvent): void {
  const found = stored.find(event.eventId)
  expect(stored.has(event.eventId)).toBe(true)
  expect(found).toMatchObject({ state: event.state, lastAt: event.lastAt })
  expect(found?.submitted).toMatchObject({ eventId: event.eventId, endpointId: event.endpointId })
  const key = found?.submitted.event.idempotencyKey ?? null
  if (key !== null) expect(stored.findByIdempotencyKey(event.endpointId, key)).toEqual(found)
}

function idsIn({ haltedBy, waiting }: FoldedLine): string[] {
  return [haltedBy, ...waiting].flatMap((event) => (event === null ? [] : [event.eventId]))
}

function compareLine(stored: StoredEvents, line: FoldedLine, limit: number): void {
  const { endpointId, laneKey } = line
  const pages = readAll((afterSeq) => stored.waiting({ endpointId, laneKey, afterSeq, limit }), limit)
  expect(pages.map(({ submitted }) => submitted.eventId)).toEqual(idsIn(line))
  pages.forEach(({ joinedSeq }, ahead) => {
    expect(stored.countAhead(endpointId, laneKey, joinedSeq)).toBe(ahead)
  })
}

function compareEndpoints(stored: StoredEvents, folded: FoldedLog, lines: readonly FoldedLine[], limit: number): void {
  const events = [...folded.events.values()]
  const backlogs = stored.backlogs()
  for (const endpointId of new Set(events.map((event) => event.endpointId))) {
    const own = lines.filter((line) => line.endpointId === endpointId)
    const waiting = readAll((afterSeq) => stored.waiting({ endpointId, afterSeq, limit }), limit)
    expect(waiting.map(({ submitted }) => submitted.eventId).sort()).toEqual(own.flatMap(idsIn).sort())
    const open = waiting.filter(({ state }) => !isSettled(state.value))
    const bytes = open.reduce((sum, { submitted }) => sum + Buffer.byteLength(submitted.event.body), 0)
    const backlog = { endpointId, events: open.length, bytes, heldLines: waiting.length - open.length }
    expect(backlogs.filter((one) => one.endpointId === endpointId)).toEqual(waiting.length === 0 ? [] : [backlog])
    const dead = events.filter((event) => event.endpointId === endpointId && event.state.value === 'deadLettered')
    const listed = stored.deadLetters(endpointId).map(({ submitted }) => submitted.eventId)
    expect(listed.sort()).toEqual(dead.map(({ eventId }) => eventId).sort())
    expect(stored.countDeadLetters(endpointId)).toBe(dead.length)
  }
}

/** All pages, which are full but for the last, and in order. */
function readAll(read: (afterSeq: number) => WaitingPage, limit: number): WaitingPage['events'] {
  const all: WaitingPage['events'][number][] = []
  for (;;) {
    const { events, damaged } = read(all.at(-1)?.joinedSeq ?? 0)
    expect(damaged).toEqual([])
    for (const event of events) {
      expect(event.joinedSeq).toBeGreaterThan(all.at(-1)?.joinedSeq ?? 0)
      all.push(event)
    }
    if (events.length < limit) return all
  }
}

describe.each(availableDriverNames)('with %s, the index says what the log says', (driver) => {
  test.each(goldenLogs)('of %s, wherever its groups end', async (path) => {
    const records = readGolden(path)
    await fc.assert(
      fc.asyncProperty(fc.nat(), async (seed) => {
        expect(await holdAgainstFold(driver, records, chances(seed))).toBeGreaterThan(0)
      }),
      { numRuns: 3 },
    )
  })

  test('of a log of many lines', async () => {
    expect(await holdAgainstFold(driver, [...formulaRecords(1500)], chances(1))).toBeGreaterThan(0)
  })

  test.each([20_000, 20_001, 20_002, 20_005])('of the world of seed %i', async (seed) => {
    const { log } = await simulate({ seed })
    expect(await holdAgainstFold(driver, log, chances(seed))).toBeGreaterThan(0)
  })
})
