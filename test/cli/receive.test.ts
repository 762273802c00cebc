import { request } from 'node:http'
import { afterEach, expect, test } from 'vitest'
import { runProgram } from '../../src/cli/program.ts'
import { createWebhookService } from '../../src/index.ts'
import { systemClock } from '../../src/clock/system-clock.ts'
import { rawRequest } from '../inspect/server/raw-request.ts'
import { sendWebhook } from '../testing/send-webhook.ts'
import { createTestTerminal } from './test-terminal.ts'
import type { TestTerminal } from './test-terminal.ts'

const secret = 'a secret that only the shop and you know'
const timestamp = 1_735_689_600 // where the terminal's clock stands

interface Running {
  readonly terminal: TestTerminal
  readonly url: string
  readonly port: number
  readonly ended: Promise<number>
  readonly stats: () => Promise<Record<string, unknown>>
}

let running: Running | null = null

afterEach(async () => {
  running?.terminal.interrupt()
  await running?.ended
})

async function receive(args: readonly string[], options: Parameters<typeof createTestTerminal>[0] = {}) {
  const terminal = createTestTerminal(options)
  const ended = runProgram(['receive', '--port', '0', ...args], terminal)
  await expect.poll(() => terminal.noted).toMatch(/^receiving on http:\/\/127\.0\.0\.1:\d+,/)
  const url = /http:\S+(?=,)/.exec(terminal.noted)![0]
  const stats = async () => JSON.parse(await (await fetch(`${url}/stats`)).text()) as Record<string, unknown>
  running = { terminal, url, port: Number(new URL(url).port), ended, stats }
  return running
}

/** What a promise is rejected with; null when it is not. */
function errorOf(promise: Promise<unknown>): Promise<unknown> {
  return promise.then(
    () => null,
    (error: unknown) => error,
  )
}

test('tells what it gets, and ends with a summary', async () => {
  const { terminal, url, ended } = await receive(['--secret', secret])
  expect((await sendWebhook(`${url}/shop`, { secret, timestamp })).status).toBe(200)
  expect((await sendWebhook(`${url}/shop`, { secret, timestamp, attempt: 2 })).status).toBe(200)
  expect((await sendWebhook(`${url}/shop`, { secret: 'another', timestamp })).status).toBe(401)
  terminal.interrupt()
  expect(await ended).toBe(0)
  expect(terminal.printed.split('\n')).toEqual([
    '2025-01-01T00:00:00.000Z  200   payment.settled  evt_1  #1  attempt 1  verified  /shop  {"n":1}',
    '2025-01-01T00:00:00.000Z  200   payment.settled  evt_1  #1  attempt 2  verified  /shop  duplicate  {"n":1}',
    '2025-01-01T00:00:00.000Z  401   payment.settled  evt_1  #1  attempt 1  webhook-signature: no-match  /shop  {"n":1}',
    'received    3 requests: 2 verified, 1 wrong signature',
    'answered    2 with 200, 1 with 401; 0 left hanging',
    'duplicates  1',
    'gaps        0 missing, 0 came late',
  ])
  await expect(fetch(url)).rejects.toThrow()
})

test('tells it as lines of JSON, and nothing that a terminal would obey', async () => {
  const { terminal, url, ended } = await receive(['--json'])
  await sendWebhook(url, { sequence: 2 })
  await sendWebhook(url, { eventId: 'evt_2', sequence: 5, body: '"\u009b2J"' })
  terminal.interrupt()
  await ended
  const [, second, last] = terminal.printed.split('\n')
  expect(JSON.parse(second!)).toEqual({
    at: '2025-01-01T00:00:00.000Z',
    path: '/',
    eventId: 'evt_2',
    eventType: 'payment.settled',
    sequence: 5,
    attempt: 1,
    signature: 'unchecked',
    answer: 200,
    duplicate: false,
    gap: 2,
    bytes: 6,
    body: '"\u009b2J"',
  })
  expect(second).toContain('\\u009b2J')
  expect(JSON.parse(last!)).toEqual({
    stats: {
      received: 2,
      verified: 0,
      signatureFailures: 0,
      unchecked: 2,
      answered: { 200: 2 },
      hung: 0,
      duplicates: 0,
      gaps: 2,
      late: 0,
    },
  })
  expect(terminal.noted).toContain('no --secret, so no signature is checked')
})

test('takes its secret from the environment', async () => {
  const { url, stats } = await receive([], { environment: { HOOKLINE_RECEIVE_SECRET: secret } })
  await sendWebhook(url, { secret, timestamp })
  await sendWebhook(url, {})
  expect(await stats()).toMatchObject({ received: 2, verified: 1, signatureFailures: 1 })
})

