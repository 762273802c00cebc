// How the cost of one delivery grows with the number of endpoints. Every endpoint has a connection of its own, and many
// sockets cost something whoever holds them; so undici alone, with as many, stands beside it.
import type { ContestantSettings } from '../contestants/contestant.ts'
import type { Cost } from '../contestants/order.ts'
import { ContestantProcess } from '../measure/contestant-process.ts'
import { openFileLimit } from '../measure/open-file-limit.ts'
import { ratioOf, spreadOf } from '../measure/statistics.ts'
import { micros, ratio, whole } from '../report/figures.ts'
import type { Wanted } from '../report/wanted.ts'
import type { Receiver } from '../receivers/receiver.ts'
import { cpuPerDelivery, settingsFor } from './chapter.ts'
import type { Findings, Surroundings } from './chapter.ts'

type Kind = 'hookline' | 'hookline, 1,000 kept' | 'undici alone'

interface Series {
  readonly kind: Kind
  readonly endpoints: number
  readonly process: ContestantProcess
  readonly receiver: Receiver
  readonly costs: Cost[]
  /** Connections opened for each delivery, by round; NaN where the receiver cannot tell. */
  readonly opened: number[]
}

/** Far fewer idle connections than the largest size has endpoints: what a service pays whose endpoints take long turns. */
const fewConnections = 1_000
const reopening = 'hookline, 1,000 kept'
const mostWarmUps = 6
const filesBeside = 500

export async function growEndpoints(surroundings: Surroundings): Promise<Findings> {
  const { plan, progress } = surroundings
  const { rounds, deliveries } = plan.endpoints
  const limit = openFileLimit()
  const sizes = plan.endpoints.sizes.filter((size) => size + filesBeside <= limit)
  const series: Series[] = []
  for (const size of sizes) {
    progress(`${whole(size)} endpoints: warming up`)
    for (const kind of kindsFor(size)) {
      const one = await start(surroundings, kind, size)
      await one.process.order({ type: 'deliver', count: deliveries })
      series.push(one)
    }
  }
  for (let round = 1; round <= rounds; round += 1) {
    for (const { kind, endpoints, process, receiver, costs, opened } of series) {
      progress(`round ${round} of ${rounds}, ${whole(endpoints)}: ${kind}`)
      await open(process, receiver, kind, endpoints)
      const count = kind === reopening ? deliveries / 4 : deliveries
      const before = await receiver.counts()
      costs.push(await process.order({ type: 'deliver', count }))
      opened.push(((await receiver.counts()).connections - before.connections) / count)
    }
  }
  for (const { process } of series) await process.stop()
  return report(
    series,
    plan.endpoints.sizes.filter((size) => !sizes.includes(size)),
    limit,
  )
}

/**
 * Calls each endpoint, because while others were measured the idle connections were closed. Opening all of them may take
 * longer than the first are kept, so it is repeated until hardly any is opened.
 */
async function open(process: ContestantProcess, receiver: Receiver, kind: Kind, endpoints: number): Promise<void> {
  const count = kind === reopening ? fewConnections : Math.max(2_000, endpoints)
  for (let times = 0; times < mostWarmUps; times += 1) {
    const before = await receiver.counts()
    await process.order({ type: 'deliver', count })
    const { connections } = await receiver.counts()
    if (kind === reopening || connections - before.connections < count / 100) return
  }
}

function kindsFor(size: number): readonly Kind[] {
  return size > fewConnections ? ['hookline', reopening, 'undici alone'] : ['hookline', 'undici alone']
}

async function start(surroundings: Surroundings, kind: Kind, endpoints: number): Promise<Series> {
  const { processes, programs, redisPort } = surroundings
  const isUndici = kind === 'undici alone'
  const receiver = isUndici ? surroundings.otherReceiver : surroundings.receiver
  const settings: ContestantSettings = {
    ...settingsFor({ receiver, redisPort }, isUndici ? 'undici-clients' : 'hookline'),
    endpoints,
    idleConnections: kind === reopening ? fewConnections : null,
  }
  const process = await ContestantProcess.start(processes, programs.contestant, settings)
  return { kind, endpoints, process, receiver, costs: [], opened: [] }
}

function report(series: readonly Series[], leftOut: readonly number[], limit: number): Findings {
  const cpu = (kind: Kind, endpoints: number): readonly number[] | null =>
    series.find((one) => one.kind === kind && one.endpoints === endpoints)?.costs.map(cpuPerDelivery) ?? null
  const smallest = series[0]?.endpoints ?? 0
  const largest = series.at(-1)?.endpoints ?? 0
  const rows = series.map(({ kind, endpoints, costs, opened }) => {
    const own = costs.map(cpuPerDelivery)
    const first = cpu(kind, smallest) ?? cpu('hookline', smallest) ?? own
    const floor = cpu('undici alone', endpoints) ?? own
    return [
      `${whole(endpoints)} endpoints, ${kind}`,
      spreadOf(opened).median.toFixed(2),
      micros(spreadOf(own)),
      ratio(ratioOf(own, first)),
      kind === 'hookline' ? ratio(ratioOf(floor, own)) : '',
    ]
  })
  const wanted = (['hookline', 'undici alone'] as const).flatMap((kind): Wanted[] => {
    const last = cpu(kind, largest)
    const first = cpu(kind, smallest)
    if (last === null || first === null) return []
    const what = `cost of a delivery at ${whole(largest)} endpoints / at ${whole(smallest)}, ${kind}`
    return [{ what, wanted: kind === 'undici alone' ? '' : 'at most 1.3', reached: ratio(ratioOf(last, first)) }]
  })
  const kept = `"1,000 kept": with limits.idleConnections of 1,000. The events go round all endpoints, so that nearly every delivery opens a connection.`
  const notes = leftOut.map(
    (size) => `${whole(size)} endpoints were left out: the limit of open files is ${whole(limit)}`,
  )
  return {
    title: 'One delivery, by the number of endpoints',
    table: {
      head: ['', 'connections opened each', 'CPU µs each', `/ at ${whole(smallest)}`, 'undici alone / its own'],
      rows,
    },
    notes: largest > fewConnections ? [kept, ...notes] : notes,
    wanted,
    data: series.map(({ kind, endpoints, costs, opened }) => ({ kind, endpoints, opened, rounds: costs })),
  }
}
