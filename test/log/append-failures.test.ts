import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import type { LogHome } from '../../src/log/log-home.ts'
import { replay } from '../../src/replay/replay.ts'
import { createFailingLog, DiskFullError } from '../support/failing-log.ts'
import type { FailingLog } from '../support/failing-log.ts'
import { createEngine, startEngine } from '../support/start-engine.ts'
import type { Engine } from '../support/start-engine.ts'
import { anyRun, startRun } from '../replay/random-service.ts'

function startFailing() {
  const log = createFailingLog()
  return { log, ...startEngine({ log }) }
}

/** Does it, once more for each time the log refuses it. */
function insist<T>(call: () => T): T {
  for (;;) {
    try {
      return call()
    } catch (error) {
      if (!(error instanceof DiskFullError)) throw error
    }
  }
}

describe('when the log refuses', () => {
  test('a submission, the caller hears it and nothing has changed', async () => {
    const { log, service, transport, quiet, register } = startFailing()
    const endpoint = register({ ordering: 'none', concurrency: 8 })
    const before = service.stats()
    log.refuse(() => true)
    const submitting = () => service.submitEvent(endpoint, 'a.b', {}, { idempotencyKey: 'once' })
    expect(submitting).toThrow(DiskFullError)
    await quiet()
    expect(service.stats()).toEqual(before)
    expect([...service.log.entries()]).toEqual([])
    log.refuse(() => false)
    const event = submitting()
    await quiet()
    expect(service.getEvent(event)).toMatchObject({ sequence: 1, status: 'delivered' })
    expect(transport.requests).toHaveLength(1)
  })

  test('one of the events published, none is stored and no place in line is used up', async () => {
    const { log, service, transport, quiet, register } = startFailing()
    const endpoints = [register(), register({ ordering: 'key' }), register({ ordering: 'none', concurrency: 8 })]
    const before = service.stats()
    for (const refusedCall of [1, 2, 3]) {
      const calls = log.calls
      log.refuse((call) => call === calls + refusedCall)
      expect(() => service.publishEvent('a.b', {}, { orderingKey: 'k' })).toThrow(DiskFullError)
    }
    await quiet()
    expect(service.stats()).toEqual(before)
    expect([...service.log.entries()]).toEqual([])
    log.refuse(() => false)
    const events = service.publishEvent('a.b', {}, { orderingKey: 'k' })
    await quiet()
    expect(events.map((event) => service.getEvent(event).sequence)).toEqual(endpoints.map(() => 1))
    expect(transport.requests).toHaveLength(3)
  })

  test('the start of an attempt, no request leaves; it starts when the log takes it', async () => {
    const { log, service, transport, clock, quiet, register } = startFailing()
    const event = service.submitEvent(register(), 'a.b', {})
    log.refuse(() => true)
    await quiet()
    expect(transport.requests).toEqual([])
    expect(service.getEventStatus(event)).toMatchObject({ status: 'pending', attempts: 0 })
    await clock.advance(5000)
    expect(transport.requests).toEqual([])
    log.refuse(() => false)
    await clock.advance(1000)
    expect(transport.requests).toHaveLength(1)
    expect(service.getEventStatus(event)).toMatchObject({ status: 'delivered', attempts: 1 })
  })

  test('an answer, it is offered again every second, and the event is not sent again', async () => {
    const { log, service, transport, clock, quiet, register } = startFailing()
    transport.respond(() => 'held')
    const endpoint = register()
    const event = service.submitEvent(endpoint, 'a.b', {})
    const next = service.submitEvent(endpoint, 'a.b', {})
    await quiet()
    log.refuse(() => true)
    const calls = log.calls
    transport.open[0]!.answer(200)
    await clock.advance(3000)
    expect(log.calls - calls).toBe(4)
    expect(service.getEventStatus(event)).toMatchObject({ status: 'delivering', attempts: 1 })
    expect(service.getEventStatus(next)).toMatchObject({ status: 'pending' })
    log.refuse(() => false)
    await clock.advance(1000)
    expect(service.getEventStatus(event)).toMatchObject({ status: 'delivered', attempts: 1 })
    expect(transport.requests.map(({ eventId }) => eventId)).toEqual([event, next])
  })

  test('an answer that is to be tried again, the delay counts from the answer', async () => {
    const { log, service, transport, clock, quiet, register } = startFailing()
    transport.respond(() => 503)
    const event = service.submitEvent(register(), 'a.b', {})
    log.refuse((call) => call === 3)
    await quiet()
    await clock.advance(1000)
    expect(service.getEvent(event).attempts).toMatchObject([
      { outcome: 'failed', endedAt: '2025-01-01T00:00:00.000Z', retryAt: '2025-01-01T00:00:01.000Z' },
      { startedAt: '2025-01-01T00:00:01.000Z' },
    ])
  })

  test('an answer while the wall clock is set back, the delay is no longer for that', async () => {
    const { log, service, transport, clock, quiet, register } = startFailing()
    transport.respond(({ attempt }) => (attempt === 1 ? 'held' : 200))
    const event = service.submitEvent(register(), 'a.b', {})
    await quiet()
    log.refuse(() => true)
    transport.open[0]!.answer(500)
    clock.jump(-3_600_000)
    log.refuse(() => false)
    await clock.advance(2000)
    expect(service.getEventStatus(event)).toMatchObject({ status: 'delivered', attempts: 2 })
  })

  test('the last answer of all, a shutdown that drains waits for it and ends when the log takes it', async () => {
    const { log, service, transport, clock, quiet, register } = startFailing()
    transport.respond(() => 'held')
    const event = service.submitEvent(register(), 'a.b', {})
    await quiet()
    let report: unknown = null
    void service.shutdown({ drain: true }).then((ended) => (report = ended))
    log.refuse(() => true)
    transport.open[0]!.answer(200)
    await clock.advance(5000)
    expect(report).toBeNull()
    log.refuse(() => false)
    await clock.advance(1000)
    expect(report).toEqual({ undelivered: [], undeliveredTotal: 0, interrupted: 0 })
    expect(service.getEventStatus(event).status).toBe('delivered')
  })

  test('it, listeners are told of the event, and what the log threw', async () => {
    const { log, service, quiet, register } = startFailing()
    const told: unknown[] = []
    service.on('appendFailed', (notice) => told.push(notice))
    const endpointId = register()
    const eventId = service.submitEvent(endpointId, 'a.b', {})
    log.refuse((call) => call === 2)
    await quiet()
    expect(told).toEqual([
      { eventId, endpointId, eventType: 'a.b', error: new DiskFullError('append 2: no space left') },
    ])
  })

  test('a redelivery, the caller hears it and the event stays as it was', async () => {
    const { log, service, transport, clock, quiet, register } = startFailing()
    const endpoint = register({ ordering: 'none' })
    transport.respond(() => 500)
    const event = service.submitEvent(endpoint, 'a.b', {})
    await clock.advance(60_000)
    const before = [service.getEventStatus(event), service.stats(), service.getDeadLetterEvents(endpoint)]
    log.refuse(() => true)
    expect(() => service.redeliver(event)).toThrow(DiskFullError)
    expect(() => service.redeliverDeadLetters(endpoint)).toThrow(DiskFullError)
    expect([service.getEventStatus(event), service.stats(), service.getDeadLetterEvents(endpoint)]).toEqual(before)
    log.refuse(() => false)
    transport.respond(() => 200)
    service.redeliver(event)
    await quiet()
    expect(service.getEventStatus(event)).toMatchObject({ status: 'delivered' })
  })

  test('a redelivery of an event in backoff, it goes on waiting for its time', async () => {
    const { log, service, transport, clock, quiet, register } = startFailing()
    transport.respond(({ attempt }) => (attempt === 1 ? 500 : 200))
    const event = service.submitEvent(register(), 'a.b', {})
    await quiet()
    log.refuse(() => true)
    expect(() => service.redeliver(event)).toThrow(DiskFullError)
    expect(service.getEventStatus(event)).toMatchObject({ status: 'backoff', attempts: 1 })
    log.refuse(() => false)
    await clock.advance(1000)
    expect(service.getEventStatus(event)).toMatchObject({ status: 'delivered', attempts: 2 })
  })

  test('an answer, and cannot be read either, the answer is not lost', async () => {
    const log = createFailingLog()
    let unreadable = false
    const entries: LogHome['entries'] = (filter) => {
      if (unreadable) throw new DiskFullError('the disk is gone')
      return log.entries(filter)
    }
    const { service, transport, clock, quiet, register } = startEngine({ log: { ...log, entries } })
    transport.respond(() => 'held')
    const endpoint = register()
    const events = [1, 2].map((n) => service.submitEvent(endpoint, 'a.b', { n }))
    await quiet()
    unreadable = true
    log.refuse(() => true)
    transport.open[0]!.answer(200)
    await clock.advance(3000)
    unreadable = false
    log.refuse(() => false)
    transport.respond(() => 200)
    await clock.advance(1000)
    for (const event of events)
      expect(service.getEventStatus(event)).toMatchObject({ status: 'delivered', attempts: 1 })
  })

  test('the end of an event whose endpoint is removed, the endpoint can be removed again', async () => {
    const { log, service, transport, quiet, register } = startFailing()
    transport.respond(() => 'held')
    const endpoint = register()
    const events = [1, 2, 3].map((n) => service.submitEvent(endpoint, 'a.b', { n }))
    await quiet()
    // After the endpoint's own record, and that of the request that is cut off, which is put off.
    const refusedAt = log.calls + 3
    log.refuse((call) => call === refusedAt)
    expect(() => service.removeEndpoint(endpoint)).toThrow(DiskFullError)
    service.removeEndpoint(endpoint)
    for (const event of events) expect(service.getEventStatus(event)).toMatchObject({ status: 'failed' })
    await expect(service.drain()).resolves.toBeUndefined()
  })
})

