// Every due time of a service: retries, deadlines, cooldowns, retention. One heap over the injected clock, one timer.
import type { Clock, Timer } from './clock.ts'

/** The longest delay a timer takes; a longer one would fire at once. */
const longestTimerMs = 2 ** 31 - 1

/** Something that comes due. It is in a scheduler at most once; scheduling it again moves it. */
export abstract class Task {
  /** On the clock's monotonic scale. Meaningful while scheduled. */
  dueAt = 0
  /** Settles ties: of two tasks due at the same moment, the one scheduled first comes first. The scheduler's own. */
  order = 0
  /** Place in the scheduler's heap; -1 when not scheduled. The scheduler's own. */
  slot = -1
  /** Whether the process should stay alive for it. Once it was scheduled, only the scheduler changes it. */
  keepsAlive = true

  abstract due(): void

  get scheduled(): boolean {
    return this.slot >= 0
  }
}

export class Scheduler {
  readonly #clock: Clock
  readonly #heap: Task[] = []
  #timer: Timer | null = null
  #timerAt = Infinity
  #keepingAlive = 0
  #scheduledSoFar = 0

  constructor(clock: Clock) {
    this.#clock = clock
  }

  get size(): number {
    return this.#heap.length
  }

  /** How many of the tasks scheduled keep the process alive. */
  get keepingAlive(): number {
    return this.#keepingAlive
  }

  /** `task.due()` is called once, `delayMs` from now or as soon after as the process can. Any finite delay is fine. */
  schedule(task: Task, delayMs: number): void {
    if (task.slot >= 0) this.cancel(task)
    task.dueAt = this.#clock.monotonic() + delayMs
    task.order = this.#scheduledSoFar += 1
    task.slot = this.#heap.length
    this.#heap.push(task)
    this.#rise(task)
    if (task.keepsAlive) {
      this.#keepingAlive += 1
      if (this.#keepingAlive === 1) this.#timer?.ref?.()
    }
    // A timer that runs out too early finds nothing due and is set again, so only an earlier due time touches it.
    if (task.dueAt < this.#timerAt) this.#setTimer()
  }

  cancel(task: Task): void {
    if (task.slot < 0) return
    this.#remove(task)
  }

  /** Says anew whether the process should stay alive for `task`, scheduled or not. */
  setKeepsAlive(task: Task, keepsAlive: boolean): void {
    if (task.keepsAlive === keepsAlive) return
    task.keepsAlive = keepsAlive
    if (task.slot < 0) return
    this.#keepingAlive += keepsAlive ? 1 : -1
    if (this.#keepingAlive === 0) this.#timer?.unref?.()
    else if (keepsAlive && this.#keepingAlive === 1) this.#timer?.ref?.()
  }

  /** Forgets everything; nothing comes due any more. */
  clear(): void {
    for (const task of this.#heap) task.slot = -1
    this.#heap.length = 0
    this.#keepingAlive = 0
    if (this.#timer !== null) this.#clock.clearTimeout(this.#timer)
    this.#timer = null
    this.#timerAt = Infinity
  }

  #remove(task: Task): void {
    const { slot } = task
    const last = this.#heap.pop()
    if (last !== undefined && last !== task) {
      this.#heap[slot] = last
      last.slot = slot
      this.#rise(last)
      this.#sink(last)
    }
    task.slot = -1
    if (task.keepsAlive) {
      this.#keepingAlive -= 1
      if (this.#keepingAlive === 0) this.#timer?.unref?.()
    }
  }

  #setTimer(): void {
    const first = this.#heap[0]
    if (this.#timer !== null) this.#clock.clearTimeout(this.#timer)
    this.#timer = null
    this.#timerAt = Infinity
    if (first === undefined) return
    this.#timerAt = first.dueAt
    const delayMs = Math.ceil(first.dueAt - this.#clock.monotonic())
    this.#timer = this.#clock.setTimeout(this.#ranOut, Math.min(Math.max(delayMs, 0), longestTimerMs))
    if (this.#keepingAlive === 0) this.#timer.unref?.()
  }

  readonly #ranOut = (): void => {
    this.#timer = null
    this.#timerAt = Infinity
    const now = this.#clock.monotonic()
    try {
      for (let task = this.#heap[0]; task !== undefined && task.dueAt <= now; task = this.#heap[0]) {
        this.#remove(task)
        task.due()
      }
    } finally {
      if (this.#timer === null) this.#setTimer()
    }
  }

  #rise(task: Task): void {
    const heap = this.#heap
    let { slot } = task
    while (slot > 0) {
      const parentSlot = (slot - 1) >> 1
      const parent = heap[parentSlot]
      if (parent === undefined || isBefore(parent, task)) break
      heap[slot] = parent
      parent.slot = slot
      slot = parentSlot
    }
    heap[slot] = task
    task.slot = slot
  }

  #sink(task: Task): void {
    const heap = this.#heap
    let { slot } = task
    for (;;) {
      const left = heap[2 * slot + 1]
      const right = heap[2 * slot + 2]
      const child = right !== undefined && left !== undefined && isBefore(right, left) ? right : left
      if (child === undefined || isBefore(task, child)) break
      const childSlot = child.slot
      heap[slot] = child
      child.slot = slot
      slot = childSlot
    }
    heap[slot] = task
    task.slot = slot
  }
}

function isBefore(one: Task, other: Task): boolean {
  return one.dueAt < other.dueAt || (one.dueAt === other.dueAt && one.order < other.order)
}
