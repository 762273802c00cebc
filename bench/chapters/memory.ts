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

interface Course {
  /** Without any collection but those that the process makes by itself. */
  readonly samples: readonly Sample[]
  /** After a full collection, when the first quarter was over and at the end. */
  readonly collected: readonly [Sample, Sample]
}

const perDeliveries = 100_000

export async function watchMemory(surroundings: Surroundings): Promise<Findings> {
  const { processes, programs, plan, progress } = surroundings
  const { deliveries, every } = plan.memory
  const process = await ContestantProcess.start(processes, programs.contestant, settingsFor(surroundings, 'hookline'))

  async function deliver(from: number, until: number): Promise<Sample[]> {
    const samples: Sample[] = []
    for (let done = from + every; done <= until; done += every) {
      progress(`${whole(done)} of ${whole(deliveries)} deliveries`)
      await process.order({ type: 'deliver', count: every })
      samples.push({ deliveries: done, ...(await process.order({ type: 'memory', collect: false })) })
    }
    return samples
  }

  // In the first quarter the heap takes its size, and what is kept of settled events fills up.
  const quarter = deliveries / 4
  const warmUp = await deliver(0, quarter)
  const before = await process.order({ type: 'memory', collect: true })
  const settled = await deliver(quarter, deliveries)
  const after = await process.order({ type: 'memory', collect: true })
  await process.stop()
  const collected = [
    { deliveries: quarter, ...before },
    { deliveries, ...after },
  ] as const
  return report(settled, { samples: [...warmUp, ...settled], collected })
}

function report(settled: readonly Sample[], course: Course): Findings {
  const [before, after] = course.collected
  const rssSlope = slopeOf(settled.map(({ deliveries, rssBytes }) => ({ x: deliveries / perDeliveries, y: rssBytes })))
  const heapGain = (after.heapBytes - before.heapBytes) / ((after.deliveries - before.deliveries) / perDeliveries)
  const rss = settled.map(({ rssBytes }) => rssBytes)
  const [first = NaN] = rss
  return {
    title: `Memory over ${whole(after.deliveries)} deliveries, the first quarter left out`,
    table: {
      head: ['MiB', 'first', 'least', 'most', 'last', `gained per ${whole(perDeliveries)} deliveries`],
      rows: [
        ['RSS', ...[first, Math.min(...rss), Math.max(...rss), rss.at(-1) ?? NaN, rssSlope].map(mebibytes)],
        ['heap after collection', mebibytes(before.heapBytes), '', '', mebibytes(after.heapBytes), mebibytes(heapGain)],
      ],
    },
    notes: [`RSS was read ${rss.length} times; its gain is the slope of least squares.`],
    wanted: [
      {
        what: `MiB of RSS gained per ${whole(perDeliveries)} deliveries`,
        wanted: 'flat',
        reached: mebibytes(rssSlope),
      },
    ],
    data: course,
  }
}
