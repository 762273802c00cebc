import type { InspectionEvent, Observer } from 'xstate'
import { callListener } from '../notices/call-listener.ts'

/**
 * The user's inspection observer, unable to break an actor. It is told a microtask later: it may call the service, and must
 * not find it mid-step. What it throws is reported instead: thrown on, it would wedge the actor it looks at for ever, or
 * end it.
 */
export function guardObserver(
  inspect: (event: InspectionEvent) => void,
  report: (error: unknown) => void,
): Observer<InspectionEvent> {
  let untold: InspectionEvent[] = []
  const tellAll = (): void => {
    const events = untold
    untold = []
    for (const event of events) callListener(inspect, event, report)
  }
  return {
    next: (event) => {
      if (untold.push(event) === 1) queueMicrotask(tellAll)
    },
  }
}
