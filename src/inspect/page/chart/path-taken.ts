import type { RecordView } from '../../view/record-view.ts'

/** A transition that was taken, and when: the numbers of the steps, from 1. */
export interface TakenStep {
  readonly from: string
  readonly to: string
  readonly event: string
  readonly steps: readonly number[]
}

/** The way through a statechart that records tell of. The first record, which has no state before it, is the start. */
export function pathTaken(records: readonly Pick<RecordView, 'from' | 'to' | 'type'>[]): TakenStep[] {
  const taken = new Map<string, { from: string; to: string; event: string; steps: number[] }>()
  let step = 0
  for (const { from, to, type } of records) {
    if (from === null) continue
    step += 1
    const key = JSON.stringify([from, to, type])
    const known = taken.get(key)
    if (known === undefined) taken.set(key, { from, to, event: type, steps: [step] })
    else known.steps.push(step)
  }
  return [...taken.values()]
}

/** `2, 4, 6`; of many the first and the last: `2 … 38`. */
export function formatSteps(steps: readonly number[]): string {
  return steps.length <= 4 ? steps.join(', ') : `${steps[0] ?? ''} … ${steps.at(-1) ?? ''}`
}
