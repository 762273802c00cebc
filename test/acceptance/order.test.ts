import { describe, expect, it } from 'vitest'
import { CapacityError, PayloadTooLargeError } from '../../src/index.ts'
import type { FixedAnswer, ReceivedRequest } from '../../src/testing/index.ts'
import { next, records, settled } from './await-events.ts'
import { createGate } from './gate.ts'
import { secret, slowRetry, startReceiver, startService } from './start.ts'

const idsOf = (requests: readonly ReceivedRequest[]) => requests.map(({ eventId }) => eventId)

describe("ordering 'fifo'", () => {
  it('keeps the order of every endpoint while all of them fail at times', async () => {
    // Every attempt has its own answer, the same on every run: a third fails for now, a few for good.
    const answer = ({ path, sequence, attempt }: ReceivedRequest): FixedAnswer => {
      const draw = (Number(path.slice(1)) * 31 + sequence! * 17 + attempt!) % 12
      if (draw < 4) return draw === 0 ? 'reset' : 500
      return draw === 4 ? 422 : 200
    }
    const receiver = await startReceiver({ default: answer })
    const service = startService({ retry: { maxAttempts: 3, initialDelayMs: 2, multiplier: 1, jitter: 0 } })
    const endpoints = Array.from({ length: 20 }, (_, n) => service.registerEndpoint(`${receiver.url}/${n}`, secret))
    const submitted = new Map<string, string[]>(endpoints.map((_, n) => [`/${n}`, []]))
    for (let round = 0; round < 20; round += 1) {
      for (const [n, endpoint] of endpoints.entries()) {
        submitted.get(`/${n}`)!.push(service.submitEvent(endpoint, 'tick', { round }))
      }
    }
    await service.drain()

    const { delivered, failed, deadLettered } = service.stats().events
    expect(delivered + failed + deadLettered).toBe(400)
    expect([delivered > 0, failed > 0, deadLettered > 0]).toEqual([true, true, true])
    for (const [path, events] of submitted) {
      const requests = receiver.requests.filter((request) => request.path === path)
      // Each event's attempts stand together, and the events stand in the order submitted.
      const order = idsOf(requests).filter((id, index, ids) => id !== ids[index - 1])
      expect(order).toEqual(events)
      expect(receiver.counts(path)).toMatchObject({ maxInFlight: 1, orderViolations: 0, duplicates: 0 })
    }
  })

  it('holds the line while its head waits to be tried again', async () => {
    const receiver = await startReceiver()
    receiver.respond(500)
    const service = startService({ retry: slowRetry })
    const endpoint = service.registerEndpoint(receiver.url, secret)
    const head = service.submitEvent(endpoint, 'tick', {})
    const waiting = service.submitEvent(endpoint, 'tick', {})
    await next(service, 'attemptFailed')
    expect(service.getEventStatus(head).status).toBe('backoff')
    expect(service.getEventStatus(waiting)).toMatchObject({ status: 'pending', attempts: 0 })
    service.redeliver(head)
    await settled(service, head, waiting)
    expect(idsOf(receiver.requests)).toEqual([head, head, waiting])
  })
})

describe("ordering 'key'", () => {
  it('keeps order within a key, and lets no stuck key hold up another', async () => {
    const gate = createGate()
    const receiver = await startReceiver()
    const isStuck = (request: ReceivedRequest): boolean => (request.json() as { key: string }).key === 'stuck'
    receiver.respondTo(isStuck, () => gate.passed.then(() => 200))
    const service = startService()
    const endpoint = service.registerEndpoint(receiver.url, secret, { ordering: 'key' })
    const submit = (key: string, n: number) => service.submitEvent(endpoint, 'tick', { key, n }, { orderingKey: key })
    const stuck = [submit('stuck', 1), submit('stuck', 2)]
    const others = ['a', 'b', 'a', 'c', 'b', 'a'].map((key, n) => submit(key, n))
    await settled(service, ...others)
    expect(stuck.map((id) => service.getEventStatus(id).status)).toEqual(['delivering', 'pending'])
    gate.open()
    await settled(service, ...stuck)

    for (const key of ['a', 'b', 'c', 'stuck']) {
      const line = receiver.requests.filter((request) => (request.json() as { key: string }).key === key)
      expect(line.map(({ sequence }) => sequence)).toEqual(line.map((_, index) => index + 1))
    }
    expect(idsOf(receiver.requests.filter(isStuck))).toEqual(stuck)
  })

  it('runs as many lines at once as the endpoint allows', async () => {
    const gate = createGate()
    const receiver = await startReceiver({ default: () => gate.passed.then(() => 200) })
    const service = startService()
    const endpoint = service.registerEndpoint(receiver.url, secret, { ordering: 'key', concurrency: 3 })
    for (let n = 0; n < 10; n += 1) service.submitEvent(endpoint, 'tick', { n }, { orderingKey: `key ${n}` })
    await receiver.waitFor(3)
    expect(service.stats()).toMatchObject({ inFlight: 3, events: { delivering: 3, pending: 7 } })
    gate.open()
    await service.drain()
    expect(receiver.maxInFlight).toBe(3)
  })
})

