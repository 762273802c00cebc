import { connect } from 'node:net'
import { once } from 'node:events'
import { afterEach, describe, expect, it } from 'vitest'
import { InvalidOptionError, InvalidSecretError } from '../../src/errors/errors.ts'
import { eventLoopTurns } from '../../src/testing/event-loop-turns.ts'
import type { Answer, FixedAnswer } from '../../src/testing/answer.ts'
import { createReceiver, type Receiver, type ReceiverOptions } from '../../src/testing/receiver.ts'
import { createVirtualClock } from '../../src/testing/virtual-clock.ts'
import { sendWebhook } from './send-webhook.ts'

const open: Receiver[] = []

async function start(options?: ReceiverOptions): Promise<Receiver> {
  const receiver = await createReceiver(options)
  open.push(receiver)
  return receiver
}

afterEach(async () => {
  await Promise.all(open.splice(0).map((receiver) => receiver.close()))
})

describe('a receiver', () => {
  it('remembers each request as it came', async () => {
    const receiver = await start()
    await sendWebhook(`${receiver.url}/hooks?v=1`, { eventId: 'evt_a', sequence: 7, attempt: 2, body: '{"ä":1}' })
    await sendWebhook(`${receiver.url}/other`, { headers: { 'x-event-attempt': '0', 'x-event-sequence': 'x' } })
    expect(receiver.requests).toMatchObject([
      {
        method: 'POST',
        path: '/hooks?v=1',
        body: '{"ä":1}',
        receivedAt: 1,
        eventId: 'evt_a',
        eventType: 'payment.settled',
        attempt: 2,
        sequence: 7,
        signatureValid: null,
        respondedWith: 200,
      },
      { path: '/other', receivedAt: 2, attempt: null, sequence: null },
    ])
    expect(receiver.requests[0]?.json()).toEqual({ ä: 1 })
    expect(receiver.requests[0]?.headers['content-type']).toBe('application/json')
    expect(receiver.paths).toEqual(['/hooks?v=1', '/other'])
  })

  it('gives scripted answers in order, then the default', async () => {
    const receiver = await start({ default: 204 })
    receiver.respond(500, { status: 429, headers: { 'retry-after': '3' }, body: 'slow down' })
    receiver.respond((request) => (request.attempt === 1 ? 418 : 200))
    const answers = []
    for (let i = 0; i < 5; i += 1) answers.push(await sendWebhook(receiver.url))
    expect(answers.map((answer) => answer.status)).toEqual([500, 429, 418, 204, 204])
    expect(answers[1]?.headers.get('retry-after')).toBe('3')
    expect(await answers[1]?.text()).toBe('slow down')
    expect(receiver.requests.map((request) => request.respondedWith)).toEqual([500, 429, 418, 204, 204])
  })

  it('gives answers meant for an event, a path or a predicate before the others', async () => {
    const receiver = await start()
    receiver.respond(500)
    receiver.respondTo('evt_b', 501, 502)
    receiver.respondTo('/c', 503)
    receiver.respondTo((request) => request.attempt === 9, 504)
    const send = async (path: string, eventId: string, attempt = 1) =>
      (await sendWebhook(receiver.url + path, { eventId, attempt })).status
    expect(await send('/c', 'evt_b')).toBe(501)
    expect(await send('/c', 'evt_b')).toBe(502)
    expect(await send('/c', 'evt_b')).toBe(503)
    expect(await send('/d', 'evt_x', 9)).toBe(504)
    expect(await send('/d', 'evt_x')).toBe(500)
    expect(await send('/d', 'evt_x')).toBe(200)
  })

  it('hangs until the client gives up', async () => {
    const receiver = await start()
    receiver.respond('hang')
    const client = new AbortController()
    const sent = sendWebhook(receiver.url, { signal: client.signal })
    await receiver.waitUntil(({ requests }) => requests[0]?.respondedWith === 'hang')
    client.abort()
    await expect(sent).rejects.toThrow('aborted')
    expect(receiver.counts()).toMatchObject({ received: 1, hung: 1, gone: 0, accepted: 0 })
  })

  it('breaks the connection on reset', async () => {
    const receiver = await start({ default: 'reset' })
    await expect(sendWebhook(receiver.url)).rejects.toMatchObject({ cause: { code: 'ECONNRESET' } })
    expect(receiver.requests[0]?.respondedWith).toBe('reset')
    expect(receiver.counts()).toMatchObject({ received: 1, reset: 1 })
  })

  it('holds an answer for as long as its clock says', async () => {
    const clock = createVirtualClock()
    const receiver = await start({ clock })
    receiver.respond({ status: 202, delayMs: 60_000 })
    const sent = sendWebhook(receiver.url)
    await receiver.waitFor(1)
    await clock.advance(59_999)
    expect(receiver.requests[0]?.respondedWith).toBeNull()
    await clock.advance(1)
    expect((await sent).status).toBe(202)
  })

  it('notes that the client was gone before a held answer, and forgets its timer', async () => {
    const clock = createVirtualClock()
    const receiver = await start({ clock })
    receiver.respond({ status: 200, delayMs: 60_000 })
    const client = new AbortController()
    const sent = sendWebhook(receiver.url, { signal: client.signal })
    await receiver.waitFor(1)
    await eventLoopTurns(1)
    expect(clock.timers).toBe(1)
    client.abort()
    await expect(sent).rejects.toThrow()
    await receiver.waitUntil(({ requests }) => requests[0]?.respondedWith === 'gone')
    expect(clock.timers).toBe(0)
    expect(receiver.counts()).toMatchObject({ gone: 1, accepted: 0 })
  })

  it('answers later when the function does, and tells in a 500 what it threw', async () => {
    const receiver = await start()
    let release: (answer: FixedAnswer) => void = () => undefined
    receiver.respond(
      () => new Promise((resolve) => (release = resolve)),
      () => {
        throw new Error('slip in the test')
      },
      { status: 200, headers: { 'bad name': 'x' } },
    )
    const sent = sendWebhook(receiver.url)
    await receiver.waitFor(1)
    await eventLoopTurns(1)
    release(201)
    expect((await sent).status).toBe(201)
    const broken = await sendWebhook(receiver.url)
    expect([broken.status, await broken.text()]).toEqual([500, expect.stringContaining('slip in the test')])
    expect((await sendWebhook(receiver.url)).status).toBe(500)
    expect(receiver.requests.map((request) => request.respondedWith)).toEqual([201, 500, 500])
  })

  it('closes the connection after each answer without keep-alive', async () => {
    const receiver = await start({ keepAlive: false })
    expect((await sendWebhook(receiver.url)).headers.get('connection')).toBe('close')
    expect((await sendWebhook((await start()).url)).headers.get('connection')).toBe('keep-alive')
  })

  it('survives clients that break off or send no HTTP', async () => {
    const receiver = await start()
    const { port, hostname } = new URL(receiver.url)
    for (const text of ['POST / HTTP/1.1\r\nhost: x\r\ncontent-length: 100\r\n\r\n{"cut', 'no http\r\n\r\n', '']) {
      const socket = connect(Number(port), hostname)
      await once(socket, 'connect')
      socket.end(text)
      socket.resume()
      await once(socket, 'close')
    }
    expect((await sendWebhook(receiver.url)).status).toBe(200)
    expect(receiver.received).toBe(1)
    expect(receiver.maxInFlight).toBe(1)
  })

  it('keeps counts alone with record: false', async () => {
    const receiver = await start({ record: false })
    const total = 400
    const senders = Array.from({ length: 20 }, async (_, sender) => {
      for (let n = 1; n <= total / 20; n += 1) {
        await sendWebhook(`${receiver.url}/${sender}`, { eventId: `evt_${n}`, sequence: n })
      }
    })
    expect(await receiver.waitFor(total)).toEqual([])
    await Promise.all(senders)
    expect(receiver.requests).toEqual([])
    expect(receiver.counts()).toMatchObject({ received: total, accepted: total, duplicates: 0, orderViolations: 0 })
    expect(receiver.counts('/3')).toMatchObject({ received: 20, maxInFlight: 1 })
  })
})

