import { execFile } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import type { Clock, Timer } from '../../src/clock/clock.ts'
import { Scheduler, Task } from '../../src/clock/scheduler.ts'
import { createVirtualClock } from '../../src/testing/virtual-clock.ts'

class Named extends Task {
  override readonly keepsAlive: boolean
  readonly #ran: () => void
  readonly name: string

  constructor(name: string, ran: () => void, keepsAlive = true) {
    super()
    this.name = name
    this.#ran = ran
    this.keepsAlive = keepsAlive
  }

  due(): void {
    this.#ran()
  }
}

function rig() {
  const clock = createVirtualClock()
  const scheduler = new Scheduler(clock)
  const ran: { name: string; at: number }[] = []
  const task = (name: string) => new Named(name, () => ran.push({ name, at: clock.monotonic() }))
  const order = () => ran.map(({ name }) => name)
  return { clock, scheduler, ran, task, order }
}

describe('what is scheduled comes due', () => {
  test('in the order of its time, and of scheduling when times are equal', async () => {
    const { clock, scheduler, ran, task } = rig()
    for (const [name, delayMs] of [
      ['c', 20],
      ['a', 10],
      ['d', 20],
      ['b', 10],
      ['now', 0],
    ] as const) {
      scheduler.schedule(task(name), delayMs)
    }
    await clock.advanceUntilIdle()
    expect(ran).toEqual([
      { name: 'now', at: 0 },
      { name: 'a', at: 10 },
      { name: 'b', at: 10 },
      { name: 'c', at: 20 },
      { name: 'd', at: 20 },
    ])
  })

  test('once', async () => {
    const { clock, scheduler, task, order } = rig()
    const a = task('a')
    scheduler.schedule(a, 10)
    expect(a.scheduled).toBe(true)
    await clock.advance(1000)
    expect(order()).toEqual(['a'])
    expect([a.scheduled, scheduler.size, scheduler.keepingAlive, clock.timers]).toEqual([false, 0, 0, 0])
  })

  test('at its new time only, when it was scheduled again', async () => {
    const { clock, scheduler, ran, task } = rig()
    const later = task('later')
    const sooner = task('sooner')
    scheduler.schedule(later, 10)
    scheduler.schedule(sooner, 50)
    scheduler.schedule(later, 30)
    scheduler.schedule(sooner, 20)
    expect([scheduler.size, scheduler.keepingAlive]).toEqual([2, 2])
    await clock.advanceUntilIdle()
    expect(ran).toEqual([
      { name: 'sooner', at: 20 },
      { name: 'later', at: 30 },
    ])
  })

  test('not at all, when it was cancelled', async () => {
    const { clock, scheduler, task, order } = rig()
    const [a, b] = [task('a'), task('b')]
    scheduler.schedule(a, 10)
    scheduler.schedule(b, 20)
    scheduler.cancel(a)
    scheduler.cancel(a)
    await clock.advanceUntilIdle()
    expect(order()).toEqual(['b'])
  })

  test('not at all, when everything was cleared', async () => {
    const { clock, scheduler, task, order } = rig()
    const tasks = [task('a'), task('b')]
    for (const a of tasks) scheduler.schedule(a, 10)
    scheduler.clear()
    expect([scheduler.size, scheduler.keepingAlive, clock.timers]).toEqual([0, 0, 0])
    await clock.advance(100)
    expect(order()).toEqual([])
    scheduler.schedule(tasks[0]!, 5)
    await clock.advance(100)
    expect(order()).toEqual(['a'])
  })

  test('after months, though no timer takes more than 24.8 days', async () => {
    const { clock, scheduler, ran, task } = rig()
    const hundredDays = 100 * 86_400_000
    scheduler.schedule(task('a'), hundredDays)
    await clock.advance(hundredDays - 1)
    expect(ran).toEqual([])
    await clock.advance(1)
    expect(ran).toEqual([{ name: 'a', at: hundredDays }])
  })

  test('when the wall clock jumps, as if it had not', async () => {
    const { clock, scheduler, ran, task } = rig()
    scheduler.schedule(task('a'), 1000)
    clock.jump(-3_600_000)
    await clock.advance(999)
    expect(ran).toEqual([])
    clock.jump(7_200_000)
    await clock.advance(1)
    expect(ran).toEqual([{ name: 'a', at: 1000 }])
  })

  test('never before its time, when a timer counts fractions', () => {
    let now = 0.7
    const due: number[] = []
    let timer: (() => void) | null = null
    const clock: Clock = {
      now: () => 0,
      monotonic: () => now,
      setTimeout: (callback, delayMs) => {
        expect(Number.isInteger(delayMs)).toBe(true)
        timer = callback
        return {}
      },
      clearTimeout: () => (timer = null),
    }
    const scheduler = new Scheduler(clock)
    scheduler.schedule(new Named('a', () => due.push(now)), 10)
    now = 10.6 // a timer that runs out a little early
    timer!()
    expect(due).toEqual([])
    now = 10.7
    timer!()
    expect(due).toEqual([10.7])
  })

  test('with all that is due at the same moment, also what is scheduled meanwhile', async () => {
    const { clock, scheduler, task, order } = rig()
    const late = task('late')
    scheduler.schedule(new Named('first', () => scheduler.schedule(late, 0)), 10)
    scheduler.schedule(task('second'), 10)
    await clock.advance(10)
    expect(order()).toEqual(['second', 'late'])
  })

  test('also when another has thrown', async () => {
    const { clock, scheduler, task, order } = rig()
    const broken = new Error('broken')
    scheduler.schedule(
      new Named('breaks', () => {
        throw broken
      }),
      10,
    )
    scheduler.schedule(task('a'), 10)
    await expect(clock.advance(10)).rejects.toBe(broken)
    await clock.advance(0)
    expect(order()).toEqual(['a'])
  })

  test('in order, whatever was scheduled, moved and cancelled', async () => {
    const anyStep = fc.record({ task: fc.nat(9), delayMs: fc.nat(30), cancel: fc.boolean() })
    await fc.assert(
      fc.asyncProperty(fc.array(anyStep, { maxLength: 60 }), async (steps) => {
        const { clock, scheduler, ran, task } = rig()
        const tasks = Array.from({ length: 10 }, (_, index) => task(String(index)))
        const model = new Map<number, { at: number; order: number }>()
        for (const [order, step] of steps.entries()) {
          const chosen = tasks[step.task]!
          model.delete(step.task)
          if (step.cancel) scheduler.cancel(chosen)
          else {
            scheduler.schedule(chosen, step.delayMs)
            model.set(step.task, { at: step.delayMs, order })
          }
          expect(scheduler.size).toBe(model.size)
        }
        await clock.advance(100)
        const expected = [...model].sort(([, a], [, b]) => a.at - b.at || a.order - b.order)
        expect(ran).toEqual(expected.map(([name, { at }]) => ({ name: String(name), at })))
      }),
      { numRuns: 50 },
    )
  })
})