describe("ordering 'none'", () => {
  it('lets no event wait for another', async () => {
    const gate = createGate()
    const receiver = await startReceiver()
    receiver.respond(() => gate.passed.then(() => 200))
    const service = startService()
    const endpoint = service.registerEndpoint(receiver.url, secret, { ordering: 'none' })
    const slow = service.submitEvent(endpoint, 'tick', {})
    await receiver.waitFor(1)
    const quick = [1, 2, 3].map((n) => service.submitEvent(endpoint, 'tick', { n }))
    await settled(service, ...quick)
    expect(service.getEventStatus(slow).status).toBe('delivering')
    gate.open()
    await settled(service, slow)
    expect(receiver.requests.map(({ sequence }) => sequence).sort()).toEqual([1, 2, 3, 4])
  })
})

describe('a line whose head has used up its attempts', () => {
  it("goes on by itself with whenExhausted 'park', and a redelivered dead letter joins at its end", async () => {
    const receiver = await startReceiver()
    receiver.respond(500)
    const service = startService({ retry: { maxAttempts: 1 } })
    const endpoint = service.registerEndpoint(receiver.url, secret, { whenExhausted: 'park' })
    const [first, second] = [1, 2].map((n) => service.submitEvent(endpoint, 'tick', { n })) as [string, string]
    await settled(service, first, second)
    expect(service.getEventStatus(first).status).toBe('deadLettered')

    service.redeliver(first)
    await settled(service, first)
    expect(idsOf(receiver.requests)).toEqual([first, second, first])
  })

  it("is held with 'halt' until the dead letter is redelivered, in front of all others", async () => {
    const receiver = await startReceiver()
    receiver.respond(500)
    const service = startService({ retry: { maxAttempts: 1 } })
    const endpoint = service.registerEndpoint(receiver.url, secret, { whenExhausted: 'halt' })
    const halted = next(service, 'laneHalted')
    const [first, second] = [1, 2].map((n) => service.submitEvent(endpoint, 'tick', { n })) as [string, string]
    expect(await halted).toEqual({ eventId: first, endpointId: endpoint, eventType: 'tick', orderingKey: null })
    const third = service.submitEvent(endpoint, 'tick', { n: 3 })
    expect(service.explain(third)).toMatchObject({ reason: 'lineHalted', behind: { eventId: first } })
    expect(receiver.received).toBe(1)

    service.redeliver(first)
    await settled(service, first, second, third)
    expect(idsOf(receiver.requests)).toEqual([first, first, second, third])
    expect(receiver.orderViolations()).toEqual([])
  })

  it('can be let go on by redelivery, also when what waits behind the dead letter uses up the limit', async () => {
    const receiver = await startReceiver()
    receiver.respond(500)
    const service = startService({ retry: { maxAttempts: 1 }, limits: { pendingEvents: 1 } })
    const endpoint = service.registerEndpoint(receiver.url, secret, { whenExhausted: 'halt' })
    const halted = next(service, 'laneHalted')
    const first = service.submitEvent(endpoint, 'tick', { n: 1 })
    await halted
    const second = service.submitEvent(endpoint, 'tick', { n: 2 })
    service.redeliver(first)
    expect(() => service.submitEvent(endpoint, 'tick', { n: 3 })).toThrow(CapacityError)
    await settled(service, first, second)
    expect(idsOf(receiver.requests)).toEqual([first, first, second])
    expect(service.stats()).toMatchObject({ pendingBytes: 0, events: { pending: 0, delivered: 2 } })
  })

  it('goes on without the dead letter when an endpoint halted so is resumed', async () => {
    const receiver = await startReceiver()
    receiver.respond(500)
    const service = startService({ retry: { maxAttempts: 1 } })
    const endpoint = service.registerEndpoint(receiver.url, secret, { whenExhausted: 'halt' })
    const halted = next(service, 'laneHalted')
    const [first, second] = [1, 2].map((n) => service.submitEvent(endpoint, 'tick', { n })) as [string, string]
    await halted
    service.resumeEndpoint(endpoint)
    await settled(service, second)
    expect(idsOf(receiver.requests)).toEqual([first, second])
    expect(service.getDeadLetterEvents(endpoint).map(({ eventId }) => eventId)).toEqual([first])
  })

  it("holds only its own key with 'halt'", async () => {
    const receiver = await startReceiver()
    receiver.respond(500)
    const service = startService({ retry: { maxAttempts: 1 } })
    const endpoint = service.registerEndpoint(receiver.url, secret, { ordering: 'key', whenExhausted: 'halt' })
    const halted = next(service, 'laneHalted')
    service.submitEvent(endpoint, 'tick', {}, { orderingKey: 'a' })
    expect(await halted).toMatchObject({ orderingKey: 'a' })
    const held = service.submitEvent(endpoint, 'tick', {}, { orderingKey: 'a' })
    const free = service.submitEvent(endpoint, 'tick', {}, { orderingKey: 'b' })
    await settled(service, free)
    expect(service.getEventStatus(held).status).toBe('pending')
  })
})

