import { expect, onTestFinished, test } from 'vitest'
import type { EndpointOptions } from '../../src/endpoint/endpoint-options.ts'
import { windowSizes } from '../../src/lane/window-sizes.ts'
import { createEngine } from '../support/start-engine.ts'
import type { Engine } from '../support/start-engine.ts'
import { createStoredLog, emptyDisk } from '../support/stored-log.ts'
import type { Disk } from '../support/stored-log.ts'

/** Another process on what an earlier one left. */
function restart(disk: Disk, options: EndpointOptions = {}): Engine & { readonly endpointId: string } {
  const log = createStoredLog(disk, setImmediate)
  const engine = createEngine({ log, retry: { maxAttempts: 1 } }, undefined, windowSizes)
  onTestFinished(async () => {
    await engine.stop()
  })
  return { ...engine, endpointId: engine.register({ id: 'ep_1', ...options }) }
}

async function end({ service, quiet }: Engine, log: { die(): void }): Promise<void> {
  await service.flush()
  await quiet()
  log.die()
}

test('drain resolves when the last event that waits is found damaged and left out', async () => {
  const disk = emptyDisk()
  const log = createStoredLog(disk, setImmediate)
  const former = createEngine({ log })
  former.transport.respond(() => 'held')
  const eventId = former.service.submitEvent(former.register({ id: 'ep_1' }), 'order.paid', {})
  await end(former, log)

  disk.damaged.add(eventId)
  const { service, quiet } = createEngine({ log: createStoredLog(disk, setImmediate) })
  const leftOut: string[] = []
  service.on('quarantined', (event) => leftOut.push(event.eventId))
  const drained = service.drain()
  service.registerEndpoint('https://merchant.example', 'a shared secret', { id: 'ep_1' })
  await quiet()
  await drained
  expect(leftOut).toEqual([eventId])
  expect(service.stats()).toMatchObject({ pendingBytes: 0, events: { pending: 0 } })
})

test('a damaged dead letter that held its line is not taken off what waits', async () => {
  const disk = emptyDisk()
  const log = createStoredLog(disk, setImmediate)
  const former = createEngine({ log, retry: { maxAttempts: 1 } })
  former.transport.respond(() => 500)
  const endpointId = former.register({ id: 'ep_1', whenExhausted: 'halt' })
  const first = former.service.submitEvent(endpointId, 'order.paid', {})
  const second = former.service.submitEvent(endpointId, 'order.paid', {})
  await end(former, log)

  disk.damaged.add(first)
  const { service, quiet } = restart(disk, { whenExhausted: 'halt' })
  const drained = service.drain()
  await quiet()
  await drained
  expect(service.getEventStatus(second).status).toBe('delivered')
  expect(service.stats()).toMatchObject({ pendingBytes: 0, events: { pending: 0, delivered: 1, deadLettered: 1 } })
})
