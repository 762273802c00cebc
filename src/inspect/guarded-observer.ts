import type { InspectionEvent, Observer } from 'xstate'

/**
 * The user's inspection observer, unable to break an actor: an exception thrown on would wedge the actor it looks at for
 * ever, or end it. What it throws is reported instead.
 */
export function guardObserver(
  inspect: (event: InspectionEvent) => void,
  report: (error: unknown) => void,
): Observer<InspectionEvent> {
  return {
    next: (event) => {
      try {
        inspect(event)
      } catch (error) {
        report(error)
      }
    },
  }
}
