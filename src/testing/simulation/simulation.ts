// One run: a world, the service in it, an application that uses it, and what goes wrong. First everything does; then all is
// healed, and everything has to settle.
import { createWebhookService } from '../../service.ts'
import type { WebhookServiceOptions } from '../../service-options.ts'
import { eventLoopTurns } from '../event-loop-turns.ts'
import { explained } from './called-service.ts'
import type { RunningService } from './called-service.ts'
import { Fate } from './fate.ts'
import { History } from './history.ts'
import type { RequestHistory } from './history.ts'
import { Lines } from './lines.ts'
import { Operator } from './operator.ts'
import { planOperations, planSubmissions } from './planned-call.ts'
import { ClockOfLife, ProcessLife } from './process-life.ts'
import { QuietPoints } from './quiet-point.ts'
import { registerEndpoints } from './service-start.ts'
import { SimulatedClock } from './simulated-clock.ts'
import { SimulatedEndpoint } from './simulated-endpoint.ts'
import { LogOfLife, SimulatedLog } from './simulated-log.ts'
import { SimulatedNetwork } from './simulated-network.ts'
import { noFaults } from './fault-rates.ts'
import type { ResolvedSimulation } from './simulation-options.ts'
import { Submitter } from './submitter.ts'

/** 2025-01-01T00:00:00.000Z. */
const startAtMs = 1_735_689_600_000
const lookAfterMs = 5000
const minuteMs = 60_000
const dayMs = 86_400_000

export class Simulation {
  readonly history = new History({ ...noFaults })
  readonly endpoints: readonly SimulatedEndpoint[]
  readonly clock: SimulatedClock
  readonly #resolved: ResolvedSimulation
  readonly #lines = new Lines()
  readonly #fate: Fate
  readonly log: SimulatedLog
  readonly #network: SimulatedNetwork
  readonly #submitter: Submitter
  readonly #operator: Operator
  readonly #quietPoints: QuietPoints
  #life: ProcessLife | null = null
  /** Null while the process is down, and while it starts. */
  #running: RunningService | null = null
  #clockOfLife: ClockOfLife | null = null
  #healed = false
  #jumpedMs = 0
  #ids = 0

