import type { Clock, Timer } from '../clock/clock.ts'
import { describeValue } from '../errors/describe-value.ts'
import { InvalidOptionError } from '../errors/errors.ts'
import { OptionReader } from '../options/option-reader.ts'
import { eventLoopTurns } from './event-loop-turns.ts'

const longestDelayMs = 2 ** 31 - 1
const latestDateMs = 8.64e15
const sevenDaysMs = 7 * 24 * 60 * 60 * 1000
const turnsPerStep = 4

export interface VirtualClockOptions {
  /**
   * Wall-clock time at the start: ISO 8601 with a time zone, or whole milliseconds since the Unix epoch.
   * @default '2025-01-01T00:00:00.000Z'
   */
  startAt?: string | number
}

/**
 * A clock that stands still until it is told to move. It uses no real time: a day of retries passes in milliseconds,
 * and a test that passes once passes always.
 *
 * Between timers it lets promises and a few turns of the event loop run, so that code woken by one timer can set the
 * next. It does not wait for real sockets: where a real receiver answers, `runToRest` moves it.
 *
 * All times are whole milliseconds; a timer's delay is rounded up.
 */
export interface VirtualClock extends Clock {
  /** How many timers are set and have not run out. */
  readonly timers: number
  /** How many of them would keep a process alive: a service lets go of those that nothing unsettled waits for. */
  readonly keepingAlive: number
  /** How long until the first of them runs out; null when there is none. */
  readonly nextDueInMs: number | null
  /**
   * Moves time on by `ms` (a whole number, 0 or more), from timer to timer in due order, first set first for equal
   * times. Each callback sees its own due time as now. Timers set on the way fire too, if they are due by the end.
   *
   * Calls made while time is moving take their turn. When a callback throws, time stops there, the promise is
   * rejected with what was thrown, and the clock can be moved on.
   *
   * @throws {InvalidOptionError} at once, when `ms` is not such a number.
   */
  advance(ms: number): Promise<void>
  /**
   * Moves time on until no timer is left, and stops at the last one; or by `limitMs`, if timers are left then.
   * Otherwise as {@link advance}.
   *
   * @param options.limitMs a whole number, 0 or more; default 7 days.
   */
  advanceUntilIdle(options?: { limitMs?: number }): Promise<void>
  /**
   * Corrects the wall clock by `ms` (a whole number, may be negative): `now` jumps, while `monotonic` and the timers
   * stay as they are.
   *
   * @throws {InvalidOptionError} at once, when `ms` is not such a number.
   */
  jump(ms: number): void
}

/**
 * Makes a clock for tests and simulations.
 *
 * @throws {InvalidOptionError} when `startAt` is not a time, or an option is none.
 */
export function createVirtualClock(options: VirtualClockOptions = {}): VirtualClock {
  const startAt = new OptionReader(options, '', ['startAt']).given('startAt') ?? '2025-01-01T00:00:00.000Z'
  return new SteppedClock(wallTime(startAt))
}

interface PendingTimer {
  readonly dueAt: number
  readonly callback: () => void
}

class VirtualTimer implements Timer {
  keepsAlive = true

  ref(): void {
    this.keepsAlive = true
  }

  unref(): void {
    this.keepsAlive = false
  }
}

class SteppedClock implements VirtualClock {
  // Insertion order is the order of setting: it decides between equal due times.
  readonly #pending = new Map<VirtualTimer, PendingTimer>()
  #wallOffset: number
  #elapsed = 0
  #lastMove: Promise<void> = Promise.resolve()

  constructor(startAt: number) {
    this.#wallOffset = startAt
  }

  now(): number {
    return this.#wallOffset + this.#elapsed
  }

  monotonic(): number {
    return this.#elapsed
  }

  setTimeout(callback: () => void, delayMs: number): Timer {
    if (!(delayMs >= 0 && delayMs <= longestDelayMs)) {
      throw new InvalidOptionError(
        `setTimeout: delayMs must be a number from 0 to ${longestDelayMs}, got ${describeValue(delayMs)}`,
        'delayMs',
        delayMs,
      )
    }
    const timer = new VirtualTimer()
    this.#pending.set(timer, { dueAt: this.#elapsed + Math.ceil(delayMs), callback })
    return timer
  }

  clearTimeout(timer: Timer): void {
    if (timer instanceof VirtualTimer) this.#pending.delete(timer)
  }

  get timers(): number {
    return this.#pending.size
  }

  get keepingAlive(): number {
    let keepingAlive = 0
    for (const timer of this.#pending.keys()) if (timer.keepsAlive) keepingAlive += 1
    return keepingAlive
  }

  get nextDueInMs(): number | null {
    let first = Infinity
    for (const { dueAt } of this.#pending.values()) first = Math.min(first, dueAt)
    return first === Infinity ? null : first - this.#elapsed
  }

  advance(ms: number): Promise<void> {
    requireDuration('advance', 'ms', ms)
    return this.#inTurn(async () => {
      const target = this.#elapsed + ms
      while (await this.#fireNext(target));
      this.#elapsed = target
    })
  }

  advanceUntilIdle(options: { limitMs?: number } = {}): Promise<void> {
    const { limitMs = sevenDaysMs } = options
    requireDuration('advanceUntilIdle', 'limitMs', limitMs)
    return this.#inTurn(async () => {
      const target = this.#elapsed + limitMs
      while (await this.#fireNext(target));
      if (this.#pending.size > 0) this.#elapsed = target
    })
  }

  jump(ms: number): void {
    if (!Number.isSafeInteger(ms)) throw notWhole('jump', 'ms', ms, 'a whole number of milliseconds')
    this.#wallOffset += ms
  }

  /** Two moves at once would see each other's time; a failed one must not hold up the next. */
  #inTurn(move: () => Promise<void>): Promise<void> {
    const moved = this.#lastMove.then(move)
    this.#lastMove = moved.catch(() => undefined)
    return moved
  }

  /** Lets code run, then fires the first timer due by `target`; false when there is none. */
  async #fireNext(target: number): Promise<boolean> {
    await eventLoopTurns(turnsPerStep)
    let timer: VirtualTimer | undefined
    let first: PendingTimer | undefined
    for (const [candidate, pending] of this.#pending) {
      if (pending.dueAt > target || (first !== undefined && pending.dueAt >= first.dueAt)) continue
      timer = candidate
      first = pending
    }
    if (timer === undefined || first === undefined) return false
    this.#pending.delete(timer)
    this.#elapsed = first.dueAt
    first.callback()
    return true
  }
}

function wallTime(startAt: unknown): number {
  const ms = typeof startAt === 'string' ? Date.parse(startAt) : startAt
  if (typeof ms === 'number' && Number.isSafeInteger(ms) && Math.abs(ms) <= latestDateMs) return ms
  throw notWhole(
    'createVirtualClock',
    'startAt',
    startAt,
    'an ISO 8601 time or whole milliseconds since the Unix epoch',
  )
}

function requireDuration(where: string, option: string, value: number): void {
  if (Number.isSafeInteger(value) && value >= 0) return
  throw notWhole(where, option, value, 'a whole number of milliseconds, 0 or more')
}

function notWhole(where: string, option: string, value: unknown, valid: string): InvalidOptionError {
  return new InvalidOptionError(`${where}: ${option} must be ${valid}, got ${describeValue(value)}`, option, value)
}