describe('when the concurrency is used up', () => {
  const cases = [1, 2, 3, 4].flatMap((concurrency) =>
    (['fifo', 'none'] as const).map((ordering) => ({ concurrency, ordering })),
  )

  it.each(cases)('no endpoint waits behind the backlog of another: $concurrency, $ordering', async (theCase) => {
    const { concurrency, ordering } = theCase
    const receiver = await startReceiver()
    const service = startService({ concurrency })
    const busy = service.registerEndpoint(`${receiver.url}/busy`, secret, { ordering })
    const idle = service.registerEndpoint(`${receiver.url}/idle`, secret)
    for (let n = 0; n < 500; n += 1) service.submitEvent(busy, 'tick', { n })
    await receiver.waitFor(10)
    const event = service.submitEvent(idle, 'tick', {})
    await settled(service, event)
    const [submitted] = records(service, event, 'event.submitted')
    const since = Array.from(service.log.entries({ fromSeq: submitted!.seq }))
    const starts = since.filter((entry) => entry.event.type === 'attempt.started').map(({ eventId }) => eventId)
    expect(starts.indexOf(event)).toBeLessThanOrEqual(1)
    expect(receiver.maxInFlight).toBeLessThanOrEqual(concurrency)
  })

  it('an endpoint waits for one timeout at most behind those that hang', async () => {
    const receiver = await startReceiver({ default: ({ path }) => (path === '/works' ? 200 : 'hang') })
    const service = startService({ concurrency: 2, timeoutMs: 200 })
    for (const path of ['/hangs/1', '/hangs/2']) {
      const endpoint = service.registerEndpoint(receiver.url + path, secret)
      for (let n = 0; n < 100; n += 1) service.submitEvent(endpoint, 'tick', { n })
    }
    await receiver.waitFor(2)
    const event = service.submitEvent(service.registerEndpoint(`${receiver.url}/works`, secret), 'tick', {})
    await settled(service, event)
    expect(receiver.requests.findIndex(({ eventId }) => eventId === event)).toBeLessThanOrEqual(4)
  })
})

describe('sequence numbers', () => {
  it('show the receiver a gap where an event was refused or parked', async () => {
    const receiver = await startReceiver()
    const service = startService({ retry: { maxAttempts: 1 } })
    const endpoint = service.registerEndpoint(receiver.url, secret)
    receiver.respond(200, 404, 500, 200)
    const events = [1, 2, 3, 4].map((n) => service.submitEvent(endpoint, 'tick', { n }))
    await settled(service, ...events)
    const accepted = receiver.requests.filter(({ respondedWith }) => respondedWith === 200)
    expect(accepted.map(({ sequence }) => sequence)).toEqual([1, 4])
    expect(events.map((id) => service.getEvent(id).sequence)).toEqual([1, 2, 3, 4])
  })

  it('have no gap for a submission that was refused', async () => {
    const receiver = await startReceiver()
    const service = startService({ limits: { payloadBytes: 10 } })
    const endpoint = service.registerEndpoint(receiver.url, secret)
    const first = service.submitEvent(endpoint, 'tick', 1)
    expect(() => service.submitEvent(endpoint, 'tick', 'x'.repeat(10))).toThrow(PayloadTooLargeError)
    const second = service.submitEvent(endpoint, 'tick', 2)
    await settled(service, first, second)
    expect(receiver.requests.map(({ sequence }) => sequence)).toEqual([1, 2])
  })

  it('count per endpoint, and go on where a key left off', async () => {
    const receiver = await startReceiver()
    const service = startService()
    const plain = service.registerEndpoint(`${receiver.url}/plain`, secret)
    const keyed = service.registerEndpoint(`${receiver.url}/keyed`, secret, { ordering: 'key' })
    const deliver = async (endpoint: string, orderingKey?: string): Promise<number> => {
      const event = service.submitEvent(endpoint, 'tick', {}, { orderingKey })
      await settled(service, event)
      return service.getEvent(event).sequence
    }
    expect([await deliver(plain), await deliver(plain)]).toEqual([1, 2])
    expect([await deliver(keyed, 'a'), await deliver(keyed, 'a')]).toEqual([1, 2])
    expect([await deliver(keyed, 'b'), await deliver(keyed, 'a')]).toEqual([1, 3])
  })
})
