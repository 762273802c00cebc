import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { memoryLog } from '../../src/log/memory-log.ts'
import { availableDriverNames } from '../support/sqlite-drivers.ts'
import { createStoredLog } from '../support/stored-log.ts'
import { openLog } from '../sqlite/open-log.ts'
import { anyHistory, anyQuery, expected, queryOf, readPages, startHistory } from './any-listing.ts'
import type { Home } from './any-listing.ts'

type MakeHome = () => Home

const homes: readonly (readonly [string, number, MakeHome])[] = [
  ['memory', 150, () => ({ log: memoryLog(), commit: () => Promise.resolve() })],
  ['a home that finds events by itself', 30, newReference],
  ...availableDriverNames.map((driver) => [`a file, with ${driver}`, 30, () => openLog(driver)] as const),
]

function newReference(): Home {
  const log = createStoredLog()
  return { log, commit: () => log.commit() }
}

describe.each(homes)('events listed over %s', (_, numRuns, newHome) => {
  test('are those for which the conditions hold, page by page, wherever they stand', async () => {
    await fc.assert(
      fc.asyncProperty(anyHistory, fc.array(anyQuery, { minLength: 4, maxLength: 8 }), async (history, queries) => {
        const { running, submitted, take } = startHistory(history.run, newHome())
        const startMs = running.clock.now()
        for (const [index, step] of history.steps.entries()) {
          await take(step)
          if (index % 7 !== 6 && index !== history.steps.length - 1) continue
          for (const any of queries) {
            const query = queryOf(any, running.endpointIds, startMs)
            const pages = await readPages(running.service, query)
            expect(pages.flatMap(({ events }) => events)).toEqual(expected(running.service, submitted, query))
          }
        }
      }),
      { numRuns },
    )
  }, 120_000)

  test('come each once, and none is missing, while events are submitted, settle, and become durable', async () => {
    await fc.assert(
      fc.asyncProperty(anyHistory, anyQuery, fc.nat(20), async (history, any, first) => {
        const { running, submitted, take } = startHistory(history.run, newHome())
        const { service } = running
        const query = queryOf(
          { ...any, rest: { ...any.rest, status: undefined } },
          running.endpointIds,
          running.clock.now(),
        )
        const steps = [...history.steps]
        for (const step of steps.splice(0, first)) await take(step)
        const before = new Set(expected(service, submitted, query).map(({ id }) => id))
        const pages = await readPages(service, query, async () => {
          for (const step of steps.splice(0, 3)) await take(step)
        })
        const listed = pages.flatMap(({ events }) => events).map(({ id }) => id)
        const inOrder = submitted.filter((id) => listed.includes(id))
        expect(listed).toEqual(query.order === 'oldest' ? inOrder : inOrder.reverse())
        const after = expected(service, submitted, query).map(({ id }) => id)
        // What was there all the time, and of what came meanwhile that which comes later in the order.
        const due = query.order === 'oldest' ? after : after.filter((id) => before.has(id))
        expect(listed).toEqual(expect.arrayContaining(due))
        if (query.order !== 'oldest') expect([...before]).toEqual(expect.arrayContaining(listed))
      }),
      { numRuns },
    )
  }, 120_000)
})
