import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { onTestFinished } from 'vitest'
import { createReceiver } from '../../../src/testing/receiver.ts'
import type { Receiver } from '../../../src/testing/receiver.ts'
import { startService } from './running-service.ts'
import type { RunningService } from './running-service.ts'

/** A folder for one test, a receiver, and the services that are started on that folder; all gone when the test is over. */
export interface ServiceWorld {
  readonly folder: string
  readonly receiver: Receiver
  readonly start: (args?: readonly string[], nodeArgs?: readonly string[]) => Promise<RunningService>
}

export async function createServiceWorld(
  folder = mkdtempSync(join(tmpdir(), 'hookline-service-')),
): Promise<ServiceWorld> {
  const receiver = await createReceiver()
  const running: RunningService[] = []
  onTestFinished(async () => {
    for (const service of running) {
      service.process.kill('SIGKILL')
      await service.ended
    }
    await receiver.close()
    rmSync(folder, { recursive: true, force: true })
  })
  return {
    folder,
    receiver,
    async start(args, nodeArgs) {
      const service = await startService(folder, args, nodeArgs)
      running.push(service)
      return service
    },
  }
}

/** Registers a webhook at the receiver. @returns its id */
export async function makeWebhook(service: RunningService, { url }: Receiver): Promise<string> {
  const { body } = await service.ask('POST', '/api/v1/webhooks', { url: `${url}/hooks` })
  return (body as { id: string }).id
}

/** @returns the id of an event that the service has acknowledged; null when it was refused */
export async function submit(service: RunningService, payload: unknown): Promise<string | null> {
  const { status, body } = await service.ask('POST', '/api/v1/events', { eventType: 'order.paid', payload })
  return status === 202 ? ((body as { events: { eventId: string }[] }).events[0]?.eventId ?? null) : null
}

/** Resolves when every one of these events has reached the receiver. */
export async function allArrived(receiver: Receiver, ids: readonly (string | null)[]): Promise<void> {
  await receiver.waitUntil(({ requests }) => {
    const arrived = new Set(requests.map(({ headers }) => headers['webhook-id']))
    return ids.every((id) => id === null || arrived.has(id))
  })
}
