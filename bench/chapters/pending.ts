// How the cost of one delivery grows with the number of events that wait, and how much memory each of them takes.
import type { Cost, Fill } from '../contestants/order.ts'
import { ContestantProcess } from '../measure/contestant-process.ts'
import { ratioOf, spreadOf } from '../measure/statistics.ts'
import { micros, ratio, whole } from '../report/figures.ts'
import { connections, cpuPerDelivery, settingsFor } from './chapter.ts'
import type { Findings, Surroundings } from './chapter.ts'

interface Backlog {
  readonly size: number
  readonly process: ContestantProcess
  readonly fill: Fill
  /** Of the heap, beside the payloads themselves. */
  readonly bytesPerEvent: number
  readonly costs: Cost[]
}

export async function growPending(surroundings: Surroundings): Promise<Findings> {
  const { plan, progress } = surroundings
  const { sizes, rounds, deliveries } = plan.pending
  const backlogs: Backlog[] = []
  for (const size of sizes) {
    progress(`${whole(size)} pending: filling`)
    backlogs.push(await fill(surroundings, size))
  }
  for (let round = 1; round <= rounds; round += 1) {
    for (const { size, process, costs } of backlogs) {
      progress(`round ${round} of ${rounds}: ${whole(size)} pending`)
      costs.push(await process.order({ type: 'deliverHolding', count: deliveries }))
    }
  }
  for (const { process } of backlogs) await process.stop()
  return report(backlogs)
}

async function fill(surroundings: Surroundings, size: number): Promise<Backlog> {
  const { processes, programs, plan } = surroundings
  const settings = settingsFor(surroundings, 'hookline')
  const process = await ContestantProcess.start(processes, programs.contestant, settings)
  // Fills up what is kept of settled events, too.
  await process.order({ type: 'deliver', count: Math.max(12_000, plan.pending.deliveries) })
  const before = await process.order({ type: 'memory', collect: true })
  const filled = await process.order({ type: 'fill', count: size })
  const after = await process.order({ type: 'memory', collect: true })
  const bytesPerEvent = (after.heapBytes - before.heapBytes - filled.payloadBytes) / size
  return { size, process, fill: filled, bytesPerEvent, costs: [] }
}

function report(backlogs: readonly Backlog[]): Findings {
  const cpu = ({ costs }: Backlog): readonly number[] => costs.map(cpuPerDelivery)
  const [smallest] = backlogs
  const largest = backlogs.at(-1)
  if (smallest === undefined || largest === undefined) throw new Error('the plan names no backlog')
  return {
    title: `One delivery, by the number of events pending: ${connections} endpoints, one event submitted for each delivered`,
    table: {
      head: ['', 'CPU µs each', `/ at ${whole(smallest.size)}`, 'CPU µs to submit', 'bytes each beside payload'],
      rows: backlogs.map((backlog) => [
        `${whole(backlog.size)} pending`,
        micros(spreadOf(cpu(backlog))),
        ratio(ratioOf(cpu(backlog), cpu(smallest))),
        (backlog.fill.cpuMicros / backlog.size).toFixed(1),
        whole(backlog.bytesPerEvent),
      ]),
    },
    notes: [],
    wanted: [
      {
        what: `cost of a delivery with ${whole(largest.size)} pending / with ${whole(smallest.size)}`,
        wanted: 'at most 1.3',
        reached: ratio(ratioOf(cpu(largest), cpu(smallest))),
      },
      {
        what: `bytes of heap per pending event beside its payload, ${whole(largest.size)} pending`,
        wanted: 'under 1,024',
        reached: whole(largest.bytesPerEvent),
      },
    ],
    data: backlogs.map(({ size, fill, bytesPerEvent, costs }) => ({ size, fill, bytesPerEvent, rounds: costs })),
  }
}
