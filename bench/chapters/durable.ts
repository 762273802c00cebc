// What it costs to survive the process: hookline with its log in a file beside the same with its log in memory, and beside
// the usual recipe with a Redis that writes to the disk.
import { closeSync, fsyncSync, openSync, writeSync } from 'node:fs'
import { join } from 'node:path'
import type { ContestantName, ContestantSettings } from '../contestants/contestant.ts'
import type { Cost, Latency } from '../contestants/order.ts'
import { ContestantProcess } from '../measure/contestant-process.ts'
import { percentileOf, ratioOf, spreadOf } from '../measure/statistics.ts'
import { startNotingReceiver } from '../receivers/noting-receiver.ts'
import type { NotingReceiver } from '../receivers/noting-receiver.ts'
import { startRedis } from '../receivers/redis.ts'
import { micros, millis, ratio, whole } from '../report/figures.ts'
import type { Wanted } from '../report/wanted.ts'
import { cpuPerDelivery, deliveriesPerSecond, settingsFor, window } from './chapter.ts'
import type { Findings, Surroundings } from './chapter.ts'

const many = 100

type Kind = 'memory, many' | 'file, many' | 'BullMQ + axios' | 'memory, one' | 'file, one'

const contestants: Readonly<Record<Kind, { readonly contestant: ContestantName; readonly endpoints: number }>> = {
  'memory, many': { contestant: 'hookline', endpoints: many },
  'file, many': { contestant: 'hookline-durable', endpoints: many },
  'BullMQ + axios': { contestant: 'bullmq-axios', endpoints: many },
  'memory, one': { contestant: 'hookline', endpoints: 1 },
  'file, one': { contestant: 'hookline-durable', endpoints: 1 },
}

const described: Readonly<Record<Kind, string>> = {
  'memory, many': `hookline, in memory, ${many} endpoints`,
  'file, many': `hookline, SQLite, ${many} endpoints`,
  'BullMQ + axios': 'BullMQ + axios, Redis with an append-only file',
  'memory, one': 'hookline, in memory, 1 endpoint',
  'file, one': 'hookline, SQLite, 1 endpoint',
}

interface Pace {
  readonly count: number
  readonly perSecond: number
}

interface Entrant {
  readonly kind: Kind
  readonly count: number
  readonly fast: ContestantProcess
  /** The same again, whose requests are noted as they come. */
  readonly noted: ContestantProcess
  readonly costs: Cost[]
  readonly latencies: Latency[]
}

export async function keepEverything(surroundings: Surroundings): Promise<Findings> {
  const { processes, programs, plan, progress } = surroundings
  const { rounds, deliveries, paced } = plan.durable
  const redisPort = await startRedis(processes, true)
  const receiver = await startNotingReceiver(processes, programs.notingReceiver)
  const entrants: Entrant[] = []
  for (const kind of Object.keys(contestants) as Kind[]) {
    if (kind === 'BullMQ + axios' && redisPort === null) continue
    progress(`${described[kind]}: warming up`)
    const { endpoints } = contestants[kind]
    const count = kind === 'BullMQ + axios' ? deliveries.bullmq : endpoints === 1 ? deliveries.one : deliveries.many
    const start = (origin: string): Promise<ContestantProcess> => enter(surroundings, kind, origin, redisPort)
    const fast = await start(surroundings.receiver.origin)
    const noted = await start(receiver.origin)
    await fast.order({ type: 'deliver', count })
    await noted.order({ type: 'deliver', count: Math.min(count, 500) })
    entrants.push({ kind, count, fast, noted, costs: [], latencies: [] })
  }
  for (let round = 1; round <= rounds; round += 1) {
    for (const { kind, count, fast, noted, costs, latencies } of entrants) {
      progress(`round ${round} of ${rounds}: ${described[kind]}`)
      costs.push(await fast.order({ type: 'deliver', count }))
      latencies.push(await firstBytes(noted, receiver, contestants[kind].endpoints === 1 ? tenthOf(paced) : paced))
    }
  }
  for (const { fast, noted } of entrants) for (const process of [fast, noted]) await process.stop()
  return report(entrants, processes.folder(), paced.perSecond)
}

