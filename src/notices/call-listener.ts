import { types } from 'node:util'

/**
 * Calls a listener that is the user's own code. What it throws, now or as the promise of an async function, is reported
 * and goes no further: unhandled, it would end the process.
 */
export function callListener<T>(hear: (value: T) => unknown, value: T, report: (error: unknown) => void): void {
  try {
    const returned = hear(value)
    // A promise of any realm, and by the promise's own method: what it inherits may be overwritten.
    if (types.isPromise(returned)) void Promise.prototype.then.call(returned, undefined, report)
  } catch (error) {
    report(error)
  }
}
