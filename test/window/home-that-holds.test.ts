import { describe, expect, test } from 'vitest'
import { StorageError } from '../../src/errors/errors.ts'
import { createWorld } from './window-world.ts'

describe('a home that holds', () => {
  test('sends nothing, refuses submissions, says why, and goes on by itself', async () => {
    const world = createWorld()
    const [event] = world.submit(1)
    world.log.fail()
    await world.settle()
    expect(() => world.submit(1)).toThrow(StorageError)
    expect(world.sent).toEqual([])
    world.log.mend()
    await world.settle()
    expect(world.sent).toEqual([event])
  })

  test('holds what waits behind it too', async () => {
    const world = createWorld({ endpoint: { ordering: 'none', concurrency: 1 } })
    const events = world.submit(2)
    world.log.fail()
    await world.settle()
    expect(world.service.explain(events[1]!).reason).toBe('logHeld')
    world.log.stop()
    expect(world.service.explain(events[1]!).reason).toBe('logStopped')
  })

  test('lets a shutdown end, and no request leaves after it has begun', async () => {
    const world = createWorld()
    world.submit(3)
    await world.quiet()
    const report = world.service.shutdown()
    await world.settle()
    expect(await report).toMatchObject({ undeliveredTotal: 3, interrupted: 0 })
    expect(world.sent).toEqual([])
  })

  test('one that has stopped ends a shutdown that drains with its error', async () => {
    const world = createWorld()
    world.submit(3)
    await world.quiet()
    world.log.stop()
    await world.quiet()
    const report = world.service.shutdown({ drain: true })
    report.catch(() => undefined)
    await world.clock.advance(5000)
    await expect(report).rejects.toThrow(StorageError)
  })
})
