import type { AttemptPorts } from '../attempt/attempt-runner.ts'
import type { Failure } from '../attempt/failure.ts'
import type { Endpoint } from '../endpoint/endpoint.ts'
import type { EventRecord } from '../event/event-record.ts'
import type { HealthObserver, HealthPorts } from '../health/endpoint-health.ts'
import type { Journal } from '../log/journal.ts'
import type { LogHome } from '../log/log-home.ts'
import type { LaneActors } from '../statechart/lane-actors.ts'
import type { LiveLanes } from './live-lanes.ts'
import type { Turns } from './turns.ts'
import type { Windows } from './windows.ts'

/** What went on in a lane that others want to know. Told after it is in the log. */
export interface LaneObserver extends HealthObserver {
  attemptFailed(record: EventRecord, failure: Failure): void
  /** `holdsLine`: a dead letter that its line stops at. */
  settled(record: EventRecord, holdsLine: boolean): void
  halted(record: EventRecord): void
  /** It holds its line no more; the line went on without it. */
  released(record: EventRecord): void
  /** A rate limit, its own or the service's, holds the endpoint's next attempt. Told once for that attempt. */
  rateLimited(endpoint: Endpoint, limit: 'endpoint' | 'service', untilMs: number): void
  /** The log refused a record; the step was taken back and will be tried again. */
  appendFailed(record: EventRecord, error: unknown): void
  /** hookline's own code failed on this event, and only this event is stopped. */
  quarantined(record: EventRecord, error: unknown): void
}

/** The parts of a service that its lanes work with. */
export interface LaneHost extends AttemptPorts, HealthPorts {
  readonly log: Pick<LogHome, 'entries' | 'condition'>
  readonly journal: Journal
  readonly actors: LaneActors
  readonly turns: Turns
  readonly liveLanes: LiveLanes
  readonly observer: LaneObserver
  /** Null where memory holds all that waits. */
  readonly windows: Windows | null
}
