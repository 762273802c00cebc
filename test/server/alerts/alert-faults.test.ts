// A fault in what raises or makes alerts is told like any other: neither the service, to which alerts only listen, nor the
// loss of an alert may hide it.
import { expect, onTestFinished, test } from 'vitest'
import { resolveAlertOptions } from '../../../src/server/alerts/alert-options.ts'
import { Alerts } from '../../../src/server/alerts/alerts.ts'
import type { AlertPorts } from '../../../src/server/alerts/alerts.ts'
import type { FaultPlace } from '../../../src/server/faults.ts'
import { createReceiver } from '../../../src/testing/receiver.ts'
import { startEngine } from '../../support/start-engine.ts'

const fault = new TypeError('undefined is no function')

/** Alerts of an engine, and what can be broken in them. */
async function watched() {
  const engine = startEngine()
  const receiver = await createReceiver({ clock: engine.clock })
  onTestFinished(() => receiver.close())
  const broken = { making: null as Error | null, naming: null as Error | null }
  const told: [unknown, FaultPlace][] = []
  const swallowed: unknown[] = []
  engine.service.on('listenerFailed', ({ error }) => void swallowed.push(error))
  const service = new Proxy(engine.service, {
    get(target, name) {
      if (name === 'getEndpoint' && broken.naming !== null) throw broken.naming
      const value: unknown = Reflect.get(target, name)
      return typeof value === 'function' ? (value.bind(target) as unknown) : value
    },
  })
  const silent = (): void => undefined
  const ports: AlertPorts = {
    service,
    clock: engine.clock,
    log: { debug: silent, info: silent, warn: silent, error: silent },
    onFault: (error, place) => void told.push([error, place]),
  }
  const options = { url: receiver.url, secret: 'the secret of alerts', everyMs: 1000, lagMs: null }
  const settings = resolveAlertOptions(options, 'alerts')
  const alerts = new Alerts(ports, {
    ...settings,
    get form() {
      if (broken.making !== null) throw broken.making
      return settings.form
    },
  })
  onTestFinished(async () => {
    const stopped = alerts.stop()
    await engine.clock.advance(10_000)
    await stopped
  })
  /** One dead letter of a new endpoint. */
  const deadLetter = async (): Promise<void> => {
    engine.transport.respond(() => 503)
    engine.service.submitEvent(engine.register({ retry: { maxAttempts: 1 } }), 'order', {})
    await engine.quiet()
  }
  const received = async (): Promise<number> => {
    await engine.clock.advance(25)
    return receiver.received
  }
  return { alerts, broken, told, swallowed, deadLetter, received }
}

test.each(['making', 'naming'] as const)(
  'a fault in %s an alert is told, and the next alert goes out',
  async (what) => {
    const { alerts, broken, told, swallowed, deadLetter, received } = await watched()
    broken[what] = fault
    await deadLetter()
    expect(told).toEqual([[fault, { where: 'alerts', requestId: null }]])
    expect(swallowed).toEqual([])
    expect(alerts.counts.lost).toBe(what === 'making' ? 1 : 0)
    broken[what] = null
    await deadLetter()
    await expect.poll(received, { timeout: 5000 }).toBe(1)
    expect(told).toHaveLength(1)
  },
)
