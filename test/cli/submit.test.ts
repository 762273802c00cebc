import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { runProgram } from '../../src/cli/program.ts'
import { runHookline } from './run-program.ts'
import { accepted, eventsOf, startStub } from './submit/stub-service.ts'
import type { StubAnswer, StubRequest, StubService } from './submit/stub-service.ts'
import { createTestTerminal } from './test-terminal.ts'
import type { TestTerminal } from './test-terminal.ts'

const folder = mkdtempSync(join(tmpdir(), 'hookline-submit-'))
const file = join(folder, 'events.jsonl')
let stub: StubService
let terminal: TestTerminal

beforeEach(() => {
  terminal = createTestTerminal()
})

afterEach(() => stub.close())

async function submit(answer: (request: StubRequest, count: number) => StubAnswer, ...args: string[]): Promise<number> {
  stub = await startStub(answer)
  return runProgram(['submit', '--url', stub.url, ...args], terminal)
}

function writeEvents(count: number): void {
  const lines = Array.from({ length: count }, (_, index) => `{"eventType":"a","payload":${index + 1}}`)
  writeFileSync(file, `${lines.join('\n')}\n`)
}

/** The payloads of each batch: they are the numbers of their lines. */
function batches(): unknown[][] {
  return stub.requests.map((request) => eventsOf(request).map(({ payload }) => payload))
}

function report(): Record<string, unknown> {
  return JSON.parse(terminal.printed) as Record<string, unknown>
}

describe('one event', () => {
  const one = { status: 202, body: { events: [{ eventId: 'evt_1', endpointId: 'ep_1' }] } }

  test('is submitted as it was typed, its payload byte for byte', async () => {
    terminal = createTestTerminal({ environment: { HOOKLINE_API_KEY: 'hk_1_2' } })
    const payload = '{"n": 9007199254740993, "n": 1.0}'
    expect(await submit(() => one, '--type', 'a', '--endpoint', 'ep_1', '--payload', payload)).toBe(0)
    const [{ path, headers, body }] = stub.requests as [StubRequest]
    expect([path, headers.authorization, headers['content-type']]).toEqual([
      '/api/v1/events',
      'Bearer hk_1_2',
      'application/json',
    ])
    expect(body.replace(/[0-9a-f]{32}/, '…')).toBe(
      `{"eventType":"a","endpointId":"ep_1","idempotencyKey":"…","payload":${payload}}`,
    )
    expect(terminal.printed).toBe('evt_1  to ep_1')
  })

  test('is read from the standard input', async () => {
    stub = await startStub(() => one)
    const run = await runHookline(['submit', '--url', `${stub.url}/`, '--type', 'a', '--json'], '[1, 2]\n')
    expect(run).toMatchObject({ code: 0, stderr: '' })
    expect(JSON.parse(run.stdout)).toEqual({ events: [{ eventId: 'evt_1', endpointId: 'ep_1' }], errors: [] })
    expect(stub.requests[0]!.body).toContain('"payload":[1, 2]\n}')
  })

  test('keeps its key when its answer was lost, and waits as long as it is told to', async () => {
    const ended = submit(
      (_, count) => (count === 1 ? { status: 503, headers: { 'retry-after': '7' } } : count === 2 ? 'drop' : one),
      '--type',
      'a',
      '--payload',
      '1',
    )
    await expect.poll(() => terminal.noted).toContain('the service answered 503; trying again in 7 s')
    await terminal.clock.advance(6999)
    expect(stub.requests).toHaveLength(1)
    await terminal.clock.advance(1)
    await expect.poll(() => terminal.noted).toContain('cannot be reached')
    await terminal.clock.advance(1000)
    expect(await ended).toBe(0)
    expect(new Set(stub.requests.map(({ body }) => body)).size).toBe(1)
  })

  test('is refused in the words of the service', async () => {
    const error = { code: 'INVALID_REQUEST', message: 'no', fields: [{ path: '/eventType', message: 'is too long' }] }
    expect(await submit(() => ({ status: 400, body: { error } }), '--type', 'a', '--payload', '1')).toBe(1)
    expect(terminal.noted).toBe('hookline: the service refused it (400 INVALID_REQUEST): no\n  /eventType: is too long')
  })

  test('is not taken for refused by hookline where something else answers', async () => {
    expect(await submit(() => ({ status: 401, body: { error: 'no' } }), '--type', 'a', '--payload', '1')).toBe(1)
    expect(terminal.noted).toContain('what answers there is not hookline, or not hookline alone (status 401')
  })

  test('tells that nobody is subscribed', async () => {
    expect(await submit(() => ({ status: 202, body: { events: [] } }), '--type', 'a', '--payload', '1')).toBe(0)
    expect(terminal.noted).toBe('no endpoint is subscribed to a: nothing will be delivered')
  })
})

