/** `hookline/sqlite`: the log in a SQLite file, for one machine. */
export { InvalidOptionError, MissingDependencyError, StorageError, type StorageFailure } from '../errors/errors.ts'
export { HooklineError, type ErrorCode } from '../errors/hookline-error.ts'
export type { LogHome } from '../log/log-home.ts'
export type { SecretKey } from '../sealing/secret-keys.ts'
export type { DriverName } from './driver/database.ts'
export { sqliteLog, type SqliteLog, type SqliteLogOptions } from './sqlite-log.ts'