describe('the one timer', () => {
  test('is set for the first due time, however much is scheduled', () => {
    const { clock, scheduler, task } = rig()
    for (let index = 0; index < 100; index += 1) scheduler.schedule(task(String(index)), 1000 - index)
    expect(clock.timers).toBe(1)
  })

  /** A clock whose timers remember whether they keep the process alive. */
  function referenced() {
    const timers = new Set<{ held: boolean; ref(): void; unref(): void }>()
    const clock: Clock = {
      now: () => 0,
      monotonic: () => 0,
      setTimeout: () => {
        const timer = { held: true, ref: () => (timer.held = true), unref: () => (timer.held = false) }
        timers.add(timer)
        return timer
      },
      clearTimeout: (timer: Timer) => timers.delete(timer as never),
    }
    return { scheduler: new Scheduler(clock), held: () => Array.from(timers, ({ held }) => held) }
  }

  test('keeps the process alive exactly while something scheduled does', () => {
    const { scheduler, held } = referenced()
    const quiet = new Named('quiet', () => undefined, false)
    const one = new Named('one', () => undefined)
    const two = new Named('two', () => undefined)
    scheduler.schedule(quiet, 10)
    expect(held()).toEqual([false])
    scheduler.schedule(one, 20)
    expect(held()).toEqual([true])
    scheduler.schedule(two, 5)
    scheduler.cancel(one)
    expect(held()).toEqual([true])
    scheduler.cancel(two)
    expect(held()).toEqual([false])
    scheduler.schedule(one, 1)
    expect(held()).toEqual([true])
    scheduler.clear()
    expect(held()).toEqual([])
  })

  test('lets a real process end while only what need not happen is scheduled', async () => {
    const script = `
      import { Scheduler, Task } from './src/clock/scheduler.ts'
      import { systemClock } from './src/clock/system-clock.ts'
      class Quiet extends Task { keepsAlive = false; due() { console.log('quiet') } }
      class Loud extends Task { due() { console.log('loud') } }
      const scheduler = new Scheduler(systemClock)
      scheduler.schedule(new Quiet(), 600_000)
      scheduler.schedule(new Loud(), 1)
    `
    const root = fileURLToPath(new URL('../..', import.meta.url))
    const run = promisify(execFile)
    const { stdout } = await run(process.execPath, ['--import', 'tsx', '--input-type=module', '--eval', script], {
      cwd: root,
    })
    expect(stdout).toBe('loud\n')
  })
})