describe('a file of events', () => {
  test('is submitted in batches, in order, and again with the same keys', async () => {
    writeEvents(5)
    expect(await submit(accepted, file, '--batch', '2')).toBe(0)
    expect(batches()).toEqual([[1, 2], [3, 4], [5]])
    expect(terminal.printed).toBe('5 lines submitted, 5 events accepted')
    const keys = stub.requests.flatMap((request) => eventsOf(request).map(({ idempotencyKey }) => idempotencyKey))
    await stub.close()
    await submit(accepted, file)
    expect(eventsOf(stub.requests[0]!).map(({ idempotencyKey }) => idempotencyKey)).toEqual(keys)
    expect(new Set(keys).size).toBe(5)
  })

  test('names the lines that are no events, and submits the others', async () => {
    writeFileSync(file, '\n{"eventType":"a","payload":2}\nnonsense\n{"payload":4}\n{"eventType":"a","payload":5}\n')
    expect(await submit(accepted, file)).toBe(1)
    expect(batches()).toEqual([[2, 5]])
    expect(terminal.noted).toBe(
      'line 3: the line is not JSON (INVALID_LINE)\n' +
        'line 4: the event has no eventType, and --type gives none (INVALID_LINE)',
    )
    expect(terminal.printed).toBe('2 lines submitted, 2 events accepted; 2 lines refused')
  })

  test('is submitted without the lines that the service says are wrong', async () => {
    writeEvents(4)
    const error = { code: 'INVALID_REQUEST', message: 'no', fields: [{ path: '/2/payload', message: 'is wrong' }] }
    const answer = (request: StubRequest, count: number) =>
      count === 1 ? { status: 400, body: { error } } : accepted(request)
    expect(await submit(answer, file, '--json')).toBe(1)
    expect(batches()).toEqual([
      [1, 2, 3, 4],
      [1, 2, 4],
    ])
    expect(report()).toEqual({
      source: 'events.jsonl',
      submitted: 3,
      events: 3,
      unsubscribed: 0,
      refused: 1,
      refusals: [{ line: 3, code: 'INVALID_REQUEST', message: '/payload: is wrong' }],
      stopped: null,
      answeredLine: 4,
    })
  })

  test('finds the lines that a batch is refused for when the service does not say which they are', async () => {
    writeEvents(8)
    const wrong = new Set<unknown>([3, 8])
    const error = { code: 'ENDPOINT_NOT_FOUND', message: 'no endpoint' }
    const answer = (request: StubRequest) =>
      eventsOf(request).some(({ payload }) => wrong.has(payload)) ? { status: 404, body: { error } } : accepted(request)
    expect(await submit(answer, file, '--json')).toBe(1)
    expect(report()).toMatchObject({ submitted: 6, refusals: [{ line: 3 }, { line: 8 }] })
    const taken = batches().filter((batch) => !batch.some((payload) => wrong.has(payload)))
    expect(taken.flat()).toEqual([1, 2, 4, 5, 6, 7])
  })

  test('names the lines of a batch that were not accepted, and submits again those there was no room for', async () => {
    writeEvents(3)
    const errorOf = (status: number) => ({
      events: [{ endpointId: 'ep_1', error: { status, code: 'C', message: 'm' } }],
    })
    const answer = (request: StubRequest, count: number): StubAnswer =>
      count > 1
        ? accepted(request)
        : {
            status: 207,
            headers: { 'retry-after': '3' },
            body: { results: [{ events: [{ eventId: 'evt_1', endpointId: 'ep_1' }] }, errorOf(409), errorOf(429)] },
          }
    const ended = submit(answer, file, '--json')
    await expect.poll(() => terminal.noted).toContain('no room for 1 of the events; trying again in 3 s')
    await terminal.clock.advance(3000)
    expect(await ended).toBe(1)
    expect(batches()).toEqual([[1, 2, 3], [3]])
    expect(report()).toMatchObject({ submitted: 2, refusals: [{ line: 2, code: 'C', message: 'm' }] })
  })

  test('takes a batch that is refused as one for refused, line for line', async () => {
    writeEvents(2)
    const error = { code: 'ENDPOINT_DISABLED', message: 'disabled' }
    expect(await submit(() => ({ status: 409, body: { error } }), file, '--json')).toBe(1)
    expect(stub.requests).toHaveLength(1)
    expect(report()).toMatchObject({ refused: 2, refusals: [{ line: 1 }, { line: 2 }] })
  })

  test('is stopped when its patience is over, and says how far it came', async () => {
    writeEvents(3)
    const answer = (request: StubRequest, count: number) =>
      count === 1 ? accepted(request) : { status: 429, headers: { 'retry-after': '60' } }
    expect(await submit(answer, file, '--batch', '2', '--patience-ms', '59999')).toBe(1)
    expect(terminal.noted).toContain('stopped after line 2: the service answered 429; given up after one try')
  })

  test('is stopped by an interruption while it waits', async () => {
    writeEvents(1)
    const ended = submit(() => ({ status: 503 }), file, '--json')
    await expect.poll(() => terminal.noted).toContain('trying again')
    terminal.interrupt()
    expect(await ended).toBe(1)
    expect(report()).toMatchObject({ submitted: 0, stopped: 'interrupted' })
  })

  test.each([
    [401, 'a key is needed'],
    [403, 'this key may not submit'],
    [500, 'broken'],
  ])('is stopped at once by %i', async (status, message) => {
    writeEvents(300)
    expect(await submit(() => ({ status, body: { error: { code: 'C', message } } }), file)).toBe(1)
    expect(stub.requests).toHaveLength(1)
    expect(terminal.noted).toContain(`stopped before the first line: the service answered ${status}: ${message}`)
  })
})