  constructor(resolved: ResolvedSimulation) {
    const { source, faults, settings } = resolved
    this.#resolved = resolved
    this.clock = new SimulatedClock(startAtMs, source.stream('ties'))
    this.endpoints = resolved.endpoints.map((own, index) => new SimulatedEndpoint(index + 1, own, settings))
    const { history, clock, endpoints } = this
    this.#fate = new Fate(history, faults, source.stream('fate'), () => this.#crash())
    this.log = new SimulatedLog(history, clock, this.#lines, endpoints)
    const afterSend = this.#fate.afterSend
    this.#network = new SimulatedNetwork({
      clock,
      history,
      source: source.stream('network'),
      faults,
      endpoints,
      afterSend,
    })
    const running = () => this.#running
    this.#submitter = new Submitter(clock, history, endpoints, running)
    this.#operator = new Operator(clock, history, endpoints, running)
    this.#quietPoints = new QuietPoints(clock, history, this.#lines, settings)
  }

  async run(): Promise<void> {
    const { durationMs } = this.#resolved
    this.#plan()
    this.#start()
    await this.#goOn(durationMs, () => false)
    this.clock.in(Math.max(0, durationMs - this.clock.elapsedMs), () => this.#heal())
    await this.#goOn(durationMs + this.#patienceMs(), () => this.#healed && this.#settled())
    this.#checkSettled()
    await this.#end()
  }

  #plan(): void {
    const { source, durationMs, events, operations, faults } = this.#resolved
    const plan = source.stream('plan')
    const submissions = { events, endpoints: this.endpoints.length, durationMs }
    for (const planned of planSubmissions(plan.stream('submissions'), submissions)) {
      this.clock.in(planned.atMs, () => this.#submitter.offer(planned))
    }
    const planned = operations ? planOperations(plan.stream('operations'), durationMs) : []
    for (const call of planned) this.clock.in(call.atMs, () => this.#operator.carryOut(call))
    const draws = plan.stream('minutes')
    for (let fromMs = 0; fromMs < durationMs; fromMs += minuteMs) {
      const share = Math.min(1, (durationMs - fromMs) / minuteMs)
      const [jumps, crashes] = [draws.chance(faults.clockJumps * share), draws.chance(faults.crashesAtRest * share)]
      const [jumpsAtMs, crashesAtMs] = [draws.whole(0, minuteMs), draws.whole(0, minuteMs)]
      const byMs = draws.whole(1, draws.oneOf([5000, 3_600_000, dayMs])) * draws.oneOf([1, -1])
      // Always due, so that what else happens in the same millisecond keeps its order.
      this.clock.in(fromMs + jumpsAtMs, () => {
        if (jumps) this.#jump(byMs)
      })
      this.clock.in(fromMs + crashesAtMs, () => {
        if (crashes) this.#fate.crashAtRest()
      })
    }
  }

  #jump(ms: number): void {
    if (this.#healed) return
    this.history.faults.clockJumps += 1
    this.history.jumpTicks.push(this.history.nextTick())
    this.#jumpedMs += Math.abs(ms)
    this.clock.jump(ms)
  }

  /** A new life of the process. When that dies while it starts, there will be another. */
  #start(): void {
    const { history, clock } = this
    const { source, service: options } = this.#resolved
    const life = new ProcessLife(history.lives.length + 1)
    history.lives.push({ number: life.number, bornTick: history.nextTick(), diedMs: null })
    const own = source.stream(`life ${life.number}`)
    const clockOfLife = new ClockOfLife(life, clock, own.whole(0, 1_000_000))
    const ports: WebhookServiceOptions = {
      clock: clockOfLife,
      random: own.stream('jitter').next,
      ids: { endpointId: () => `ep_${(this.#ids += 1)}`, eventId: () => `evt_${(this.#ids += 1)}` },
      log: new LogOfLife(life, this.log, this.#fate),
      transport: this.#network.transportOf(life),
    }
    this.#life = life
    try {
      const running = { service: createWebhookService({ ...options, ...ports }), life }
      this.#listen(running)
      registerEndpoints(running, this.endpoints, clock)
      if (!life.alive) return
      this.#running = running
      this.#clockOfLife = clockOfLife
    } catch (error) {
      if (life.alive) throw error
      return
    }
    this.#operator.restarted()
    this.#submitter.restarted()
  }

  #listen({ service }: RunningService): void {
    service.on('quarantined', ({ eventId, error }) => {
      this.history.found('hookline’s own code does not fail', { message: textOf(error), eventId })
    })
    service.on('listenerFailed', ({ error }) => {
      this.history.found('hookline’s own code does not fail', { message: textOf(error) })
    })
  }

  #crash(): boolean {
    const { history } = this
    if (this.#life?.alive !== true) return false
    this.#life.die()
    this.#running = null
    const life = history.lives.at(-1)
    if (life !== undefined) life.diedMs = this.clock.elapsedMs
    const downMs = this.#resolved.source.stream(`downtime ${history.lives.length}`).whole(0, 20_000)
    this.clock.in(downMs, () => this.#startAgain())
    return true
  }

  #startAgain(): void {
    if (this.#life?.alive === false && this.#running === null) this.#start()
  }

  async #goOn(untilMs: number, isDone: () => boolean): Promise<void> {
    do {
      await eventLoopTurns(1)
      if (this.#running !== null) this.#quietPoints.look(this.#running, this.endpoints)
      if (isDone()) return
    } while (this.clock.callNext(untilMs))
  }

  #heal(): void {
    this.#healed = true
    this.#network.healed = true
    this.#fate.healed = true
    this.#startAgain()
    for (const endpoint of this.endpoints) {
      if (endpoint.removed) continue
      const source = this.#resolved.source.stream(`last ${endpoint.index}`)
      this.#submitter.insist({
        atMs: this.clock.elapsedMs,
        number: 0,
        endpoint: endpoint.index - 1,
        eventType: 'order.last',
        payloadText: JSON.stringify({ last: endpoint.index }),
        orderingKey: null,
        idempotencyKey: `last-${endpoint.index}`,
        source,
      })
    }
    this.#lookAfter()
  }

  /** Somebody goes round and lets go on whatever stands still. */
  #lookAfter(): void {
    for (const endpoint of this.endpoints) if (!endpoint.removed) this.#operator.resume(endpoint)
    this.clock.in(lookAfterMs, () => this.#lookAfter())
  }

  #settled(): boolean {
    if (this.#running === null || !this.#submitter.settled) return false
    for (const { state } of this.history.events.values()) if (isOpen(state.value)) return false
    return this.endpoints.every((endpoint) => endpoint.removed || this.#breakerOf(endpoint) === 'closed')
  }

  #breakerOf(endpoint: SimulatedEndpoint): string {
    return this.history.folded.get(endpoint.id)?.breaker?.value ?? 'closed'
  }

  /** How long everything may take to settle once all is healed: every wait there may be, twice over. */
  #patienceMs(): number {
    const { settings, events } = this.#resolved
    const submitted = events + this.endpoints.length
    let longestMs = 10 * minuteMs + (this.history.lives.length > 1 ? this.#jumpedMs : 0)
    let eachMs = settings.rateLimit === null ? 0 : 1000 / settings.rateLimit.perSecond
    for (const { settings: own, behaviour, timeoutMs } of this.endpoints) {
      const policy = own.retry ?? settings.retry
      longestMs += policy.maxDelayMs + (own.breaker?.cooldownMs ?? 0) + 5 * timeoutMs
      eachMs += behaviour.latency.p99 + (own.rateLimit === null ? 0 : 1000 / own.rateLimit.perSecond)
    }
    return 2 * (longestMs + submitted * eachMs)
  }

  #checkSettled(): void {
    const running = this.#running
    const rule = 'after healing everything settles'
    if (!this.#submitter.settled) this.history.found(rule, { message: 'an endpoint takes no new event' })
    for (const { eventId, state } of this.history.events.values()) {
      if (!isOpen(state.value)) continue
      const why = running === null ? 'the service does not run' : explained(running, eventId)
      this.history.found(rule, { message: `${eventId} is ${state.value}: ${why}`, eventId })
    }
    for (const endpoint of this.endpoints) {
      const breaker = this.#breakerOf(endpoint)
      if (endpoint.removed || breaker === 'closed') continue
      this.history.found('breakers close again', { message: `the breaker of ${endpoint.id} is ${breaker}` })
    }
  }

  async #end(): Promise<void> {
    const running = this.#running
    if (running === null) return
    this.#quietPoints.lookAtAll(running)
    let drained = false
    void running.service.drain().then(
      () => (drained = true),
      () => undefined,
    )
    await eventLoopTurns(1)
    const open = [...this.history.events.values()].filter(({ state }) => isOpen(state.value)).length
    if (drained !== (open === 0)) {
      this.history.found('drain waits for all', { message: `drained: ${drained}, and ${open} events are open` })
    }
    const closed = running.service.shutdown({ timeoutMs: 0 })
    await eventLoopTurns(1)
    while (this.clock.callNext(this.clock.elapsedMs)) await eventLoopTurns(1)
    await closed
    const timers = this.#clockOfLife?.timers ?? 0
    const inFlight = this.history.requests.filter((request) => isInFlight(request, running.life.number)).length
    if (timers > 0 || inFlight > 0) {
      const message = `after the shutdown ${timers} timers run and ${inFlight} requests are in flight`
      this.history.found('a shutdown leaves nothing', { message })
    }
  }
}

function isInFlight({ life, result }: RequestHistory, now: number): boolean {
  return life === now && result === null
}

function isOpen(status: string): boolean {
  return status === 'pending' || status === 'delivering' || status === 'backoff'
}

function textOf(error: unknown): string {
  return error instanceof Error ? (error.stack ?? error.message) : String(error)
}