describe('a receiver with a secret', () => {
  const secret = 'whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw'

  it('takes requests whose signatures both hold', async () => {
    const receiver = await start({ secret, signing: { sequence: true } })
    await sendWebhook(receiver.url, { secret })
    expect(receiver.requests[0]?.signatureValid).toBe(true)
    expect(receiver.signatureFailures).toBe(0)
  })

  it.each(['x-signature', 'webhook-signature', 'x-event-sequence-signature'])('counts a wrong %s', async (header) => {
    const receiver = await start({ secret, signing: { sequence: true } })
    const answer = await sendWebhook(receiver.url, { secret, headers: { [header]: 'v1,AAAA' } })
    expect(answer.status).toBe(200)
    expect(receiver.requests[0]?.signatureValid).toBe(false)
    expect(receiver.signatureFailures).toBe(1)
    expect(receiver.counts('/').signatureFailures).toBe(1)
  })

  it('counts a request that is not signed', async () => {
    const receiver = await start({ secret })
    await sendWebhook(receiver.url)
    expect(receiver.signatureFailures).toBe(1)
  })

  it('judges the age of a signature by its own clock', async () => {
    const clock = createVirtualClock({ startAt: 1_000_000_000_000 })
    const receiver = await start({ secret, clock })
    await sendWebhook(receiver.url, { secret, timestamp: 1_000_000_000 })
    expect(receiver.signatureFailures).toBe(0)
    await sendWebhook(receiver.url, { secret })
    expect(receiver.signatureFailures).toBe(1)
  })

  it('may have another secret for each path, and several during rotation', async () => {
    const receiver = await start({ secret: (path) => (path === '/a' ? ['old', secret] : undefined) })
    await sendWebhook(`${receiver.url}/a`, { secret })
    await sendWebhook(`${receiver.url}/a`, { secret: 'other' })
    await sendWebhook(`${receiver.url}/b`)
    expect(receiver.requests.map((request) => request.signatureValid)).toEqual([true, false, null])
  })

  it('refuses a secret that cannot have signed anything', async () => {
    await expect(createReceiver({ secret: '' })).rejects.toThrow(InvalidSecretError)
  })
})

