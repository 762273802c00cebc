// The process that the service runs in: it is started, it may die at any moment or be ended in good order, and is started
// again on the same log.
import { StorageError } from '../../errors/errors.ts'
import { createServiceWith } from '../../service.ts'
import type { ShutdownOptions } from '../../shutdown.ts'
import type { RunningService } from './called-service.ts'
import { drawWindows } from './draw-scenario.ts'
import { describeError, noFailures } from './described-error.ts'
import type { Fate } from './fate.ts'
import type { History } from './history.ts'
import { AppendRefusedError, LogOfLife } from './log-of-life.ts'
import type { PlacedLog } from './placed-log.ts'
import { ClockOfLife, ProcessLife } from './process-life.ts'
import { registerEndpoints } from './service-start.ts'
import type { SimulatedClock } from './simulated-clock.ts'
import type { SimulatedEndpoint } from './simulated-endpoint.ts'
import type { SimulatedLog } from './simulated-log.ts'
import type { SimulatedNetwork } from './simulated-network.ts'
import type { ResolvedSimulation } from './simulation-options.ts'

const longestDownMs = 20_000

export interface ProcessParts {
  readonly resolved: ResolvedSimulation
  readonly clock: SimulatedClock
  readonly history: History
  readonly endpoints: readonly SimulatedEndpoint[]
  readonly log: SimulatedLog
  /** Null: the log is in memory, and outlives the process all the same. */
  readonly placed: PlacedLog | null
  readonly network: SimulatedNetwork
  readonly fate: Fate
  /** Whoever uses the service hears that it runs, again. */
  readonly started: () => void
}

export class SimulatedProcess {
  readonly #parts: ProcessParts
  #life: ProcessLife | null = null
  #running: RunningService | null = null
  #clock: ClockOfLife | null = null
  #ids = 0

  constructor(parts: ProcessParts) {
    this.#parts = parts
  }

  /** Null while the process is down, and while it starts. */
  get running(): RunningService | null {
    return this.#running
  }

  /** Starts it if it is down. When it dies while it starts, it will be started once more. */
  start(): void {
    if (this.#life?.alive === true) return
    const { resolved, clock, history, endpoints, log, placed, network, fate, started } = this.#parts
    const life = new ProcessLife(history.lives.length + 1)
    history.lives.push({ number: life.number, bornTick: history.nextTick(), diedMs: null })
    const draws = resolved.source.stream(`life ${life.number}`)
    const clockOfLife = new ClockOfLife(life, clock, draws.whole(0, 1_000_000))
    this.#life = life
    try {
      const options = {
        ...resolved.service,
        clock: clockOfLife,
        random: draws.stream('jitter').next,
        ids: { endpointId: () => `ep_${this.#nextId()}`, eventId: () => `evt_${this.#nextId()}` },
        log: placed === null ? new LogOfLife(life, log, fate) : placed.open(life, clockOfLife),
        transport: network.transportOf(life),
      }
      const service = createServiceWith(options, drawWindows(resolved.source.stream('windows')))
      const running = { service, life, closing: false }
      this.#listen(running)
      registerEndpoints(running, { endpoints, clock, history, placed, draws: draws.stream('start') })
      if (!life.alive) return
      this.#running = running
      this.#clock = clockOfLife
    } catch (error) {
      if (!life.alive) return
      // What the log refuses at the start it may take at the next.
      const isRefusal = error instanceof AppendRefusedError || error instanceof StorageError
      if (!isRefusal) history.found(noFailures, { message: describeError(error) })
      this.crash()
      return
    }
    started()
  }

  /** It dies, here and now. False when it is down. */
  crash(): boolean {
    if (this.#life?.alive !== true) return false
    this.#life.die()
    this.#down()
    return true
  }

  /** It ends in good order. It is started again unless `forGood`. */
  shutDown(options: ShutdownOptions, forGood: boolean): void {
    const running = this.#running
    if (running === null || running.closing) return
    running.closing = true
    const ended = (): void => {
      if (!running.life.alive) return
      this.#checkLeftovers(running)
      if (forGood) return
      running.life.die()
      this.#down()
    }
    void running.service.shutdown(options).then(ended, (error: unknown) => {
      if (running.life.alive && !(error instanceof StorageError))
        this.#parts.history.found(noFailures, { message: describeError(error) })
      ended()
    })
  }

  #down(): void {
    const { history, clock, resolved } = this.#parts
    this.#running = null
    const life = history.lives.at(-1)
    if (life !== undefined) life.diedMs = clock.elapsedMs
    const downMs = resolved.source.stream(`downtime ${history.lives.length}`).whole(0, longestDownMs)
    clock.in(downMs, () => this.start())
  }

  #checkLeftovers({ life }: RunningService): void {
    const { history } = this.#parts
    const timers = this.#clock?.timers ?? 0
    const inFlight = history.requests.filter((request) => request.life === life.number && request.result === null)
    if (timers === 0 && inFlight.length === 0) return
    const message = `after the shutdown ${timers} timers run and ${inFlight.length} requests are in flight`
    history.found('a shutdown leaves nothing', { message })
  }

  #listen({ service }: RunningService): void {
    const { history } = this.#parts
    service.on('quarantined', ({ eventId, error }) => {
      history.found(noFailures, { message: describeError(error), eventId })
    })
    service.on('listenerFailed', ({ error }) => history.found(noFailures, { message: describeError(error) }))
  }

  #nextId(): number {
    return (this.#ids += 1)
  }
}