test('fails the share that it was told to, the same with the same seed', async () => {
  const outcomes = async (seed: string) => {
    const { url, terminal, ended } = await receive(['--fail', '0.5', '--seed', seed])
    const statuses: number[] = []
    for (let sequence = 1; sequence <= 40; sequence += 1) statuses.push((await sendWebhook(url, { sequence })).status)
    terminal.interrupt()
    await ended
    return statuses
  }
  const first = await outcomes('1')
  expect(await outcomes('1')).toEqual(first)
  expect(await outcomes('2')).not.toEqual(first)
  expect(first.filter((status) => status === 500).length).toBeGreaterThan(8)
  expect(new Set(first)).toEqual(new Set([200, 500]))
})

test('leaves hanging what it was told to, and breaks the connection when the time is over', async () => {
  const { url, terminal, stats } = await receive(['--hang', '1', '--hang-ms', '15000'])
  const broken = errorOf(sendWebhook(url))
  await expect.poll(stats).toMatchObject({ received: 1, hung: 1, answered: {} })
  await terminal.clock.advance(15_000)
  expect(await broken).toBeInstanceOf(TypeError)
})

test('breaks what hangs when it is ended', async () => {
  const { url, terminal, stats, ended } = await receive(['--hang', '1'])
  const broken = errorOf(sendWebhook(url))
  await expect.poll(stats).toMatchObject({ hung: 1 })
  terminal.interrupt()
  expect(await ended).toBe(0)
  expect(await broken).toBeInstanceOf(TypeError)
})

test('does not wait for ever for a request that does not end', async () => {
  const { port, terminal, ended } = await receive([])
  const sent = request({ port, host: '127.0.0.1', method: 'POST', headers: { 'content-length': '10' } })
  const broken = new Promise((resolve) => sent.on('error', resolve))
  sent.write('half')
  await expect.poll(async () => (await rawRequest(port, { path: '/stats' })).status).toBe(200)
  terminal.interrupt()
  await expect.poll(() => terminal.clock.timers).toBe(1)
  await terminal.clock.advance(1000)
  expect(await ended).toBe(0)
  await broken
})

test('refuses a body that is too large before it has read it, and what is no event', async () => {
  const { url, port, stats } = await receive([])
  const answer = await fetch(url, { method: 'POST', body: Buffer.alloc(8 * 1024 * 1024 + 1) })
  expect(answer.status).toBe(413)
  expect((await rawRequest(port, {})).status).toBe(405)
  expect(await stats()).toMatchObject({ received: 0, answered: { 405: 1, 413: 1 } })
})

test('verifies what the engine sends, its retries and its order', async () => {
  const { url, stats, terminal } = await receive(['--secret', secret, '--fail', '0.3', '--seed', '4'])
  const service = createWebhookService({
    retry: { initialDelayMs: 1, maxAttempts: 20 },
    // The receiver judges the age of signatures by the terminal's clock.
    clock: { ...systemClock, now: () => terminal.clock.now() },
  })
  const endpointId = service.registerEndpoint(url, secret, { signing: { sequence: true } })
  for (let n = 1; n <= 30; n += 1) service.submitEvent(endpointId, 'payment.created', { n })
  await service.drain()
  await service.shutdown()
  expect(await stats()).toMatchObject({ signatureFailures: 0, duplicates: 0, gaps: 0, late: 0, answered: { 200: 30 } })
})

test.each([
  [['--fail', '1.5'], '--fail must be a number from 0 to 1, got "1.5"'],
  [['--fail', '0.6', '--hang', '0.6'], '--fail and --hang must be at most 1 together, got 0.6 and 0.6'],
  [['--hang-ms', 'soon'], '--hang-ms must be a whole number from 0 to 3600000, got "soon"'],
  [['--encoding', 'rot13'], '--encoding must be hex or base64, got "rot13"'],
  [['--header', 'not a header'], 'receive.header must be a header name'],
  [['--secret', ''], 'the secret must be a string of 1 to'],
])('ends with 2 for %j', async (args, message) => {
  const terminal = createTestTerminal()
  expect(await runProgram(['receive', '--port', '0', ...args], terminal)).toBe(2)
  expect(terminal.noted).toContain(message)
})

test('ends with 1 when the port is taken', async () => {
  const { port } = await receive([])
  const terminal = createTestTerminal()
  expect(await runProgram(['receive', '--port', String(port)], terminal)).toBe(1)
  expect(terminal.noted).toContain('EADDRINUSE')
})