describe('the order a receiver saw', () => {
  it('is broken by an event first accepted after a later one, per path', async () => {
    const receiver = await start()
    const send = (path: string, eventId: string, sequence: number) =>
      sendWebhook(receiver.url + path, { eventId, sequence })
    receiver.respond(500)
    await send('/a', 'evt_1', 1)
    await send('/a', 'evt_2', 2)
    await send('/b', 'evt_9', 1)
    await send('/a', 'evt_1', 1)
    await send('/a', 'evt_4', 4)
    expect(receiver.orderViolations()).toEqual([{ path: '/a', eventId: 'evt_1', sequence: 1, after: 2 }])
    expect(receiver.counts('/a').orderViolations).toBe(1)
    expect(receiver.counts('/b').orderViolations).toBe(0)
  })

  it('is broken by a place given twice, not by an event sent twice', async () => {
    const receiver = await start()
    await sendWebhook(receiver.url, { eventId: 'evt_1', sequence: 1 })
    await sendWebhook(receiver.url, { eventId: 'evt_1', sequence: 1 })
    expect(receiver.counts()).toMatchObject({ accepted: 2, duplicates: 1, orderViolations: 0 })
    await sendWebhook(receiver.url, { eventId: 'evt_2', sequence: 1 })
    expect(receiver.counts()).toMatchObject({ accepted: 3, duplicates: 1, orderViolations: 1 })
  })
})

describe('the most requests in flight', () => {
  it('counts those open at once, over all paths and on each', async () => {
    const receiver = await start({ default: 'hang' })
    const client = new AbortController()
    const sent = ['/a', '/a', '/b'].map((path) => sendWebhook(receiver.url + path, { signal: client.signal }))
    await receiver.waitFor(3)
    expect(receiver.maxInFlight).toBe(3)
    expect([receiver.counts('/a').maxInFlight, receiver.counts('/b').maxInFlight]).toEqual([2, 1])
    client.abort()
    await Promise.allSettled(sent)
  })

  it('does not count a request that was given up just before the next was sent', async () => {
    const receiver = await start({ default: 'hang' })
    const { port, hostname } = new URL(receiver.url)
    const request = 'POST / HTTP/1.1\r\nhost: x\r\ncontent-length: 2\r\n\r\n{}'
    // Both connections are open before, so that the receiver finds the end of one and the request of the other together.
    for (let round = 0; round < 50; round += 1) {
      const next = connect(Number(port), hostname)
      const first = connect(Number(port), hostname)
      await Promise.all([once(next, 'connect'), once(first, 'connect')])
      first.write(request)
      await receiver.waitFor(2 * round + 1)
      first.destroy()
      next.write(request)
      await receiver.waitFor(2 * round + 2)
      next.destroy()
      await once(next, 'close')
    }
    expect(receiver.maxInFlight).toBe(1)
  })
})

