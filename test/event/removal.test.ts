import { describe, expect, test } from 'vitest'
import { EventNotFoundError, EventNotSettledError } from '../../src/errors/errors.ts'
import type { LogHome } from '../../src/log/log-home.ts'
import { memoryLog } from '../../src/log/memory-log.ts'
import { replay } from '../../src/replay/replay.ts'
import { freshPath, openHome, verifyPath } from '../support/sqlite-files.ts'
import { createEngine, startEngine } from '../support/start-engine.ts'

const once = { retry: { maxAttempts: 1 } }

const homes: readonly (readonly [string, () => LogHome])[] = [
  ['memory', memoryLog],
  ['a file', () => openHome(freshPath())],
]

describe.each(homes)('removeEvent, over %s,', (_, open) => {
  function start(options: Parameters<typeof startEngine>[0] = {}) {
    const log = open()
    const engine = startEngine({ log, ...options })
    const submit = async (endpoint: string, status: number, key?: string) => {
      engine.transport.respond(() => status)
      const id = engine.service.submitEvent(endpoint, 'a', {}, { idempotencyKey: key })
      await engine.service.flush()
      await engine.clock.advance(1)
      await engine.service.flush()
      await engine.quiet()
      return id
    }
    return { ...engine, log, submit }
  }

  test('forgets a settled event, and all that is told of it', async () => {
    const { service, register, submit, log } = start(once)
    const endpoint = register()
    const [delivered, failed, dead, kept] = [
      await submit(endpoint, 200, 'k'),
      await submit(endpoint, 404),
      await submit(endpoint, 500),
      await submit(endpoint, 500),
    ]
    for (const id of [delivered, failed, dead]) service.removeEvent(id)
    for (const durable of [false, true]) {
      if (durable) await service.flush()
      for (const id of [delivered, failed, dead]) {
        expect(() => service.getEventStatus(id)).toThrow(EventNotFoundError)
        expect(() => service.removeEvent(id)).toThrow(EventNotFoundError)
        expect([...log.entries({ eventId: id })]).toEqual([])
      }
      expect(service.getDeadLetterEvents(endpoint).map(({ eventId }) => eventId)).toEqual([kept])
      expect(service.stats().events).toMatchObject({ delivered: 0, failed: 0, deadLettered: 1 })
      expect(service.stats().submitted).toBe(4)
    }
    expect([...replay(log.entries()).events.keys()]).toEqual([kept])
  })

  test('frees its idempotency key, and gives its place in line to no other', async () => {
    const { service, register, submit } = start()
    const endpoint = register()
    const first = await submit(endpoint, 200, 'k')
    service.removeEvent(first)
    const second = service.submitEvent(endpoint, 'other', {}, { idempotencyKey: 'k' })
    expect(second).not.toBe(first)
    expect(service.getEvent(second).sequence).toBe(2)
    await service.flush()
    expect(service.submitEvent(endpoint, 'other', {}, { idempotencyKey: 'k' })).toBe(second)
  })

  test('refuses one that waits, is under way, or holds its line', async () => {
    const { service, register, submit, transport, quiet } = start(once)
    transport.respond(() => 'held')
    const endpoint = register({ whenExhausted: 'halt' })
    const [head, waiting] = [service.submitEvent(endpoint, 'a', 1), service.submitEvent(endpoint, 'a', 2)]
    await service.flush()
    await quiet()
    expect(() => service.removeEvent(head)).toThrow(EventNotSettledError)
    expect(() => service.removeEvent(waiting)).toThrow('is pending; only one that has settled can be removed')
    const halting = register({ whenExhausted: 'halt' })
    const holding = await submit(halting, 500)
    await submit(halting, 200)
    expect(() => service.removeEvent(holding)).toThrow('holds its line: redeliver it, or let the line go on')
    expect(service.getEventStatus(holding).status).toBe('deadLettered')
    service.resumeEndpoint(halting)
    service.removeEvent(holding)
    expect(() => service.getEvent(holding)).toThrow(EventNotFoundError)
  })

  test('refuses one that was put back in line', async () => {
    const { service, register, submit } = start(once)
    const endpoint = register()
    const dead = await submit(endpoint, 500)
    service.pauseEndpoint(endpoint)
    service.redeliver(dead)
    expect(() => service.removeEvent(dead)).toThrow(EventNotSettledError)
  })

  test('leaves to retention what it kept', async () => {
    const { service, register, submit, clock } = start({ ...once, retention: { settledEvents: 2, ageMs: 60_000 } })
    const endpoint = register()
    const ids = [await submit(endpoint, 200), await submit(endpoint, 200)]
    service.removeEvent(ids[0]!)
    ids.push(await submit(endpoint, 200))
    await clock.advance(20_000)
    expect(service.stats().events.delivered).toBe(2)
    await clock.advance(60_000)
    for (let turn = 0; turn < 3; turn += 1) {
      await service.flush()
      await clock.advance(10_000)
    }
    expect(service.stats().events.delivered).toBe(0)
  })
})

test('what was removed from a file is not there after a restart, and the file is sound', async () => {
  const path = freshPath()
  const { service, register, transport, quiet, stop } = createEngine({ log: openHome(path), ...once })
  const endpoint = register({ id: 'ep_shop' })
  transport.respond(() => 500)
  const [removed, kept] = [
    service.submitEvent(endpoint, 'a', 1, { idempotencyKey: 'k' }),
    service.submitEvent(endpoint, 'a', 2),
  ]
  for (let turn = 0; turn < 4; turn += 1) {
    await service.flush()
    await quiet()
  }
  service.removeEvent(removed)
  await service.flush()
  await stop()
  expect(verifyPath(path).faults).toEqual([])
  const again = startEngine({ log: openHome(path) })
  again.register({ id: 'ep_shop' })
  expect(again.service.getDeadLetterEvents('ep_shop').map(({ eventId }) => eventId)).toEqual([kept])
  expect(again.service.stats().events).toMatchObject({ deadLettered: 1, pending: 0 })
  expect(() => again.service.getEvent(removed)).toThrow(EventNotFoundError)
})
