// One service's life: made, used and ill-used for a time, healed, drained and shut down. All that is left of it after are
// the figures and files given back.
import { join } from 'node:path'
import { setTimeout as wait } from 'node:timers/promises'
import { createWebhookService } from '../../src/index.ts'
import type { EventStatus, LogRecord, WebhookService } from '../../src/index.ts'
import { createEgressPolicy } from '../../src/transport/egress/egress-policy.ts'
import { createUndiciTransport } from '../../src/transport/undici-transport.ts'
import { createCountingIds } from '../support/counting-ids.ts'
import { createCountingClock } from './counting-clock.ts'
import { Dice } from './dice.ts'
import { FaultyLookup } from './faulty-lookup.ts'
import type { EndpointFact } from './facts.ts'
import type { SoakFlags } from './flags.ts'
import { JsonlFile } from './jsonl-file.ts'
import { Operations } from './operations.ts'
import type { Receivers } from './receivers/receivers.ts'
import { Recorder } from './recorder.ts'
import { Residents } from './residents.ts'
import type { LiveState } from './rules/fold.ts'
import type { Gauge, HeapReading } from './rules/bounds.ts'
import type { Leftovers } from './rules/leftovers.ts'
import { partsOf } from './transport-parts.ts'
import { Watch, type WatchedLimits } from './watch.ts'

/** What a life leaves behind. Nothing in it holds the service. */
export interface Remains extends Omit<Leftovers, 'before' | 'after' | 'held' | 'mishaps'> {
  readonly endpoints: readonly EndpointFact[]
  readonly readSubmitted: () => Promise<string[]>
  readonly readRecords: () => Promise<LogRecord[]>
  readonly live: LiveState
  /** Whether everything settled in time once all was healed. */
  readonly drained: boolean
  readonly drainMs: number
  readonly gauges: Readonly<Record<string, Gauge>>
  readonly heap: readonly HeapReading[]
  readonly surprises: readonly string[]
  readonly operations: Readonly<Record<string, number>>
  readonly weak: Readonly<Record<string, WeakRef<object>>>
}

const limits: WatchedLimits = {
  // The least of which a share is kept for endpoints that answer soon.
  concurrency: 64,
  liveLanes: 120,
  pendingEvents: 3_000,
  settledEvents: 1_000,
  deadLetters: 200,
}
const egress = { privateNetworks: 'deny', allow: ['127.0.0.1'] } as const
const stepMs = 10
const longestDrainMs = 60_000

export async function live(
  flags: SoakFlags,
  receivers: Receivers,
  certificate: string,
  folder: string,
): Promise<Remains> {
  const { seed } = flags
  const clock = createCountingClock()
  const resolver = new FaultyLookup(new Dice(seed, 'lookup'))
  const transport = createUndiciTransport({
    egress: createEgressPolicy(egress, 'egress', {}),
    clock,
    certificateAuthorities: [certificate],
    lookup: resolver.lookup,
  })
  const service = createService(transport, clock)
  const recorder = new Recorder(service, join(folder, 'records.jsonl'))
  const submitted = new JsonlFile<string>(join(folder, 'submitted.jsonl'))
  const residents = new Residents(service, seed, new Dice(seed, 'residents'), receivers.ports)
  const operations = new Operations({
    service,
    dice: new Dice(seed, 'operations'),
    residents,
    recorder,
    submitted: (eventId) => submitted.push(eventId),
  })
  const watch = new Watch(service, transport, residents, limits)
  for (let count = 0; count < flags.endpoints; count++) residents.register()
  await use(operations, flags)
  resolver.heal()
  await receivers.heal()
  const healedAt = performance.now()
  const drained = await drain(service, residents)
  const drainMs = performance.now() - healedAt
  const liveState = readState(service)
  watch.stop()
  const { undelivered } = await service.shutdown({ timeoutMs: 5_000 })
  recorder.stop()
  const { liveLanes, inFlight } = service.stats()
  return {
    endpoints: residents.facts,
    readSubmitted: () => submitted.readAll(),
    readRecords: () => recorder.readAll(),
    live: liveState,
    drained,
    drainMs,
    gauges: watch.gauges,
    heap: watch.heap,
    surprises: operations.surprises,
    operations: operations.counts,
    transport: partsOf(transport),
    timers: clock.running,
    liveLanes,
    inFlight,
    undelivered: undelivered.length,
    weak: { service: new WeakRef(service), transport: new WeakRef(transport) },
  }
}

function createService(
  transport: ReturnType<typeof createUndiciTransport>,
  clock: ReturnType<typeof createCountingClock>,
): WebhookService {
  const { concurrency, liveLanes, pendingEvents, settledEvents, deadLetters } = limits
  return createWebhookService({
    transport,
    clock,
    egress,
    concurrency,
    ids: createCountingIds(),
    retry: { maxAttempts: 5, initialDelayMs: 50, maxDelayMs: 1500, retryableStatuses: [429] },
    limits: { liveLanes, pendingEvents, orderingKeys: 500 },
    retention: { settledEvents, deadLetters, ageMs: 60_000, endpointRecords: 20 },
  })
}

/** Submits at a steady pace, as far as the machine keeps up, and does something else now and then. */
async function use(operations: Operations, { seconds, rate }: SoakFlags): Promise<void> {
  const startedAt = performance.now()
  for (let submitted = 0; ;) {
    const elapsedMs = performance.now() - startedAt
    if (elapsedMs >= seconds * 1000) return
    for (const due = (elapsedMs / 1000) * rate; submitted < due; submitted += 1) {
      operations.submit()
      if (submitted % 4 === 0) operations.doSomething()
    }
    await wait(stepMs)
  }
}

/** Resumes everyone again and again: what was in flight as all was healed may yet halt a line or disable an endpoint. */
async function drain(service: WebhookService, residents: Residents): Promise<boolean> {
  let drained = false
  void service.drain().then(
    () => (drained = true),
    () => undefined,
  )
  for (const end = performance.now() + longestDrainMs; !drained && performance.now() < end;) {
    residents.resumeAll()
    await wait(100)
  }
  return drained
}

function readState(service: WebhookService): LiveState {
  const events: Record<string, EventStatus> = {}
  for (const { eventId } of service.log.entries()) events[eventId] ??= service.getEventStatus(eventId)
  const endpoints = Object.fromEntries(service.listEndpoints().map(({ id, state }) => [id, state] as const))
  return { events, endpoints }
}
