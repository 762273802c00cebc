import { expect, test } from 'vitest'
import { StorageError } from '../../../src/index.ts'
import { memoryLog } from '../../../src/log/memory-log.ts'
import type { FaultPlace } from '../../../src/server/faults.ts'
import { startEngine } from '../../support/start-engine.ts'
import { startServer as startServerWith } from '../start-server.ts'
import { answering } from '../test-routes.ts'
import { startServer } from '../watched-server.ts'
import { openEventSource } from './event-source.ts'

/** An engine whose log can be made unreadable. */
function engineWithBrokenReads() {
  const log = memoryLog()
  const entries = log.entries.bind(log)
  let error: Error | null = null
  const breaking = Object.assign(log, {
    entries: (filter?: Parameters<typeof entries>[0]) => {
      if (error !== null) throw error
      return entries(filter)
    },
  })
  return { engine: startEngine({ log: breaking }), breakWith: (given: Error) => (error = given) }
}

/** What is told to `onFault`. */
function hearFaults() {
  const faults: [unknown, string][] = []
  return { faults, onFault: (error: unknown, { where }: FaultPlace): unknown => faults.push([error, where]) }
}

test.each([
  [false, new StorageError('the disk', 'ioError', true)],
  [true, new TypeError('undefined is no function')],
])(
  'a stream ends whose log cannot be read; that is a fault (%s) unless it says what it is: %o',
  async (isFault, error) => {
    const { engine, breakWith } = engineWithBrokenReads()
    const { faults, onFault } = hearFaults()
    const { url } = await startServer(engine.service, { clock: engine.clock, onFault })
    engine.service.submitEvent(engine.register(), 'order.paid', {})
    await engine.quiet()
    breakWith(error)
    const source = await openEventSource(`${url}/api/v1/deliveries/stream`, { 'last-event-id': '1' })
    await source.ended()
    expect(source.events).toEqual([{ type: 'end', id: null, data: { reason: 'unreadable' } }])
    expect(faults).toEqual(isFault ? [[error, 'stream']] : [])
  },
)

test('a stream that cannot be begun is cut off, and told as a fault', async () => {
  const error = new TypeError('undefined is no function')
  const { faults, onFault } = hearFaults()
  const stream = (): never => {
    throw error
  }
  const { url } = await startServerWith({ routes: [answering(() => ({ status: 200, stream }))], onFault })
  const source = await openEventSource(`${url}/api/v1/answer`)
  await source.ended()
  expect([source.text, faults]).toEqual(['', [[error, 'stream']]])
})
