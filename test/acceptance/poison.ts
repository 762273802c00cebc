import { expect, onTestFinished } from 'vitest'
import type { Engine } from '../support/start-engine.ts'

export const throws = (): never => {
  throw new Error('poison')
}

/** Fails the test in which something was thrown that nobody caught: in a service's process it would be the end. */
export function failWhenUnhandled(): void {
  const unhandled: unknown[] = []
  const count = (error: unknown): void => void unhandled.push(error)
  process.on('unhandledRejection', count)
  process.on('uncaughtException', count)
  onTestFinished(async () => {
    // Node tells of both a turn of the event loop later.
    await new Promise((resolve) => setImmediate(() => setImmediate(resolve)))
    process.off('unhandledRejection', count)
    process.off('uncaughtException', count)
    expect(unhandled).toEqual([])
  })
}

/** A new endpoint of the same service, and these, still deliver. */
export async function expectDelivers({ service, register, quiet }: Engine, ...endpoints: string[]): Promise<void> {
  const events = [register(), ...endpoints].map((endpoint) => service.submitEvent(endpoint, 'a.b', {}))
  await quiet()
  for (const event of events) expect(service.getEventStatus(event)).toMatchObject({ status: 'delivered' })
  expect(service.stats().inFlight).toBe(0)
}