/** Two lines: one is retried, dead-lettered and redelivered, one refuses an event for good; every call insists. */
async function live({ service, transport, clock, quiet, register }: Engine): Promise<void> {
  const [patient, strict] = [register(), register({ retry: { maxAttempts: 1 }, ordering: 'key' })]
  transport.respond(({ endpointId, sequence, attempt }) => {
    if (endpointId === strict) return sequence === 2 ? 404 : 500
    return attempt < 3 ? 503 : 200
  })
  for (let n = 1; n <= 2; n += 1) {
    for (const endpoint of [patient, strict]) {
      insist(() => service.submitEvent(endpoint, 'a.b', { n }, { idempotencyKey: `${n}`, orderingKey: 'key' }))
    }
  }
  await clock.advance(60_000)
  insist(() => service.redeliverDeadLetters(strict))
  await quiet()
  await clock.advance(60_000)
  insist(() => service.removeEndpoint(strict))
  await quiet()
}

/** All that a user can tell, but for the times. */
function outcomeOf({ service, transport }: Engine): object {
  const replayed = [...replay(service.log.entries()).events.values()]
  return {
    sent: transport.requests.map(({ eventId, attempt }) => `${eventId} ${attempt}`).sort(),
    events: replayed.map(({ deliveredAt, ...rest }) => ({ ...rest, delivered: deliveredAt !== null })),
    live: replayed.map(({ eventId }) => ({ ...service.getEventStatus(eventId), deliveredAt: null })),
    stats: service.stats(),
  }
}