describe('waiting for requests', () => {
  it('resolves with the first ones, also when they are there already', async () => {
    const receiver = await start()
    const waited = receiver.waitFor(2)
    for (const eventId of ['evt_1', 'evt_2', 'evt_3']) await sendWebhook(receiver.url, { eventId })
    expect((await waited).map((request) => request.eventId)).toEqual(['evt_1', 'evt_2'])
    expect(await receiver.waitFor(1)).toHaveLength(1)
    expect(await receiver.waitFor(0)).toEqual([])
  })

  it('is rejected when the receiver closes first, or when the condition throws', async () => {
    const receiver = await start()
    let broken = false
    const failing = receiver.waitUntil(() => {
      if (broken) throw new Error('broken condition')
      return false
    })
    const ends = Promise.allSettled([failing, receiver.waitFor(2)])
    broken = true
    await sendWebhook(receiver.url)
    await receiver.close()
    const reasons = (await ends).map((end) => (end.status === 'rejected' ? String(end.reason) : end.status))
    expect(reasons[0]).toContain('broken condition')
    expect(reasons[1]).toContain('the receiver was closed while it was waited for')
    await expect(receiver.waitFor(2)).rejects.toThrow('closed')
  })
})

describe('closing a receiver', () => {
  it('breaks hung, held and idle connections, frees the port and may be done twice', async () => {
    const receiver = await start()
    await sendWebhook(receiver.url)
    receiver.respond('hang', { status: 200, delayMs: 2 ** 31 - 1 })
    const sent = [sendWebhook(receiver.url), sendWebhook(receiver.url)]
    await receiver.waitFor(3)
    const closed = receiver.close()
    expect(receiver.close()).toBe(closed)
    await closed
    for (const outcome of await Promise.allSettled(sent)) expect(outcome.status).toBe('rejected')
    const again = await start({ port: Number(new URL(receiver.url).port) })
    expect(again.url).toBe(receiver.url)
    await expect(createReceiver({ port: Number(new URL(again.url).port) })).rejects.toMatchObject({
      code: 'EADDRINUSE',
    })
  })
})

describe('a receiver refuses', () => {
  it.each([
    [99, 'respond: status must be a whole number from 200 to 999, got 99 (number)'],
    [{ status: 1000 }, 'status'],
    [{ status: 200, delayMs: -1 }, 'respond: delayMs must be a number from 0 to 2147483647, got -1 (number)'],
    ['hung', "'hang', 'reset' or a function, got \"hung\" (string)"],
    [null, 'got null'],
  ])('the answer %j', async (answer, message) => {
    const receiver = await start()
    // Callers without types may pass anything.
    const wrong = answer as Answer
    expect(() => {
      receiver.respond(wrong)
    }).toThrow(message)
    expect(() => {
      receiver.respondTo('/', wrong)
    }).toThrow(InvalidOptionError)
    await expect(createReceiver({ default: wrong })).rejects.toThrow(InvalidOptionError)
  })

  it('an option that there is not, or of another kind', async () => {
    // Callers without types may pass anything.
    const wrong = [{ secrets: 'a' }, { port: 65_536 }, { record: 'no' }, { clock: {} }] as object[]
    for (const options of wrong) await expect(createReceiver(options)).rejects.toThrow(InvalidOptionError)
  })

  it('an empty match and a count that is not one', async () => {
    const receiver = await start()
    expect(() => {
      receiver.respondTo('', 200)
    }).toThrow(InvalidOptionError)
    expect(() => receiver.waitFor(-1)).toThrow(InvalidOptionError)
  })
})