function enter(
  surroundings: Surroundings,
  kind: Kind,
  receiverOrigin: string,
  redisPort: number | null,
): Promise<ContestantProcess> {
  const { processes, programs } = surroundings
  const { contestant, endpoints } = contestants[kind]
  const settings: ContestantSettings = {
    ...settingsFor(surroundings, contestant),
    receiverOrigin,
    redisPort,
    endpoints,
    logFile: join(processes.folder(), 'hooks.db'),
  }
  return ContestantProcess.start(processes, programs.contestant, settings)
}

/** One endpoint waits for the disk between any two deliveries. */
function tenthOf({ count, perSecond }: Pace): Pace {
  return { count: count / 10, perSecond: perSecond / 10 }
}

/** From submission to the first byte at the receiver, for events that come at a pace everyone keeps up with. */
async function firstBytes(process: ContestantProcess, receiver: NotingReceiver, pace: Pace): Promise<Latency> {
  await receiver.arrivals()
  const submissions = await process.order({ type: 'submitPaced', ...pace })
  const arrivals = await receiver.arrivals()
  const latencies = submissions.map(([number, atNanos]) => ((arrivals.get(number) ?? NaN) - atNanos) / 1e6)
  if (latencies.some(Number.isNaN)) throw new Error('an event never came to the receiver')
  return { p50Ms: percentileOf(latencies, 0.5), p99Ms: percentileOf(latencies, 0.99) }
}

function report(entrants: readonly Entrant[], folder: string, perSecond: number): Findings {
  const rate = (kind: Kind): readonly number[] | null =>
    entrants.find((entrant) => entrant.kind === kind)?.costs.map(deliveriesPerSecond) ?? null
  const rows = entrants.map(({ kind, costs, latencies }) => {
    const memory = rate(contestants[kind].endpoints === 1 ? 'memory, one' : 'memory, many')
    const own = costs.map(deliveriesPerSecond)
    return [
      described[kind],
      whole(spreadOf(own).median),
      memory === null ? '' : ratio(ratioOf(own, memory)),
      micros(spreadOf(costs.map(cpuPerDelivery))),
      millis(spreadOf(latencies.map(({ p50Ms }) => p50Ms))),
      millis(spreadOf(latencies.map(({ p99Ms }) => p99Ms))),
    ]
  })
  return {
    title: `Deliveries that survive: at most ${whole(window)} events pending`,
    table: { head: ['', 'deliveries/s', '/ in memory', 'CPU µs each', 'p50 ms', 'p99 ms'], rows },
    notes: [
      'With a file the application awaits flush() for all it has submitted, before it submits more.',
      `p50 and p99: from submission to the first byte at the receiver, ${whole(perSecond)} events a second to ${many} endpoints, ${whole(perSecond / 10)} to one.`,
      'BullMQ does not wait for the disk: its Redis flushes once a second, as is the default of an append-only file.',
      `To write 4 KiB and flush it took ${flushMicros(folder).toFixed(0)} µs where the files were (${folder}).`,
    ],
    wanted: wantedOf(rate('file, many'), rate('memory, many'), rate('BullMQ + axios')),
    data: entrants.map(({ kind, costs, latencies }) => ({ kind, rounds: costs, latencies })),
  }
}

function wantedOf(
  own: readonly number[] | null,
  memory: readonly number[] | null,
  recipe: readonly number[] | null,
): readonly Wanted[] {
  if (own === null || memory === null) return []
  const wanted: Wanted[] = [
    {
      what: `durable deliveries/s / those in memory, ${many} endpoints`,
      wanted: 'at least 0.5',
      reached: ratio(ratioOf(own, memory)),
    },
  ]
  if (recipe !== null) {
    wanted.push({
      what: 'durable deliveries/s / those of BullMQ + axios',
      wanted: 'at least 2.5',
      reached: ratio(ratioOf(own, recipe)),
    })
  }
  return wanted
}

/** What the disk takes for the least that can be made durable: the median of some. */
function flushMicros(folder: string): number {
  const file = openSync(join(folder, 'flush'), 'w')
  const page = Buffer.alloc(4096, 1)
  const micros = Array.from({ length: 101 }, () => {
    const startedAt = performance.now()
    writeSync(file, page)
    fsyncSync(file)
    return (performance.now() - startedAt) * 1000
  })
  closeSync(file)
  return spreadOf(micros).median
}
