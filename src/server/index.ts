/** `hookline/server`: the HTTP API of a service. */
import type { WebhookService } from '../webhook-service.ts'
import { createServer as createAnyServer } from './create-server.ts'
import type { HooklineServer } from './create-server.ts'
import type { ServerOptions } from './server-options.ts'

/**
 * Serves the API of a service, its OpenAPI document and the page that shows it.
 *
 * @throws InvalidOptionError
 */
export const createServer: (service: WebhookService, options?: ServerOptions) => HooklineServer = createAnyServer

export type {
  CloseServerOptions,
  HooklineServer,
  InjectedAnswer,
  InjectedRequest,
  ListeningAt,
  ListenOptions,
} from './create-server.ts'
export { fileKeys } from './keys/file-keys.ts'
export type { FileKeysOptions } from './keys/file-keys.ts'
export { issueKey } from './keys/issue-key.ts'
export type { IssuedKey, KeyOptions, KeyPorts } from './keys/issue-key.ts'
export { memoryKeys } from './keys/memory-keys.ts'
export type { FaultListener, FaultPlace } from './faults.ts'
export type { KeyStore, StoredKey, StoredTenant } from './keys/key-store.ts'
export type { Role } from './keys/caller.ts'
export type { ServerLimits } from './server-limits.ts'
export type { ServerLog } from './server-log.ts'
export type { ServerOptions } from './server-options.ts'
export { HooklineError, type ErrorCode } from '../errors/hookline-error.ts'
export { CapacityError, InvalidOptionError, MissingDependencyError, StorageError } from '../errors/errors.ts'
