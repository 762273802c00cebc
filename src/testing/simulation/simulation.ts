// One run: a world, the service in it, an application that uses it, and what goes wrong. First everything does; then all is
// healed, and everything has to settle.
import type { LogRecord } from '../../log/transition.ts'
import { eventLoopTurns } from '../event-loop-turns.ts'
import { explained } from './called-service.ts'
import { describeError, noFailures } from './described-error.ts'
import { Fate } from './fate.ts'
import { noFaults } from './fault-rates.ts'
import { History } from './history.ts'
import { Lines } from './lines.ts'
import { ClockOfLife, ProcessDiedError, ProcessLife } from './process-life.ts'
import { Operator } from './operator.ts'
import { planFullDisks, planOperations, planRestarts, planSubmissions, planTurmoil } from './planned-call.ts'
import { PlacedLog, slowestCommitMs } from './placed-log.ts'
import { QuietPoints } from './quiet-point.ts'
import { SimulatedClock } from './simulated-clock.ts'
import { SimulatedEndpoint } from './simulated-endpoint.ts'
import { SimulatedLog } from './simulated-log.ts'
import { SimulatedNetwork } from './simulated-network.ts'
import { SimulatedProcess } from './simulated-process.ts'
import type { ResolvedSimulation } from './simulation-options.ts'
import { Submitter } from './submitter.ts'

/** 2025-01-01T00:00:00.000Z. */
const startAtMs = 1_735_689_600_000
const lookAfterMs = 5000
const leastPatienceMs = 120_000

export class Simulation {
  readonly history = new History({ ...noFaults })
  readonly endpoints: readonly SimulatedEndpoint[]
  readonly clock: SimulatedClock
  readonly log: SimulatedLog
  readonly #resolved: ResolvedSimulation
  readonly #fate: Fate
  readonly #placed: PlacedLog | null
  readonly #network: SimulatedNetwork
  readonly #process: SimulatedProcess
  readonly #submitter: Submitter
  readonly #operator: Operator
  readonly #quietPoints: QuietPoints
  #healed = false

