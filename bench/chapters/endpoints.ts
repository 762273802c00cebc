// How the cost of one delivery grows with the number of endpoints. Every endpoint has a connection of its own, and many
// sockets cost something whoever holds them; so undici alone, with as many, stands beside it.
import type { ContestantSettings } from '../contestants/contestant.ts'
import type { Cost } from '../contestants/order.ts'
import { ContestantProcess } from '../measure/contestant-process.ts'
import { openFileLimit } from '../measure/open-file-limit.ts'
import { ratioOf, spreadOf } from '../measure/statistics.ts'
import { micros, ratio, whole } from '../report/figures.ts'
import type { Wanted } from '../report/wanted.ts'
import { cpuPerDelivery, settingsFor } from './chapter.ts'
import type { Findings, Surroundings } from './chapter.ts'

type Kind = 'hookline' | 'hookline, all kept' | 'undici alone'

interface Series {
  readonly kind: Kind
  readonly endpoints: number
  readonly process: ContestantProcess
  readonly costs: Cost[]
}

/** What hookline keeps of idle connections unless told otherwise. */
const keptByDefault = 1_024
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
    for (const { kind, endpoints, process, costs } of series) {
      progress(`round ${round} of ${rounds}, ${whole(endpoints)}: ${kind}`)
      // Meanwhile idle sockets were closed: each endpoint is called twice before anything is measured.
      await process.order({ type: 'deliver', count: Math.max(2_000, 2 * endpoints) })
      costs.push(await process.order({ type: 'deliver', count: deliveries }))
    }
  }
  for (const { process } of series) await process.stop()
  return report(
    series,
    plan.endpoints.sizes.filter((size) => !sizes.includes(size)),
    limit,
  )
}

function kindsFor(size: number): readonly Kind[] {
  return size > keptByDefault ? ['hookline', 'hookline, all kept', 'undici alone'] : ['hookline', 'undici alone']
}

async function start(surroundings: Surroundings, kind: Kind, endpoints: number): Promise<Series> {
  const { processes, programs, otherReceiver } = surroundings
  const isUndici = kind === 'undici alone'
  const settings: ContestantSettings = {
    ...settingsFor(
      isUndici ? { ...surroundings, receiver: otherReceiver } : surroundings,
      isUndici ? 'undici-clients' : 'hookline',
    ),
    endpoints,
    idleConnections: kind === 'hookline, all kept' ? endpoints : null,
  }
  return {
    kind,
    endpoints,
    process: await ContestantProcess.start(processes, programs.contestant, settings),
    costs: [],
  }
}

function report(series: readonly Series[], leftOut: readonly number[], limit: number): Findings {
  const cpu = (kind: Kind, endpoints: number): readonly number[] | null =>
    series.find((one) => one.kind === kind && one.endpoints === endpoints)?.costs.map(cpuPerDelivery) ?? null
  const smallest = series[0]?.endpoints ?? 0
  const largest = series.at(-1)?.endpoints ?? 0
  const rows = series.map(({ kind, endpoints, costs }) => {
    const own = costs.map(cpuPerDelivery)
    const first = cpu(kind, smallest) ?? cpu('hookline', smallest) ?? own
    const floor = cpu('undici alone', endpoints) ?? own
    return [
      `${whole(endpoints)} endpoints, ${kind}`,
      micros(spreadOf(own)),
      ratio(ratioOf(own, first)),
      kind === 'undici alone' ? '' : ratio(ratioOf(floor, own)),
    ]
  })
  const wanted = (['hookline', 'hookline, all kept', 'undici alone'] as const).flatMap((kind): Wanted[] => {
    const last = cpu(kind, largest)
    const first = cpu(kind === 'undici alone' ? kind : 'hookline', smallest)
    if (last === null || first === null) return []
    const what = `cost of a delivery at ${whole(largest)} endpoints / at ${whole(smallest)}, ${kind}`
    return [{ what, wanted: kind === 'undici alone' ? '' : 'at most 1.3', reached: ratio(ratioOf(last, first)) }]
  })
  const kept = `"hookline" keeps ${whole(keptByDefault)} idle connections, "all kept" one for each endpoint; the events go round all endpoints`
  const notes = leftOut.map(
    (size) => `${whole(size)} endpoints were left out: the limit of open files is ${whole(limit)}`,
  )
  return {
    title: 'One delivery, by the number of endpoints',
    table: { head: ['', 'CPU µs each', `/ at ${whole(smallest)}`, 'undici alone / its own'], rows },
    notes: largest > keptByDefault ? [kept, ...notes] : notes,
    wanted,
    data: series.map(({ kind, endpoints, costs }) => ({ kind, endpoints, rounds: costs })),
  }
}
