import type { Clock } from '../clock/clock.ts'
import type { Authenticator } from './keys/authenticator.ts'
import type { Route } from './routes/route.ts'
import type { ServerLimits } from './server-limits.ts'
import type { ServerLog } from './server-log.ts'
import type { WatchOptions } from './watch/watch-options.ts'

export interface ServerOptions extends WatchOptions {
  /** @default none: everyone on this machine is admin, and the server listens to no other */
  readonly authenticator?: Authenticator | undefined
  /** What is written of requests and faults. @default nothing */
  readonly log?: ServerLog | undefined
  readonly limits?: Partial<ServerLimits> | undefined
  /** @default the system's */
  readonly clock?: Clock | undefined
}

/** Options of tests: a table of routes of their own. */
export interface TableOptions extends ServerOptions {
  readonly routes?: readonly Route[] | undefined
}