  constructor(resolved: ResolvedSimulation) {
    const { source, faults, settings, place } = resolved
    const { history } = this
    this.#resolved = resolved
    const clock = new SimulatedClock(startAtMs, source.stream('ties'))
    const endpoints = resolved.endpoints.map((own, index) => new SimulatedEndpoint(index + 1, own, settings))
    const lines = new Lines()
    const fate = new Fate(history, faults, source.stream('fate'), () => this.#process.crash())
    const log = new SimulatedLog(history, clock, lines, endpoints, settings.retention)
    const { afterSend } = fate
    const draws = source.stream('commits')
    this.#placed = place === null ? null : new PlacedLog({ place, log, history, clock, fate, draws })
    const network = new SimulatedNetwork({
      clock,
      history,
      source: source.stream('network'),
      faults,
      endpoints,
      afterSend,
    })
    this.clock = clock
    this.endpoints = endpoints
    this.log = log
    this.#fate = fate
    this.#network = network
    const started = (): void => {
      this.#operator.restarted()
      this.#submitter.restarted()
    }
    this.#process = new SimulatedProcess({
      resolved,
      clock,
      history,
      endpoints,
      log,
      placed: this.#placed,
      network,
      fate,
      started,
    })
    const running = () => this.#process.running
    this.#submitter = new Submitter(clock, history, endpoints, running, place !== null)
    this.#operator = new Operator(clock, history, endpoints, running, this.#placed)
    this.#quietPoints = new QuietPoints(clock, history, lines, settings, this.#placed)
  }

  async run(): Promise<void> {
    const { durationMs } = this.#resolved
    this.#plan()
    this.#process.start()
    this.clock.in(durationMs, () => this.#heal())
    await this.#goOn(durationMs, () => this.#healed)
    await this.#goOn(durationMs + this.#patienceMs(), () => this.#settled())
    this.#checkSettled()
    await this.#end()
  }

  /** What the log holds once the run is over. */
  kept(): readonly LogRecord[] {
    const { store } = this.log
    if (this.#placed !== null) return this.#placed.end(new ClockOfLife(new ProcessLife(0), this.clock, 0))
    return [...store.entries(), ...store.endpointEntries()].sort((one, other) => one.seq - other.seq)
  }

  #plan(): void {
    const { source, durationMs, events, operations, faults } = this.#resolved
    const plan = source.stream('plan')
    const submissions = { events, endpoints: this.endpoints.length, durationMs }
    for (const planned of planSubmissions(plan.stream('submissions'), submissions)) {
      this.clock.in(planned.atMs, () => this.#submitter.offer(planned))
    }
    for (const { jumpAtMs, jumpByMs, crashAtMs } of planTurmoil(plan.stream('turmoil'), faults, durationMs)) {
      // Always due, so that what else happens in the same millisecond keeps its order.
      this.clock.in(jumpAtMs, () => this.#jump(jumpByMs))
      this.clock.in(crashAtMs ?? 0, () => {
        if (crashAtMs !== null) this.#fate.crashAtRest()
      })
    }
    if (this.#placed !== null) {
      for (const { fromMs, toMs } of planFullDisks(plan.stream('full disks'), faults, durationMs)) {
        this.clock.in(fromMs, () => this.#fate.fillDisk())
        this.clock.in(toMs, () => this.#fate.spaceReturns())
      }
    }
    if (!operations) return
    for (const call of planOperations(plan.stream('operations'), durationMs)) {
      this.clock.in(call.atMs, () => this.#operator.carryOut(call))
    }
    for (const { atMs, options } of planRestarts(plan.stream('restarts'), durationMs)) {
      this.clock.in(atMs, () => this.#process.shutDown(options, false))
    }
  }

  #jump(ms: number): void {
    if (ms === 0 || this.#healed) return
    this.history.faults.clockJumps += 1
    this.clock.jump(ms)
  }

  async #goOn(untilMs: number, isDone: () => boolean): Promise<void> {
    do {
      await eventLoopTurns(1)
      const { running } = this.#process
      if (running !== null) this.#quietPoints.look(running, this.endpoints)
      if (isDone()) return
    } while (this.#callNext(untilMs))
  }

  #callNext(untilMs: number): boolean {
    try {
      return this.clock.callNext(untilMs)
    } catch (error) {
      // What the code of a dead process runs into is of no account.
      if (!(error instanceof ProcessDiedError)) this.history.found(noFailures, { message: describeError(error) })
      return true
    }
  }

  #heal(): void {
    this.#healed = true
    this.#network.healed = true
    this.#fate.healed = true
    this.#fate.spaceReturns()
    this.#process.start()
    for (const endpoint of this.endpoints) if (!endpoint.removed) this.#submitLast(endpoint)
    this.#lookAfter()
  }

  /** Somebody goes round and lets go on whatever stands still; a breaker that nothing waits for gets something to probe with. */
  #lookAfter(): void {
    for (const endpoint of this.endpoints) {
      if (endpoint.removed) continue
      this.#operator.resume(endpoint)
      if (this.#breakerOf(endpoint) !== 'closed' && !this.#waitsFor(endpoint)) this.#submitLast(endpoint)
    }
    this.clock.in(lookAfterMs, () => this.#lookAfter())
  }

  #submitLast({ index }: SimulatedEndpoint): void {
    const last = `${index}-${this.clock.elapsedMs}`
    this.#submitter.insist({
      atMs: this.clock.elapsedMs,
      number: 0,
      endpoint: index - 1,
      eventType: 'order.last',
      payloadText: JSON.stringify({ last }),
      orderingKey: null,
      idempotencyKey: `last-${last}`,
      source: this.#resolved.source.stream(`last ${last}`),
    })
  }

  #waitsFor(endpoint: SimulatedEndpoint): boolean {
    for (const event of this.history.events.values()) {
      if (event.endpoint === endpoint && isOpen(event.state.value)) return true
    }
    return false
  }

  #settled(): boolean {
    const { running } = this.#process
    if (running === null || running.closing || !this.#submitter.settled) return false
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
    let longestMs = leastPatienceMs
    let eachMs = settings.rateLimit === null ? 0 : 1000 / settings.rateLimit.perSecond
    for (const { settings: own, behaviour, timeoutMs } of this.endpoints) {
      const policy = own.retry ?? settings.retry
      longestMs += policy.maxDelayMs + (own.breaker?.cooldownMs ?? 0) + 5 * timeoutMs
      eachMs += behaviour.latency.p99 + (own.rateLimit === null ? 0 : 1000 / own.rateLimit.perSecond)
    }
    return 2 * (longestMs + submitted * eachMs)
  }

  #checkSettled(): void {
    const { running } = this.#process
    const { history } = this
    const rule = 'after healing everything settles'
    if (running === null) history.found(rule, { message: 'the service does not run' })
    if (!this.#submitter.settled) history.found(rule, { message: 'an endpoint takes no new event' })
    for (const { eventId, state } of history.events.values()) {
      if (!isOpen(state.value)) continue
      const why = running === null ? 'the service does not run' : explained(running, eventId)
      history.found(rule, { message: `${eventId} is ${state.value}: ${why}`, eventId })
    }
    for (const endpoint of this.endpoints) {
      const breaker = this.#breakerOf(endpoint)
      if (endpoint.removed || breaker === 'closed') continue
      history.found('breakers close again', { message: `the breaker of ${endpoint.id} is ${breaker}` })
    }
  }

  async #end(): Promise<void> {
    const { running } = this.#process
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
    this.#process.shutDown({ timeoutMs: 0 }, true)
    await eventLoopTurns(1)
    // The last commit of a log in a place of its own may be a little later than what it is for.
    const untilMs = this.clock.elapsedMs + slowestCommitMs
    while (this.#callNext(untilMs)) await eventLoopTurns(1)
  }
}

function isOpen(status: string): boolean {
  return status === 'pending' || status === 'delivering' || status === 'backoff'
}
