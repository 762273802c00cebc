import type { Clock } from '../../clock/clock.ts'
import type { LogHome } from '../../log/log-home.ts'

/** Where a simulated service keeps its log: a file, or a database, that outlives every process. */
export interface LogPlace {
  /** A home there, for a process that starts. It does nothing by itself but through its ports. */
  open(ports: LogPlacePorts): LogHome
  /** The process of the home that is open dies: what is not durable by now is lost, and that home must do nothing more. */
  crash(): void
  /** The run is over. */
  dispose(): void
}

export interface LogPlacePorts {
  /** Calls back soon, once, and not within the call: when what was appended is to be made durable. */
  readonly schedule: (commit: () => void) => void
  readonly clock: Clock
  /** Whether there is no space left just now, so that nothing more can be made durable. */
  readonly isFull: () => boolean
}
