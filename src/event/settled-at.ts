import type { Transition } from '../log/transition.ts'
import { isSettled } from '../statechart/resting-delivery.ts'

/** When an event settled the last time, by its records; null when it never did. That a line was released later is another thing. */
export function settledAtIn(transitions: Iterable<Transition>): string | null {
  let settledAt: string | null = null
  for (const { from, to, at } of transitions) {
    if (isSettled(to) && from !== null && !isSettled(from)) settledAt = at
  }
  return settledAt
}