test('says what to do when there is no service', async () => {
  stub = await startStub(accepted)
  await stub.close()
  const { url } = stub
  expect(await runProgram(['submit', '--url', url, '--type', 'a', '--payload', '1'], terminal)).toBe(1)
  expect(terminal.noted).toMatch(/cannot be reached: .*ECONNREFUSED.*Is it running\?/)
})

test.each([
  [[], 'say the type of the event with --type'],
  [['--type', 'a', '--payload', '{'], 'the payload is not JSON'],
  [['--type', 'a', '--payload', '1', '--batch', '5'], '--batch is of no use with one event'],
  [['x.jsonl', '--payload', '1'], '--payload is of no use with a file of events'],
  [['x.jsonl', '--idempotency-key', 'k'], '--idempotency-key is of no use with a file of events'],
  [['/nowhere/x.jsonl'], '/nowhere/x.jsonl cannot be opened: there is no such file (ENOENT)'],
  [['/'], 'cannot be opened: it is a folder (EISDIR)'],
  [['x.jsonl', '--url', 'ftp://a'], '--url must be the address of a service'],
  [['x.jsonl', '--url', 'http://me:secret@a'], '--url must have no user, password'],
  [['x.jsonl', '--batch', '0'], '--batch must be a whole number from 1 to 1000'],
])('ends with 2 for %j', async (args, message) => {
  expect(await runProgram(['submit', ...args], terminal)).toBe(2)
  expect(terminal.noted).toContain(message)
  expect(terminal.noted).not.toContain('secret')
})

afterEach(() => rmSync(file, { force: true }))
