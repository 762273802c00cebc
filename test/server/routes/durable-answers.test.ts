// Every route of the table that changes something, on a disk that is slow, or full: its answer means that the change is durable.
import { setImmediate as loopTurn } from 'node:timers/promises'
import { describe, expect, test } from 'vitest'
import { StorageError } from '../../../src/index.ts'
import type { InjectedAnswer } from '../../../src/server/create-server.ts'
import { routeTable } from '../../../src/server/routes/route-table.ts'
import type { Route } from '../../../src/server/routes/route.ts'
import { errorOf } from '../error-of.ts'
import { startSlowDiskWorld } from './slow-disk.ts'
import type { SlowDiskWorld } from './slow-disk.ts'

/** More than any route takes to answer once it waits for nothing. */
const turnsToAnswer = 50

const named = (routes: readonly Route[]) => routes.map((route) => [`${route.method} ${route.path}`, route] as const)
const writing = routeTable.filter(({ method }) => method !== 'GET')
const reading = routeTable.filter(({ method, operationId }) => method === 'GET' && operationId !== 'streamDeliveries')

/** Sends a request that is to be answered when the disk has written, and not before. */
async function answerOnceWritten({ disk, send }: SlowDiskWorld, route: Route): Promise<InjectedAnswer> {
  const { asked, release } = disk.hold()
  let answered = false
  const answer = send(route).finally(() => (answered = true))
  await Promise.race([asked, answer])
  for (let turn = 0; turn < turnsToAnswer; turn += 1) await loopTurn()
  if (answered) throw new Error(`${route.path} answered ${(await answer).status} before the disk had written`)
  release()
  return answer
}

async function expectRefusal({ disk, send }: SlowDiskWorld, route: Route): Promise<void> {
  disk.fail(new StorageError('the log: no space', 'full', true))
  const { status, headers, text } = await send(route)
  expect([status, headers['retry-after'], errorOf(text).code]).toEqual([503, '3', 'STORAGE_FAILED'])
}

describe.each(named(writing))('%s', (_, route) => {
  test('answers when what it did is durable, and not before', async () => {
    const { status, text } = await answerOnceWritten(await startSlowDiskWorld(), route)
    expect([200, 201, 202, 204], text).toContain(status)
  })

  test('answers 503, and when to try again, when that cannot be made durable', async () => {
    await expectRefusal(await startSlowDiskWorld(), route)
  })
})

describe('many dead letters redelivered, until a limit stops it', () => {
  const redelivering = writing.filter(({ operationId }) => operationId === 'redeliverDeadLetters')

  test.each(named(redelivering))('%s answers when those before it are durable', async (_, route) => {
    const world = await startSlowDiskWorld({ deadLetters: 2 })
    const { text } = await answerOnceWritten(world, route)
    expect(JSON.parse(text)).toMatchObject({ redelivered: 1, stoppedBy: { code: 'CAPACITY_REACHED' } })
  })

  test.each(named(redelivering))('%s answers 503 when they cannot be', async (_, route) => {
    await expectRefusal(await startSlowDiskWorld({ deadLetters: 2 }), route)
  })
})

test.each(named(reading))('%s answers with a log that takes nothing: it changes nothing', async (_, route) => {
  const world = await startSlowDiskWorld()
  world.refuseAppends()
  world.disk.fail(new Error('nothing is written'))
  expect((await world.send(route)).status).toBe(200)
})

test('a new route that does not wait for the disk is found out', async () => {
  const [route] = writing
  const hasty = { ...route!, handle: () => ({ status: 202 }) }
  const world = await startSlowDiskWorld({ routes: [hasty] })
  await expect(answerOnceWritten(world, hasty)).rejects.toThrow('before the disk had written')
})
