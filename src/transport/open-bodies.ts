import type { Clock, Timer } from '../clock/clock.ts'

/** An answer whose headers are in and whose body is not. */
export interface OpenBody {
  /** Belongs to {@link OpenBodies}: the round in which the body was opened. */
  openedInRound: number
  /** The body has had its time. */
  overdue(): void
}

const roundsAllowed = 4

/**
 * Limits how long bodies may go on after their headers, with one timer for all of them instead of one each: most
 * bodies end in the tick of their headers. A body is overdue after `bodyMs` at the earliest and a quarter later at
 * the latest. No timer runs while no body is open, but for what is left of the last round.
 */
export class OpenBodies {
  private readonly clock: Clock
  private readonly roundMs: number
  private readonly bodies = new Set<OpenBody>()
  private round = 0
  private timer: Timer | null = null

  constructor(clock: Clock, bodyMs: number) {
    this.clock = clock
    this.roundMs = Math.ceil(bodyMs / roundsAllowed)
  }

  add(body: OpenBody): void {
    body.openedInRound = this.round
    this.bodies.add(body)
    if (this.timer === null) this.startRound()
  }

  delete(body: OpenBody): void {
    this.bodies.delete(body)
  }

  stop(): void {
    if (this.timer !== null) this.clock.clearTimeout(this.timer)
    this.timer = null
  }

  private startRound(): void {
    this.timer = this.clock.setTimeout(this.endRound, this.roundMs)
    // The sockets of open bodies keep the process alive; an empty last round must not.
    this.timer.unref?.()
  }

  private readonly endRound = (): void => {
    this.timer = null
    this.round++
    for (const body of this.bodies) if (this.round - body.openedInRound > roundsAllowed) body.overdue()
    if (this.bodies.size > 0 && this.timer === null) this.startRound()
  }
}
