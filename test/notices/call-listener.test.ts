import { expect, onTestFinished, test } from 'vitest'
import { startEngine } from '../support/start-engine.ts'

test('what listeners throw, at once or later, is reported and ends nothing', async () => {
  const unhandled: unknown[] = []
  const note = (error: unknown): void => void unhandled.push(error)
  process.on('unhandledRejection', note)
  onTestFinished(() => void process.off('unhandledRejection', note))
  const fails = (where: string, later: boolean): (() => void) => {
    const failsLater: () => unknown = () => Promise.reject(new Error(where))
    // An async listener, where the type asks for one that gives nothing back.
    if (later) return failsLater as () => void
    return () => {
      throw new Error(where)
    }
  }
  for (const later of [false, true]) {
    const { service, quiet, register } = startEngine({ inspect: fails('inspect', later) })
    const reported = new Set<string>()
    service.on('listenerFailed', ({ where, error }) => void reported.add(`${where}: ${String(error)}`))
    service.on('settled', fails('listener', later))
    service.log.subscribe(fails('log', later))
    const event = service.submitEvent(register(), 'a.b', {})
    await quiet()
    expect(service.getEventStatus(event).status).toBe('delivered')
    expect([...reported].sort()).toEqual(['inspect: Error: inspect', 'listener: Error: listener', 'log: Error: log'])
  }
  expect(unhandled).toEqual([])
})
