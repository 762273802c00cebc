import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { expect, onTestFinished, test } from 'vitest'
import { createWebhookService } from '../../src/service.ts'
import type { WebhookServiceOptions } from '../../src/service-options.ts'
import { eventLoopTurns } from '../../src/testing/event-loop-turns.ts'
import { createReceiver } from '../../src/testing/receiver.ts'
import type { Receiver } from '../../src/testing/receiver.ts'
import { runToRest } from '../../src/testing/run-to-rest.ts'
import { createVirtualClock } from '../../src/testing/virtual-clock.ts'
import { startEngine } from '../support/start-engine.ts'

const secret = 'a shared secret'

/** A service and a receiver on one clock, over real sockets. */
async function startOnSockets(options: WebhookServiceOptions = {}) {
  const clock = createVirtualClock()
  const receiver = await createReceiver({ secret, clock })
  const service = createWebhookService({ clock, random: () => 0.5, ...options })
  onTestFinished(async () => {
    void service.shutdown({ timeoutMs: 0 })
    await clock.advance(0)
    await receiver.close()
  })
  const submit = (path = '/') => service.submitEvent(service.registerEndpoint(receiver.url + path, secret), 'a', {})
  return { clock, receiver, service, submit }
}

function attemptsOf(receiver: Receiver): (number | null)[] {
  return receiver.requests.map(({ attempt }) => attempt)
}

test('moves from attempt to attempt, and waits for the real answer to each', async () => {
  const { clock, receiver, service, submit } = await startOnSockets()
  receiver.respond(500, 'reset', 503)
  const eventId = submit()
  await runToRest(service, clock)
  expect(service.getEventStatus(eventId).status).toBe('delivered')
  expect(clock.monotonic()).toBe(7000)
  expect(attemptsOf(receiver)).toEqual([1, 2, 3, 4])
})

test('lets the deadline of a request pass that is never answered', async () => {
  const { clock, receiver, service, submit } = await startOnSockets({ timeoutMs: 20_000 })
  receiver.respond('hang')
  const eventId = submit()
  await runToRest(service, clock)
  expect(service.getEvent(eventId).attempts.map(({ durationMs }) => durationMs)).toEqual([20_000, 0])
  expect(clock.monotonic()).toBe(21_000)
})

test('lets the time pass for which a connection rests before it is used again', async () => {
  const { clock, receiver, service } = await startOnSockets()
  const endpoint = service.registerEndpoint(receiver.url, secret)
  for (let n = 1; n <= 3; n += 1) service.submitEvent(endpoint, 'a', { n })
  await runToRest(service, clock)
  expect(receiver.requests.map((request) => request.json())).toEqual([{ n: 1 }, { n: 2 }, { n: 3 }])
  expect(clock.monotonic()).toBe(25)
})

test('lets time bring the answers that a receiver delays', async () => {
  const { clock, receiver, service, submit } = await startOnSockets()
  receiver.respond({ status: 500, delayMs: 5000 }, { status: 200, delayMs: 1 })
  const eventId = submit()
  await runToRest(service, clock)
  expect(service.getEvent(eventId).attempts.map(({ durationMs }) => durationMs)).toEqual([5000, 1])
})

test('waits for many endpoints at once', async () => {
  const { clock, receiver, service, submit } = await startOnSockets()
  receiver.respondTo((request) => request.attempt === 1, ...Array.from({ length: 30 }, () => 500))
  const events = Array.from({ length: 30 }, (_, index) => submit(`/${index}`))
  await runToRest(service, clock)
  expect(events.map((eventId) => service.getEventStatus(eventId).attempts)).toEqual(events.map(() => 2))
  expect(clock.monotonic()).toBe(1000)
})

test('takes no time when nothing waits', async () => {
  const { clock, service } = startEngine()
  await runToRest(service, clock)
  expect(clock.monotonic()).toBe(0)
})

test('stops at the last delivery, and lets nothing that was kept grow old', async () => {
  const { clock, service, register } = startEngine()
  const eventId = service.submitEvent(register(), 'a', {})
  await runToRest(service, clock)
  expect(clock.monotonic()).toBe(0)
  expect(service.getEventStatus(eventId).status).toBe('delivered')
})

test('is at rest when only a person can move what waits', async () => {
  const { clock, service, transport, register } = startEngine()
  transport.respond(() => 500)
  const paused = register()
  const pausedEvent = service.submitEvent(paused, 'a', {})
  await clock.advance(0)
  service.pauseEndpoint(paused)
  const halted = register({ whenExhausted: 'halt', retry: { maxAttempts: 1 } })
  service.submitEvent(halted, 'a', {})
  const behind = service.submitEvent(halted, 'a', {})
  await runToRest(service, clock)
  expect(service.getEventStatus(pausedEvent).status).toBe('backoff')
  expect(service.explain(behind).reason).toBe('lineHalted')
  expect(clock.monotonic()).toBe(0)
})

test('at its limit says what still waits, and for what', async () => {
  const { clock, service, transport, register } = startEngine()
  transport.respond(() => 500)
  const endpointId = register({ retry: { initialDelayMs: 60_000, jitter: 0 } })
  service.submitEvent(endpointId, 'a', {})
  service.submitEvent(endpointId, 'a', {})
  await expect(runToRest(service, clock, { limitMs: 59_999 })).rejects.toThrow(
    [
      'runToRest: after 59999 ms the service is not at rest',
      '  evt_1: attempt 1 failed (HTTP 500); attempt 2 is due at 2025-01-01T00:01:00.000Z',
      '  evt_2: behind event evt_1, which is in backoff until 2025-01-01T00:01:00.000Z after 1 attempt',
    ].join('\n'),
  )
})

test('shows ten of many that still wait', async () => {
  const { clock, service, transport, register } = startEngine()
  transport.respond(() => 500)
  for (let count = 0; count < 12; count += 1) service.submitEvent(register(), 'a', {})
  await expect(runToRest(service, clock, { limitMs: 0 })).rejects.toThrow(/ {2}evt_10: .*\n {2}and 2 more$/)
})

test('waits for a server of the test’s own when told to', async () => {
  const clock = createVirtualClock()
  const service = createWebhookService({ clock, random: () => 0.5 })
  let received = 0
  const server = createServer((_, response) => {
    received += 1
    // Some turns later, as a server does that has something to look up.
    void eventLoopTurns(50).then(() => response.writeHead(received === 1 ? 500 : 200).end())
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const { port } = server.address() as AddressInfo
  const eventId = service.submitEvent(service.registerEndpoint(`http://127.0.0.1:${port}/`, secret), 'a', {})
  await runToRest(service, clock, { awaitAnswers: true })
  expect(service.getEvent(eventId).attempts.map(({ status }) => status)).toEqual([500, 200])
  await service.shutdown()
  await new Promise((resolve) => server.close(resolve))
})

test('refuses options that it does not have', async () => {
  const { clock, service } = startEngine()
  await expect(runToRest(service, clock, { limitMs: -1 })).rejects.toThrow('limitMs must be a whole number')
  // @ts-expect-error a misspelt option
  await expect(runToRest(service, clock, { limit: 1 })).rejects.toThrow('limit is not an option; valid are limitMs')
})
