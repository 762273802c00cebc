// What a service holds of its events in memory, which depends on the home of its log: all that is kept; or, where the home
// finds events by itself, what waits next and what is not durable yet.
import type { Capacity } from './admission/capacity.ts'
import type { Scheduler } from './clock/scheduler.ts'
import type { Drains } from './event/drains.ts'
import { EventStore } from './event/event-store.ts'
import type { Readings } from './event/readings.ts'
import { RetentionKeeper } from './event/retention-keeper.ts'
import type { SettledEvents } from './event/retention-keeper.ts'
import { StoredRetention } from './event/stored-retention.ts'
import type { LaneHost } from './lane/lane-host.ts'
import type { LaneWindowSizes } from './lane/window-sizes.ts'
import type { Removals } from './lane/removals.ts'
import { Windows } from './lane/windows.ts'
import type { LogHome } from './log/log-home.ts'
import type { LaneReactions } from './notices/lane-notices.ts'
import type { ServiceEvents } from './notices/notices.ts'
import { Recovery } from './recovery/recovery.ts'
import type { Comeback } from './recovery/recovery.ts'
import { StoredRecovery } from './recovery/stored-recovery.ts'
import type { ServiceSettings } from './service-options.ts'

export interface HeldEvents {
  readonly store: EventStore
  /** Null where memory holds all that waits. */
  readonly windows: Windows | null
  readonly retention: SettledEvents
  readonly recover: (host: LaneHost, removals: Removals) => Comeback
}

export interface HoldingPorts {
  readonly settings: ServiceSettings
  readonly log: LogHome
  readonly scheduler: Scheduler
  readonly readings: Readings
  readonly capacity: Capacity
  readonly sizes: LaneWindowSizes
  /** An event whose records are damaged is left out. */
  readonly leftOut: (notice: ServiceEvents['quarantined']) => void
  /** More has become durable. */
  committed(): void
}

export function holdEvents(ports: HoldingPorts): HeldEvents {
  const { log, settings, readings, scheduler } = ports
  const { storedEvents: stored } = log
  if (stored !== undefined) return holdWindows({ ...ports, stored })
  const store = new EventStore()
  const retention = new RetentionKeeper(settings.retention, store, log, readings, settings.clock, scheduler)
  return {
    store,
    windows: null,
    retention,
    recover: (host, removals) => new Recovery({ ...host, ...ports, store, retention, removals }),
  }
}

function holdWindows(ports: HoldingPorts & { readonly stored: NonNullable<LogHome['storedEvents']> }): HeldEvents {
  const { stored, settings, log, sizes } = ports
  const store = new EventStore(stored)
  const afterCommit = log.afterCommit?.bind(log) ?? soon
  const windows = new Windows(
    { ...ports, store, afterCommit, clock: settings.clock },
    { ...sizes, events: settings.limits.eventsInMemory },
  )
  return {
    store,
    windows,
    retention: new StoredRetention(settings.retention, { ...ports, store, afterCommit, clock: settings.clock }),
    recover: (host, removals) => new StoredRecovery(stored, windows, { ...host, ...ports, removals }),
  }
}

/** For a home to which everything is durable at once. */
const soon: NonNullable<LogHome['afterCommit']> = (act) => {
  queueMicrotask(() => {
    act(null)
  })
}

/** What the service itself does when an event settles, or holds its line no more. */
export function reactions(capacity: Capacity, retention: SettledEvents, drains: Drains): LaneReactions {
  return {
    settled(record, holdsLine) {
      capacity.giveBack(record.endpointId, record.bodyBytes)
      if (holdsLine) retention.pin(record)
      else retention.keep(record)
      drains.settled()
    },
    released: (record) => retention.unpin(record),
  }
}
