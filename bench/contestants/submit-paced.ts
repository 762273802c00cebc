import { setTimeout as wait } from 'node:timers/promises'
import { monotonicNanos } from '../measure/monotonic-nanos.ts'
import type { Submissions } from './order.ts'

/** How often the application submits what is due. */
const tickMs = 5

/** Submits `count` events at a fixed pace, and notes when each was given away. @param first the number of the first */
export async function submitPaced(
  { count, perSecond }: { readonly count: number; readonly perSecond: number },
  first: number,
  submit: (count: number) => void | Promise<void>,
): Promise<Submissions> {
  const submissions: (readonly [number, number])[] = []
  const startedAt = performance.now()
  for (let submitted = 0; submitted < count;) {
    const due = Math.min(count, Math.floor(((performance.now() - startedAt) / 1000) * perSecond))
    for (; submitted < due; submitted += 1) {
      submissions.push([first + submitted, monotonicNanos()])
      await submit(1)
    }
    await wait(tickMs)
  }
  return submissions
}