test('whichever append fails, all ends as if none had', async () => {
  const clean = createEngine()
  await live(clean)
  await clean.stop()
  const expected = outcomeOf(clean)
  for (let failing = 1; ; failing += 1) {
    const log = createFailingLog((call) => call === failing)
    // The ids of a refused submission are spent, so these count events that were taken.
    const engine = createEngine({ log, ids: idsByAppend(log) })
    await live(engine)
    await engine.stop()
    expect({ failing, ...outcomeOf(engine) }).toEqual({ failing, ...expected })
    if (failing > log.calls) return
  }
})

/** Counting ids that give the id of a refused submission again. */
function idsByAppend(log: FailingLog) {
  let endpoints = 0
  const submitted = () => [...log.entries()].filter(({ from }) => from === null).length
  return { endpointId: () => `ep_${(endpoints += 1)}`, eventId: () => `evt_${submitted() + 1}` }
}

test('whatever appends fail in whatever run, nothing is sent without a record, or twice, and the log tells all', async () => {
  await fc.assert(
    fc.asyncProperty(anyRun, fc.infiniteStream(fc.nat(4)), async (run, chances) => {
      const log = createFailingLog(() => chances.next().value === 0)
      const running = startRun(run, { log })
      const { service, transport, appended } = running
      const sent = new Set<string>()
      transport.respond(({ eventId, attempt }) => {
        const name = `${eventId} ${attempt}`
        expect(sent.has(name)).toBe(false)
        expect([...log.entries({ eventId })].at(-1)?.event).toMatchObject({ type: 'attempt.started', attempt })
        sent.add(name)
        return 'held'
      })
      for (const happening of run.happenings) {
        await running.happen(happening)
        for (const { eventId, status, attempts, lastError, deliveredAt } of replay(log.entries()).events.values()) {
          expect(service.getEventStatus(eventId)).toEqual({ status, attempts, lastError, deliveredAt })
        }
      }
      // Once the log is well again, every answer gets into it.
      log.refuse(() => false)
      for (const request of transport.open) request.answer(200)
      await running.clock.advance(2000)
      const open = new Set(transport.open.map(({ eventId }) => eventId))
      for (const { eventId, status } of replay(log.entries()).events.values()) {
        if (status === 'delivering') expect(open).toContain(eventId)
      }
      await running.stop()
      expect(() => replay(appended)).not.toThrow()
    }),
    { numRuns: 60 },
  )
})
