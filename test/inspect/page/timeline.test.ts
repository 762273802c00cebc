import fc from 'fast-check'
import { beforeEach, expect, test } from 'vitest'
import { pathTaken } from '../../../src/inspect/page/chart/path-taken.ts'
import { messagesOf } from '../../../src/inspect/page/sequence/messages.ts'
import { formatDuration } from '../../../src/inspect/page/text/format-time.ts'
import { ticksOf, timelineOf } from '../../../src/inspect/page/timeline/timeline.ts'
import { LiveSource } from '../../../src/inspect/view/live-source.ts'
import { createWebhookService } from '../../../src/index.ts'
import type { DeliveryView } from '../../../src/inspect/view/view-source.ts'
import { createVirtualClock } from '../../../src/testing/index.ts'
import { createScriptedTransport } from '../../support/scripted-transport.ts'

let transport: ReturnType<typeof createScriptedTransport>
let clock: ReturnType<typeof createVirtualClock>

beforeEach(() => {
  clock = createVirtualClock({ startAt: '2025-01-01T00:00:00.000Z' })
  transport = createScriptedTransport(() => 'held')
})

/** The second event of a line, whose first took a second; it fails at once, and waits for its next attempt. */
async function backingOff(waitMs: number): Promise<DeliveryView> {
  const service = createWebhookService({ clock, transport, retry: { jitter: 0, initialDelayMs: 4000 } })
  const endpointId = service.registerEndpoint('https://shop.example', 'secret')
  const [, second] = [1, 2].map((order) => service.submitEvent(endpointId, 'order.paid', { order }))
  await clock.advance(1000)
  transport.open[0]!.answer(200)
  await clock.advance(500)
  transport.open[0]!.answer(503)
  await clock.advance(waitMs)
  const source = await LiveSource.follow(service, { clock, payloads: false, maxSettled: 10 })
  return source.delivery(second!)!
}

test('draws what an event waited for, and how long each attempt took, to scale', async () => {
  const { rows, startMs, endMs } = timelineOf(await backingOff(1000))
  const drawn = rows.map(({ attempt, bars }) => ({
    attempt,
    bars: bars.map(({ kind, fromMs, toMs }) => [kind, fromMs - startMs, toMs - startMs]),
  }))
  expect(drawn).toEqual([
    { attempt: 1, bars: [['line', 0, 1000], ['flight', 1000, 1500]] }, // prettier-ignore
    { attempt: null, bars: [['backoff', 1500, 5500]] },
  ])
  expect(endMs - startMs).toBe(5500)
})

test('draws an attempt under way up to the moment that is shown', async () => {
  const { rows, startMs } = timelineOf(await backingOff(4700))
  expect(rows.at(-1)).toMatchObject({
    attempt: 2,
    end: null,
    bars: [{ kind: 'backoff' }, { kind: 'flight', fromMs: startMs + 5500, toMs: startMs + 6200 }],
  })
})

test('tells the messages between line, delivery and endpoint in order', async () => {
  const { records } = await backingOff(1000)
  expect(messagesOf(records).map(({ from, to, text }) => `${from} ${to} ${text}`)).toEqual([
    'line line submitted: joins the line',
    'line delivery its turn',
    'delivery endpoint POST, attempt 1',
    'endpoint delivery 503 after 500 ms',
    'delivery delivery backoff for 4 s',
  ])
})

test('numbers the steps of the way through a statechart', async () => {
  const { records } = await backingOff(4700)
  expect(pathTaken(records)).toEqual([
    { from: 'pending', to: 'delivering', event: 'attempt.started', steps: [1] },
    { from: 'delivering', to: 'backoff', event: 'attempt.failed', steps: [2] },
    { from: 'backoff', to: 'delivering', event: 'attempt.started', steps: [3] },
  ])
})

test('marks an axis of any length at one to seven round times within it', () => {
  fc.assert(
    fc.property(fc.integer({ min: 1, max: 10 * 365 * 86_400_000 }), (length) => {
      const ticks = ticksOf(length)
      expect(ticks.length).toBeLessThanOrEqual(7)
      expect(ticks[0]).toBe(0)
      expect(ticks.at(-1)!).toBeLessThanOrEqual(length)
    }),
  )
})

test.each([
  [0, '0 ms'],
  [999, '999 ms'],
  [1200, '1.2 s'],
  [-5, '0 ms'],
  [59_960, '1 min'],
  [119_800, '2 min'],
  [260_000, '4 min 20 s'],
  [7_500_000, '2 h 5 min'],
  [90_000_000, '1 d 1 h'],
])('writes %d ms as %s', (durationMs, text) => {
  expect(formatDuration(durationMs)).toBe(text)
})
