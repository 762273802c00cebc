// Whether memory stays flat over many deliveries.
import type { MemoryReading } from '../contestants/order.ts'
import { ContestantProcess } from '../measure/contestant-process.ts'
import { slopeOf } from '../measure/statistics.ts'
import { mebibytes, whole } from '../report/figures.ts'
import { settingsFor } from './chapter.ts'
import type { Findings, Surroundings } from './chapter.ts'

interface Sample extends MemoryReading {
  readonly deliveries: number
}

const perDeliveries = 100_000

export async function watchMemory(surroundings: Surroundings): Promise<Findings> {
  const { processes, programs, plan, progress } = surroundings
  const { deliveries, every } = plan.memory
  const settings = settingsFor(surroundings, 'hookline')
  const process = await ContestantProcess.start(processes, programs.contestant, settings)
  const samples: Sample[] = []
  for (let done = every; done <= deliveries; done += every) {
    progress(`${whole(done)} of ${whole(deliveries)} deliveries`)
    await process.order({ type: 'deliver', count: every })
    samples.push({ deliveries: done, ...(await process.order({ type: 'memory' })) })
  }
  await process.stop()
  return report(samples)
}

function report(samples: readonly Sample[]): Findings {
  // In the first quarter the heap takes its size and what is kept of settled events fills up.
  const settled = samples.slice(Math.floor(samples.length / 4))
  const slope = (bytes: (sample: Sample) => number): number =>
    slopeOf(settled.map((sample) => ({ x: sample.deliveries / perDeliveries, y: bytes(sample) })))
  const rssSlope = slope((sample) => sample.rssBytes)
  const heapSlope = slope((sample) => sample.heapBytes)
  const row = (name: string, bytes: (sample: Sample) => number, slopeBytes: number): readonly string[] => {
    const values = settled.map(bytes)
    const [first = NaN] = values
    return [name, ...[first, Math.min(...values), Math.max(...values), values.at(-1) ?? NaN, slopeBytes].map(mebibytes)]
  }
  const last = samples.at(-1)?.deliveries ?? 0
  return {
    title: `Memory over ${whole(last)} deliveries, read ${samples.length} times, the first quarter left out`,
    table: {
      head: ['MiB', 'first', 'least', 'most', 'last', `slope per ${whole(perDeliveries)} deliveries`],
      rows: [
        row('RSS', (sample) => sample.rssBytes, rssSlope),
        row('heap after collection', (sample) => sample.heapBytes, heapSlope),
      ],
    },
    notes: [],
    wanted: [
      {
        what: `MiB of RSS gained per ${whole(perDeliveries)} deliveries`,
        wanted: 'flat',
        reached: mebibytes(rssSlope),
      },
    ],
    data: samples,
  }
}
