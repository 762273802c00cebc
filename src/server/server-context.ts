import type { Clock } from '../clock/clock.ts'
import type { RandomBytes } from '../random/random-bytes.ts'
import type { WebhookService } from '../webhook-service.ts'
import type { FaultListener } from './faults.ts'
import type { KeyStore } from './keys/key-store.ts'
import type { Tenancy } from './keys/tenancy.ts'
import type { ServerLimits } from './server-limits.ts'
import type { ServerLog } from './server-log.ts'
import type { Watch } from './watch/watch.ts'

/** What every route has at hand. */
export interface ServerContext {
  readonly service: WebhookService
  readonly keys: KeyStore
  readonly tenancy: Tenancy
  readonly clock: Clock
  readonly randomBytes: RandomBytes
  readonly log: ServerLog
  readonly limits: ServerLimits
  /** Aborted when the server begins to close: it is not ready any more, and streams end. */
  readonly closing: AbortSignal
  readonly watch: Watch
  /** Told of what no one can judge. */
  readonly onFault: FaultListener
}
