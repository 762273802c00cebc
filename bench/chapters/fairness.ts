// What endpoints that hang cost the others: how long an event takes from submission until it has settled. The runs take turns,
// about a second each: one stall of the machine makes a p99, but not that of the median turn. The order of the turns stays, for
// then each waits two seconds for its next, and its connections are kept.
import type { Latency } from '../contestants/order.ts'
import { ContestantProcess } from '../measure/contestant-process.ts'
import { ratioOfMedians, spreadOf } from '../measure/statistics.ts'
import { startSilentReceiver } from '../receivers/silent.ts'
import { millis, ratio, whole } from '../report/figures.ts'
import { settingsFor } from './chapter.ts'
import type { Findings, Surroundings } from './chapter.ts'

const healthy = 1_000
const concurrency = 100
/** How many endpoints hang, in each of the runs. */
const hangingCounts = [0, 1, 500] as const

interface Run {
  readonly hanging: number
  readonly process: ContestantProcess
  readonly latencies: Latency[]
}

export async function hangSome(surroundings: Surroundings): Promise<Findings> {
  const { plan, progress } = surroundings
  const { rounds, deliveries, perSecond } = plan.fairness
  const runs = await start(surroundings)
  const warmUp = { type: 'latency', count: 2 * healthy, perSecond } as const
  progress('warming up')
  for (const { process } of runs) await process.order(warmUp)
  for (let round = 1; round <= rounds; round += 1) {
    progress(`round ${round} of ${rounds}`)
    for (const { process, latencies } of runs) {
      latencies.push(await process.order({ type: 'latency', count: deliveries, perSecond }))
    }
  }
  for (const { process } of runs) await process.stop()
  return report(runs, perSecond)
}

async function start(surroundings: Surroundings): Promise<Run[]> {
  const hangingOrigin = await startSilentReceiver()
  const runs: Run[] = []
  for (const hanging of hangingCounts) {
    const process = await ContestantProcess.start(surroundings.processes, surroundings.programs.contestant, {
      ...settingsFor(surroundings, 'hookline'),
      endpoints: healthy,
      connections: concurrency,
      hanging: { origin: hangingOrigin, endpoints: hanging },
    })
    runs.push({ hanging, process, latencies: [] })
  }
  return runs
}

function report(runs: readonly Run[], perSecond: number): Findings {
  const p99Of = (hanging: number): number[] =>
    runs.find((run) => run.hanging === hanging)?.latencies.map(({ p99Ms }) => p99Ms) ?? []
  const without = p99Of(0)
  const rows = runs.map(({ hanging, latencies }) => [
    `${whole(hanging)} that hang`,
    millis(spreadOf(latencies.map(({ p50Ms }) => p50Ms))),
    millis(spreadOf(p99Of(hanging))),
    ratio(ratioOfMedians(p99Of(hanging), without)),
  ])
  return {
    title: `From submission to settled, ${whole(healthy)} healthy endpoints, ${whole(perSecond)} events a second, concurrency ${whole(concurrency)}, beside`,
    table: { head: ['', 'p50 ms', 'p99 ms', 'p99 / that beside none'], rows },
    notes: [],
    wanted: [1, 500].map((hanging) => ({
      what: `p99 beside ${whole(hanging)} that hang / beside none`,
      wanted: hanging === 1 ? 'at most 1.2' : '',
      reached: ratio(ratioOfMedians(p99Of(hanging), without)),
    })),
    data: runs.map(({ hanging, latencies }) => ({ hanging, rounds: latencies })),
  }
}
