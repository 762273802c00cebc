import { describe, expect, test, vi } from 'vitest'
import { replay } from '../../src/replay/replay.ts'
import { memoryLog } from '../../src/log/memory-log.ts'
import { SigningSecret } from '../../src/signing/secret.ts'
import { Outbox } from '../../src/statechart/outbox.ts'
import { createFailingLog } from '../support/failing-log.ts'
import { startEngine } from '../support/start-engine.ts'

const broken = new Error('broken')
const breaks = (): never => {
  throw broken
}

/** The only way to break a sound machine from outside: its next provided action throws. */
function breakNextAction(): void {
  vi.spyOn(Outbox.prototype, 'put').mockImplementationOnce(breaks)
}

const stopped = { status: 'failed', lastError: "internal: an error of hookline's own stopped this event" }

describe('when the code of an event itself fails, only that event is stopped', () => {
  test('as it starts its attempt: nothing is sent', async () => {
    const { service, transport, quiet, register } = startEngine()
    const told: unknown[] = []
    service.on('quarantined', (notice) => told.push(notice))
    const endpointId = register()
    const [first, second] = [1, 2].map((n) => service.submitEvent(endpointId, 'a.b', { n }))
    breakNextAction()
    await quiet()
    expect(service.getEventStatus(first!)).toMatchObject({ ...stopped, attempts: 0 })
    expect(service.getEventStatus(second!)).toMatchObject({ status: 'delivered' })
    expect(transport.requests.map(({ eventId }) => eventId)).toEqual([second])
    expect(told).toEqual([{ eventId: first, endpointId, eventType: 'a.b', error: broken }])
  })

  test('as its answer comes in: it is not sent again', async () => {
    const { service, transport, quiet, register } = startEngine()
    transport.respond(({ sequence }) => (sequence === 1 ? 'held' : 200))
    const endpoint = register()
    const [first, second] = [1, 2].map((n) => service.submitEvent(endpoint, 'a.b', { n }))
    await quiet()
    breakNextAction()
    transport.open[0]!.answer(200)
    await quiet()
    expect(service.getEventStatus(first!)).toMatchObject({ ...stopped, attempts: 1 })
    expect(service.getEventStatus(second!)).toMatchObject({ status: 'delivered' })
    expect(transport.requests.map(({ eventId }) => eventId)).toEqual([first, second])
    expect(service.stats()).toMatchObject({ inFlight: 0 })
  })

  test('as its retry is drawn from a random source that throws', async () => {
    const { service, transport, clock, register } = startEngine({ random: breaks, retry: { jitter: 0.5 } })
    transport.respond(({ sequence }) => (sequence === 1 ? 503 : 200))
    const endpoint = register()
    const [first, second] = [1, 2].map((n) => service.submitEvent(endpoint, 'a.b', { n }))
    await clock.advance(1000)
    expect(service.getEventStatus(first!)).toMatchObject({ ...stopped, attempts: 1 })
    expect(service.getEventStatus(second!)).toMatchObject({ status: 'delivered' })
    expect(service.stats()).toMatchObject({ inFlight: 0 })
  })

  test('as its request is made: nothing is sent', async () => {
    const { service, transport, quiet, register } = startEngine({ concurrency: 1 })
    const endpoint = register()
    const [first, second] = [1, 2].map((n) => service.submitEvent(endpoint, 'a.b', { n }))
    vi.spyOn(SigningSecret.prototype, 'hmac').mockImplementationOnce(breaks)
    await quiet()
    expect(service.getEventStatus(first!)).toMatchObject({ ...stopped, attempts: 1 })
    expect(service.getEventStatus(second!)).toMatchObject({ status: 'delivered' })
    expect(transport.requests.map(({ eventId }) => eventId)).toEqual([second])
    expect(service.stats()).toMatchObject({ inFlight: 0 })
  })

  test('also when the log cannot be read just then', async () => {
    const log = memoryLog()
    const { service, transport, quiet, register } = startEngine({ log })
    transport.respond(() => 'held')
    const event = service.submitEvent(register(), 'a.b', {})
    await quiet()
    breakNextAction()
    vi.spyOn(log, 'entries').mockImplementationOnce(breaks)
    transport.open[0]!.answer(200)
    await quiet()
    expect(service.getEventStatus(event)).toMatchObject({ ...stopped, attempts: 1 })
    expect(replay(service.log.entries()).events.get(event)).toMatchObject(stopped)
  })

  test('and the log says so, and folds to it', async () => {
    const { service, quiet, register } = startEngine()
    const event = service.submitEvent(register(), 'a.b', {})
    breakNextAction()
    await quiet()
    expect([...service.log.entries()].at(-1)).toMatchObject({
      from: 'pending',
      to: 'failed',
      event: { type: 'event.abandoned', failure: { reason: 'internal', reach: 'unknown' } },
    })
    expect(replay(service.log.entries()).events.get(event)).toMatchObject(stopped)
  })

  test('also when the log refuses that at first', async () => {
    const log = createFailingLog()
    const { service, clock, quiet, register } = startEngine({ log })
    const endpoint = register()
    const [first, second] = [1, 2].map((n) => service.submitEvent(endpoint, 'a.b', { n }))
    breakNextAction()
    log.refuse((call) => call === 3)
    await quiet()
    expect(service.getEventStatus(first!)).toMatchObject({ status: 'pending' })
    await clock.advance(1000)
    expect(service.getEventStatus(first!)).toMatchObject(stopped)
    expect(service.getEventStatus(second!)).toMatchObject({ status: 'delivered' })
  })

  test('and a person may send it again', async () => {
    const { service, quiet, register } = startEngine()
    const event = service.submitEvent(register(), 'a.b', {})
    breakNextAction()
    await quiet()
    service.redeliver(event)
    await quiet()
    expect(service.getEventStatus(event)).toMatchObject({ status: 'delivered', attempts: 1 })
  })
})
