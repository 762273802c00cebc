import { systemClock } from '../clock/system-clock.ts'
import { OptionReader } from '../options/option-reader.ts'
import type { WebhookService } from '../webhook-service.ts'
import { eventLoopTurns } from './event-loop-turns.ts'
import { receiversBy } from './receivers-by-clock.ts'
import type { VirtualClock } from './virtual-clock.ts'

const sevenDaysMs = 7 * 24 * 60 * 60 * 1000
/** Of real time: far more than any answer over loopback takes. */
const patienceMs = 10_000
const turnsPerStep = 4
/**
 * An endpoint's connection rests for so long, by the clock, before it is used for the first time again. A request that waits
 * for this reaches nobody while the clock stands still, so that much time passes when nothing else has happened for long.
 */
const connectionRestMs = 25
const turnsUntilRest = 64
const mostShown = 10

/** What {@link runToRest} asks of a service, whatever its payloads are. */
export type RestingService = Pick<WebhookService, 'stats' | 'log' | 'explain' | 'getEventStatus'>

export interface RunToRestOptions {
  /** How much virtual time may pass. @default 604_800_000 (7 days). Whole, 0 or more. */
  limitMs?: number
  /**
   * Whether to let no time pass while a request is on its way. Say so when a server of your own answers.
   * @default true if a `createReceiver` has this clock; else false: a scripted transport answers at once, or by the clock
   */
  awaitAnswers?: boolean
}

/**
 * Moves a virtual clock on, from one due time to the next, until the service has come to rest: every event has settled, or
 * waits for a person (its endpoint is paused or disabled, its line halted). At each due time it waits, in real time, for
 * the answers to the requests that are then on their way. A request that a receiver holds (`'hang'`, `delayMs`) is not
 * waited for: its answer, or its deadline, comes with time.
 *
 * @param clock the service's own
 * @throws {Error} when the limit is reached: it says what still waits, and for what
 * @throws {InvalidOptionError}
 */
export async function runToRest(
  service: RestingService,
  clock: VirtualClock,
  options: RunToRestOptions = {},
): Promise<void> {
  const reader = new OptionReader(options, '', ['limitMs', 'awaitAnswers'])
  const limitMs = reader.wholeNumber('limitMs', sevenDaysMs, { min: 0, max: Number.MAX_SAFE_INTEGER })
  const awaitAnswers = reader.boolean('awaitAnswers', receiversBy(clock).length > 0)
  const target = clock.monotonic() + limitMs
  for (;;) {
    await eventLoopTurns(turnsPerStep)
    if (awaitAnswers) await untilAnswered(service, clock)
    const dueInMs = clock.nextDueInMs
    if (dueInMs === null || isAtRest(service, clock)) return
    if (clock.monotonic() + dueInMs > target) throw new Error(limitReached(service, limitMs))
    await clock.advance(dueInMs)
  }
}

function isAtRest(service: RestingService, clock: VirtualClock): boolean {
  const { events, inFlight } = service.stats()
  if (inFlight > 0) return false
  // What only a person can move keeps no process alive, and so none of the service's timers.
  return events.pending + events.delivering + events.backoff === 0 || clock.keepingAlive === 0
}

/** Waits until each request in flight is held by a receiver. Real time passes, so the machine's own clock bounds it. */
async function untilAnswered(service: RestingService, clock: VirtualClock): Promise<void> {
  const startedMs = systemClock.monotonic()
  let turns = 0
  while (service.stats().inFlight > heldFor(service, clock)) {
    if (systemClock.monotonic() - startedMs > patienceMs) {
      throw new Error(`runToRest: no answer came within ${patienceMs} ms of real time\n${whatWaits(service)}`)
    }
    await eventLoopTurns(1)
    turns += 1
    const dueInMs = clock.nextDueInMs
    if (turns % turnsUntilRest === 0 && dueInMs !== null && dueInMs <= connectionRestMs) await clock.advance(dueInMs)
  }
  await eventLoopTurns(turnsPerStep)
}

/** How many of the service's requests in flight are held. One that it has given up a receiver may still believe open. */
function heldFor(service: RestingService, clock: VirtualClock): number {
  const held = new Set<string>()
  for (const receiver of receiversBy(clock)) {
    for (const { eventId, attempt } of receiver.held()) {
      if (eventId !== null && attempt !== null && isInFlight(service, eventId, attempt)) held.add(eventId)
    }
  }
  return held.size
}

function isInFlight(service: RestingService, eventId: string, attempt: number): boolean {
  try {
    const { status, attempts } = service.getEventStatus(eventId)
    return status === 'delivering' && attempts === attempt
  } catch {
    return false // another service's event
  }
}

function limitReached(service: RestingService, limitMs: number): string {
  return `runToRest: after ${limitMs} ms the service is not at rest\n${whatWaits(service)}`
}

function whatWaits(service: RestingService): string {
  const waiting = new Set<string>()
  for (const { eventId, to } of service.log.entries()) {
    if (to === 'delivered' || to === 'failed' || to === 'deadLettered') waiting.delete(eventId)
    else waiting.add(eventId)
  }
  const lines = [...waiting].slice(0, mostShown).map((eventId) => `  ${eventId}: ${service.explain(eventId).text}`)
  if (waiting.size > mostShown) lines.push(`  and ${waiting.size - mostShown} more`)
  return lines.join('\n')
}
