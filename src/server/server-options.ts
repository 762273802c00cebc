import type { Clock } from '../clock/clock.ts'
import type { RandomBytes } from '../random/random-bytes.ts'
import type { FaultListener } from './faults.ts'
import type { KeyStore } from './keys/key-store.ts'
import type { Route } from './routes/route.ts'
import type { ServerLimits } from './server-limits.ts'
import type { ServerLog } from './server-log.ts'
import type { WatchOptions } from './watch/watch-options.ts'

/** All optional. */
export interface ServerOptions extends WatchOptions {
  /** Who may. Without a key in it everyone on this machine is admin, and the server listens to no other. @default an empty store in memory */
  readonly keys?: KeyStore | undefined
  /** A logger of pino, or one like it: a line for each request and each fault. @default nothing is written */
  readonly log?: ServerLog | undefined
  readonly limits?: Partial<ServerLimits> | undefined
  /** @default the system's */
  readonly clock?: Clock | undefined
  /** Where the secrets of new keys and webhooks come from. @default the system's */
  readonly randomBytes?: RandomBytes | undefined
  /**
   * Hears of errors that the server cannot judge, after the request was answered with 500. What it throws is thrown outside of
   * any request, and so ends the process unless that listens for `uncaughtException`. @default they are only logged
   */
  readonly onFault?: FaultListener | undefined
}

/** With a table of routes of the test's own. */
export interface TestServerOptions extends ServerOptions {
  readonly routes?: readonly Route[] | undefined
}
