// A service on what a disk shows after a loss of power: what it comes back with, and what it makes of it.
import { createWebhookService, isEndpointTransition, type LogRecord, type WebhookService } from '../../../src/index.ts'
import type { DriverName } from '../../../src/sqlite/driver/database.ts'
import { createSqliteLog } from '../../../src/sqlite/sqlite-log.ts'
import { createVirtualClock, type VirtualClock } from '../../../src/testing/virtual-clock.ts'
import { createScriptedTransport } from '../../support/scripted-transport.ts'

export interface Restart {
  /** Versions of their settings, by endpoint. */
  readonly versions: ReadonlyMap<string, number>
  /** What its log holds in the end. */
  readonly records: readonly LogRecord[]
  /** Whether it settled everything. */
  readonly drained: boolean
}

const stepMs = 250
const mostSteps = 400

/** Opens the file `path`, which nobody has open, lets everything be delivered to endpoints that always answer 200, and ends. */
export async function restart(path: string, driver: DriverName): Promise<Restart> {
  const clock = createVirtualClock({ startAt: Date.now() })
  const log = createSqliteLog(path, { driver }, { clock })
  try {
    const service = createWebhookService({ log, clock, transport: createScriptedTransport() })
    const endpoints = service.listEndpoints()
    const versions = new Map(endpoints.map(({ id, description }) => [id, Number(description?.replace('version ', ''))]))
    const drained = await drain(service, clock)
    const records: LogRecord[] = [...log.entries(), ...log.endpointEntries()]
    const ended = service.shutdown({ timeoutMs: 0 })
    await clock.advance(0)
    await ended
    return { versions, records: records.sort((one, other) => one.seq - other.seq), drained }
  } finally {
    await log.close().catch(() => undefined)
  }
}

async function drain(service: WebhookService, clock: VirtualClock): Promise<boolean> {
  let drained = false
  service.drain().then(
    () => (drained = true),
    () => undefined, // it was shut down first
  )
  for (let step = 0; step < mostSteps && !drained; step++) {
    // What was in flight may yet halt a line.
    for (const { id } of service.listEndpoints()) service.resumeEndpoint(id)
    await service.flush()
    await clock.advance(stepMs)
  }
  return drained
}

/** Requests that were in flight, as the records of a file say. */
export function openAttempts(records: readonly LogRecord[]): { readonly eventId: string; readonly attempt: number }[] {
  const open = new Map<string, number>()
  for (const record of records) {
    if (isEndpointTransition(record)) continue
    if (record.to === 'delivering') open.set(record.eventId, record.attempts)
    else open.delete(record.eventId)
  }
  return Array.from(open, ([eventId, attempt]) => ({ eventId, attempt }))
}
