// The program of a contestant's own process: carries out one order after the other and measures what each cost it.
import { writeFileSync } from 'node:fs'
import { Session } from 'node:inspector/promises'
import { createBareTransport } from './bare-transport.ts'
import type {
  BacklogContestant,
  Contestant,
  ContestantSettings,
  LatencyContestant,
  PacedContestant,
  RestartedContestant,
} from './contestant.ts'
import { startHookline } from './hookline.ts'
import type { Answers, Cost, Order, Reply } from './order.ts'
import { startRawUndici } from './raw-undici.ts'
import { startRawUndiciClients } from './raw-undici-clients.ts'

let contestant: Contestant | null = null
let profiler: Session | null = null

async function start(settings: ContestantSettings): Promise<Contestant> {
  switch (settings.contestant) {
    case 'hookline':
      return startHookline(settings)
    case 'hookline-guarded':
      return startHookline(settings, { egress: { privateNetworks: 'deny', allow: ['127.0.0.1'] } })
    case 'hookline-bare':
      return startHookline(settings, { transport: createBareTransport(settings.connections) })
    case 'hookline-durable':
      return (await import('./hookline-durable.ts')).startHooklineDurable(settings)
    case 'undici':
      return startRawUndici(settings)
    case 'undici-clients':
      return startRawUndiciClients(settings)
    // Loaded only here, so that the others' heaps are their own.
    case 'bullmq-undici':
      return (await import('./bullmq-undici.ts')).startBullmqUndici(settings)
    case 'bullmq-axios':
      return (await import('./bullmq-axios.ts')).startBullmqAxios(settings)
  }
}

async function carryOut(order: Order): Promise<Answers[Order['type']]> {
  switch (order.type) {
    case 'start':
      contestant = await start(order.settings)
      return null
    case 'deliver':
      return measure(async () => {
        await started().deliver(order.count)
        return order.count
      })
    case 'fill': {
      const before = process.cpuUsage()
      const payloadBytes = withBacklog().fill(order.count)
      return { cpuMicros: cpuSince(before), payloadBytes }
    }
    case 'deliverHolding':
      return measure(() => withBacklog().deliverHolding(order.count))
    case 'latency':
      return withLatency().latency(order)
    case 'submitPaced':
      return paced().submitPaced(order)
    case 'firstDelivery':
      await restarted().firstDelivery()
      return null
    case 'memory':
      // Twice: what the first frees by weak references and finalizers only the second collects.
      if (order.collect) for (let times = 0; times < 2; times += 1) globalThis.gc?.()
      return {
        rssBytes: process.memoryUsage.rss(),
        heapBytes: process.memoryUsage().heapUsed,
        peakBytes: process.resourceUsage().maxRSS * 1024,
      }
    case 'profile':
      profiler = new Session()
      profiler.connect()
      await profiler.post('Profiler.enable')
      await profiler.post('Profiler.setSamplingInterval', { interval: 500 })
      await profiler.post('Profiler.start')
      return null
    case 'writeProfile': {
      const { profile } = (await profiler?.post('Profiler.stop')) ?? {}
      writeFileSync(order.file, JSON.stringify(profile))
      return null
    }
    case 'close':
      await contestant?.close()
      return null
  }
}

async function measure(work: () => Promise<number>): Promise<Cost> {
  const startedAt = performance.now()
  const before = process.cpuUsage()
  const deliveries = await work()
  return { deliveries, cpuMicros: cpuSince(before), elapsedMs: performance.now() - startedAt }
}

function cpuSince(before: NodeJS.CpuUsage): number {
  const { user, system } = process.cpuUsage(before)
  return user + system
}

function started(): Contestant {
  if (contestant === null) throw new Error('the contestant has not been started')
  return contestant
}

function withLatency(): LatencyContestant {
  const running = started()
  if (!measuresLatency(running)) throw new Error('the contestant does not measure latencies')
  return running
}

function withBacklog(): BacklogContestant {
  const running = started()
  if (!holdsBacklog(running)) throw new Error('the contestant holds no backlog')
  return running
}

function paced(): PacedContestant {
  const running = started()
  if (!isPaced(running)) throw new Error('the contestant does not tell when it submits')
  return running
}

function restarted(): RestartedContestant {
  const running = started()
  if (!isRestarted(running)) throw new Error('the contestant forgets everything')
  return running
}

function isPaced(running: Contestant | PacedContestant): running is PacedContestant {
  return 'submitPaced' in running
}

function isRestarted(running: Contestant | RestartedContestant): running is RestartedContestant {
  return 'firstDelivery' in running
}

function measuresLatency(running: Contestant | LatencyContestant): running is LatencyContestant {
  return 'latency' in running
}

function holdsBacklog(running: Contestant | BacklogContestant): running is BacklogContestant {
  return 'fill' in running
}

function reply(message: Reply): void {
  process.send?.(message)
}

process.on('message', (order: Order) => {
  carryOut(order).then(
    (answer) => reply({ ok: true, answer }),
    (error: unknown) =>
      reply({ ok: false, error: error instanceof Error ? (error.stack ?? error.message) : String(error) }),
  )
})
process.on('disconnect', () => process.exit())
