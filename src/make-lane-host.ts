// What lanes work with, put together once for a service.
import type { Scheduler } from './clock/scheduler.ts'
import type { Readings } from './event/readings.ts'
import { EndpointRecords } from './health/endpoint-records.ts'
import type { LaneHost, LaneObserver } from './lane/lane-host.ts'
import { LiveLanes } from './lane/live-lanes.ts'
import { Turns } from './lane/turns.ts'
import type { Windows } from './lane/windows.ts'
import { Journal } from './log/journal.ts'
import type { LogHome } from './log/log-home.ts'
import { policyFor } from './retry/retry-policies.ts'
import type { ServiceSettings } from './service-options.ts'
import { guardObserver } from './statechart/guarded-observer.ts'
import { createLaneActors } from './statechart/lane-actors.ts'
import { Outbox } from './statechart/outbox.ts'
import { createUndiciTransport } from './transport/undici-transport.ts'

export interface LaneHostParts {
  readonly settings: ServiceSettings
  readonly log: LogHome
  readonly scheduler: Scheduler
  readonly readings: Readings
  /** Null where memory holds all that waits. */
  readonly windows: Windows | null
  readonly observer: LaneObserver
  /** Hears what the inspection observer throws. */
  readonly inspectFailed: (error: unknown) => void
  /** Nothing is in flight, and nobody wants a turn. */
  readonly quiet: () => void
}

export function makeLaneHost(parts: LaneHostParts): LaneHost {
  const { settings, log, scheduler, readings, windows, observer } = parts
  const { clock, random, limits, egress, inspect } = settings
  const outbox = new Outbox()
  const journal = new Journal(log, outbox, readings, windows?.uncommitted)
  return {
    clock,
    random,
    scheduler,
    log,
    journal,
    actors: createLaneActors(outbox, inspect === null ? null : guardObserver(inspect, parts.inspectFailed)),
    transport: settings.transport ?? createUndiciTransport({ egress, clock, idleConnections: limits.idleConnections }),
    turns: new Turns(settings, clock, scheduler, parts.quiet),
    liveLanes: new LiveLanes(limits.liveLanes),
    endpointRecords: new EndpointRecords(journal, log, settings.retention.endpointRecords),
    observer,
    policyFor: ({ settings: own }, eventType) =>
      policyFor(eventType, own.retry, settings.retryPolicies, settings.retry),
    timeoutMsFor: ({ settings: own }) => own.timeoutMs ?? settings.timeoutMs,
    afterCommit: log.afterCommit?.bind(log) ?? null,
    windows,
  }
}
