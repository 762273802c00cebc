import { expect, test } from 'vitest'
import { startEngine } from './support/start-engine.ts'

test('a drain does not wait for the cooldown of a breaker that nothing waits behind', async () => {
  const engine = startEngine()
  engine.transport.respond(() => 500)
  const endpoint = engine.register({ retry: { maxAttempts: 1 }, breaker: { failures: 1, cooldownMs: 86_400_000 } })
  engine.service.submitEvent(endpoint, 'tick', {})
  await engine.quiet()
  expect(await engine.service.shutdown({ drain: true })).toEqual({
    undelivered: [],
    undeliveredTotal: 0,
    interrupted: 0,
  })
})

test('a drain waits for the cooldown of a breaker that an event waits behind', async () => {
  const engine = startEngine()
  engine.transport.respond(({ attempt }) => (attempt === 1 ? 500 : 200))
  const endpoint = engine.register({ breaker: { failures: 1, cooldownMs: 60_000 } })
  const event = engine.service.submitEvent(endpoint, 'tick', {})
  await engine.quiet()
  const shutdown = engine.service.shutdown({ drain: true })
  await engine.clock.advance(60_000)
  expect((await shutdown).undelivered).toEqual([])
  expect(engine.service.getEventStatus(event)).toMatchObject({ status: 'delivered', attempts: 2 })
})

test('a shutdown that begins while the options of another are read is the same', async () => {
  const { service } = startEngine()
  const begun: Promise<unknown>[] = []
  const options = {
    get drain() {
      begun.push(service.shutdown())
      return false
    },
  }
  begun.push(service.shutdown(options))
  expect(begun[1]).toBe(begun[0])
  expect(await begun[0]).toEqual({ undelivered: [], undeliveredTotal: 0, interrupted: 0 })
})
