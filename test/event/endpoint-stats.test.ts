import { describe, expect, onTestFinished, test } from 'vitest'
import { StorageError } from '../../src/errors/errors.ts'
import type { WebhookServiceOptions } from '../../src/service-options.ts'
import { createEngine } from '../support/start-engine.ts'
import type { Engine } from '../support/start-engine.ts'
import { freshPath, openHome } from '../support/sqlite-files.ts'
import { createStoredLog } from '../support/stored-log.ts'

const once = { retry: { maxAttempts: 1 } } as const

/** Lets all that is under way become durable, and its ends be noted. */
async function settle({ service, quiet }: Engine): Promise<void> {
  for (let turn = 0; turn < 4; turn += 1) {
    await quiet()
    await service.flush()
  }
}

async function send(engine: Engine, endpoint: string, count: number, status: number): Promise<string[]> {
  engine.transport.respond(() => status)
  const events = Array.from({ length: count }, (_, n) => engine.service.submitEvent(endpoint, 'a.b', n))
  for (let turn = 0; turn < count; turn += 1) await settle(engine)
  return events
}

function start(options: WebhookServiceOptions): Engine {
  const engine = createEngine({ ...once, ...options })
  onTestFinished(async () => {
    await engine.stop()
  })
  return engine
}

const deadLettersOf = ({ service }: Engine, endpoint: string): number | null =>
  service.endpointStats(endpoint).events.deadLettered

describe.each([
  ['in memory', (): WebhookServiceOptions => ({})],
  ['in a file', (): WebhookServiceOptions => ({ log: openHome(freshPath()) })],
])('of the events of an endpoint, %s,', (_, home) => {
  test('the dead letters that are kept are counted, its own alone', async () => {
    const engine = start(home())
    const [one, other] = [engine.register(), engine.register()]
    const [first, second] = await send(engine, one, 3, 500)
    await send(engine, other, 1, 500)
    expect([deadLettersOf(engine, one), deadLettersOf(engine, other)]).toEqual([3, 1])
    engine.transport.respond(() => 200)
    engine.service.redeliver(first!)
    expect(deadLettersOf(engine, one)).toBe(2)
    await settle(engine)
    expect(deadLettersOf(engine, one)).toBe(2)
    engine.service.removeEvent(second!)
    expect(deadLettersOf(engine, one)).toBe(1)
    await settle(engine)
    expect([deadLettersOf(engine, one), deadLettersOf(engine, other)]).toEqual([1, 1])
  })

  test('a dead letter that holds its line is counted once, also when the line goes on', async () => {
    const engine = start(home())
    const endpoint = engine.register({ whenExhausted: 'halt' })
    await send(engine, endpoint, 1, 500)
    expect(deadLettersOf(engine, endpoint)).toBe(1)
    engine.service.resumeEndpoint(endpoint)
    expect(deadLettersOf(engine, endpoint)).toBe(1)
    await settle(engine)
    expect(deadLettersOf(engine, endpoint)).toBe(1)
  })

  test('what retention forgets is counted no more', async () => {
    const engine = start({ ...home(), retention: { deadLetters: 1 } })
    const endpoint = engine.register()
    await send(engine, endpoint, 3, 500)
    await engine.clock.advance(20_000)
    expect([engine.service.stats().events.deadLettered, deadLettersOf(engine, endpoint)]).toEqual([1, 1])
    await settle(engine)
    expect(deadLettersOf(engine, endpoint)).toBe(1)
  })

  test('attempts and ends are counted since the start, and anew for an endpoint that is registered again', async () => {
    const engine = start({ ...home(), retry: { maxAttempts: 2, initialDelayMs: 1000, jitter: 0 } })
    const endpoint = engine.register({ id: 'ep_mine' })
    const [dead] = await send(engine, endpoint, 1, 500)
    await engine.clock.advance(1000)
    await settle(engine)
    await send(engine, endpoint, 2, 200)
    await send(engine, endpoint, 1, 400)
    const { service } = engine
    expect(service.endpointStats(endpoint).sinceStart).toEqual({
      attempts: 5,
      delivered: 2,
      failed: 1,
      deadLettered: 1,
    })
    engine.transport.respond(() => 200)
    service.redeliver(dead!)
    await settle(engine)
    const sinceStart = { attempts: 6, delivered: 3, failed: 1, deadLettered: 1 }
    service.updateEndpoint(endpoint, { concurrency: 1 })
    expect(service.endpointStats(endpoint)).toMatchObject({ sinceStart, events: { deadLettered: 0 } })
    service.removeEndpoint(endpoint)
    engine.register({ id: 'ep_mine' })
    const anew = { attempts: 0, delivered: 0, failed: 0, deadLettered: 0 }
    expect(service.endpointStats(endpoint).sinceStart).toEqual(anew)
  })
})

test('after a restart the dead letters are still there, and the totals begin anew', async () => {
  const path = freshPath()
  const before = createEngine({ ...once, log: openHome(path) })
  const endpoint = before.register({ id: 'ep_mine', whenExhausted: 'halt' })
  await send(before, endpoint, 1, 500)
  await before.stop()
  const after = start({ log: openHome(path) })
  const { events, sinceStart } = after.service.endpointStats(endpoint)
  expect(events.deadLettered).toBe(1)
  expect(sinceStart).toEqual({ attempts: 0, delivered: 0, failed: 0, deadLettered: 0 })
})

test('a home that cannot be read says nothing of dead letters, and takes no other figure along', () => {
  const log = createStoredLog()
  onTestFinished(() => log.die())
  const { service, register } = createEngine({ log })
  const endpoint = register()
  service.pauseEndpoint(endpoint)
  service.submitEvent(endpoint, 'a.b', 1)
  log.storedEvents.countDeadLetters = () => {
    throw new StorageError('unreadable', 'ioError', true)
  }
  expect(service.endpointStats(endpoint).events).toMatchObject({ pending: 1, deadLettered: null })
})
