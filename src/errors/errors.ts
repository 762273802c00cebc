import { HooklineError } from './hookline-error.ts'

/** No endpoint has this id: it was never registered, or it was removed. */
export class EndpointNotFoundError extends HooklineError {
  override readonly name = 'EndpointNotFoundError'
  readonly code = 'ENDPOINT_NOT_FOUND'
}

/** No event has this id: it was never submitted, or retention has evicted it. */
export class EventNotFoundError extends HooklineError {
  override readonly name = 'EventNotFoundError'
  readonly code = 'EVENT_NOT_FOUND'
}

/** The endpoint is disabled, because it answered 410, and takes no new events until `resumeEndpoint`. */
export class EndpointDisabledError extends HooklineError {
  override readonly name = 'EndpointDisabledError'
  readonly code = 'ENDPOINT_DISABLED'
}

/** The endpoint's URL is not one hookline can post to. */
export class InvalidUrlError extends HooklineError {
  override readonly name = 'InvalidUrlError'
  readonly code = 'INVALID_URL'
}

/** The secret cannot sign. */
export class InvalidSecretError extends HooklineError {
  override readonly name = 'InvalidSecretError'
  readonly code = 'INVALID_SECRET'
}

/** The payload has no JSON form. */
export class InvalidPayloadError extends HooklineError {
  override readonly name = 'InvalidPayloadError'
  readonly code = 'INVALID_PAYLOAD'
}

/** An argument or option has a value outside what is valid. */
export class InvalidOptionError extends HooklineError {
  override readonly name = 'InvalidOptionError'
  readonly code = 'INVALID_OPTION'
  /** The option, as a path from the call's own argument: `retry.maxAttempts`. */
  readonly option: string
  /** What the caller passed. */
  readonly received: unknown

  constructor(message: string, option: string, received: unknown) {
    super(message)
    this.option = option
    this.received = received
  }
}

/** The payload's JSON is longer than `limits.payloadBytes`. */
export class PayloadTooLargeError extends HooklineError {
  override readonly name = 'PayloadTooLargeError'
  readonly code = 'PAYLOAD_TOO_LARGE'
  /** The most bytes that a payload's JSON may have. */
  readonly limitBytes: number

  constructor(message: string, limitBytes: number) {
    super(message)
    this.limitBytes = limitBytes
  }
}

/** A limit of the service is reached. Nothing was stored; submit again when some events have settled. */
export class CapacityError extends HooklineError {
  override readonly name = 'CapacityError'
  readonly code = 'CAPACITY_REACHED'
  /** The limit that was reached: `limits.pendingEvents`, for example. */
  readonly limit: string

  constructor(message: string, limit: string) {
    super(message)
    this.limit = limit
  }
}

/** The idempotency key was used before, for another event type or payload. */
export class IdempotencyConflictError extends HooklineError {
  override readonly name = 'IdempotencyConflictError'
  readonly code = 'IDEMPOTENCY_CONFLICT'
}

/** The event waits, is under way, or holds its line: only one that is done with can be removed. */
export class EventNotSettledError extends HooklineError {
  override readonly name = 'EventNotSettledError'
  readonly code = 'EVENT_NOT_SETTLED'
}

/** The service was shut down and takes nothing new. */
export class ServiceClosedError extends HooklineError {
  override readonly name = 'ServiceClosedError'
  readonly code = 'SERVICE_CLOSED'
}

/** A log's record does not follow from the records before it. */
export class DivergenceError extends HooklineError {
  override readonly name = 'DivergenceError'
  readonly code = 'LOG_DIVERGED'
  /** `seq` of the first record that does not follow. */
  readonly seq: number

  constructor(message: string, seq: number) {
    super(message)
    this.seq = seq
  }
}

/** A line of an exported log is not a record. */
export class LogFormatError extends HooklineError {
  override readonly name = 'LogFormatError'
  readonly code = 'LOG_MALFORMED'
  /** Counted from 1. */
  readonly line: number

  constructor(message: string, line: number, cause?: unknown) {
    super(message, cause === undefined ? undefined : { cause })
    this.line = line
  }
}

/** A sub-path needs a package that is not installed; the message names the command that installs it. */
export class MissingDependencyError extends HooklineError {
  override readonly name = 'MissingDependencyError'
  readonly code = 'MISSING_DEPENDENCY'
}

/**
 * The home of the log cannot be opened, read or written. Nothing that was acknowledged is lost; what the call asked for
 * was not done, unless the message says so.
 */
export class StorageError extends HooklineError {
  override readonly name = 'StorageError'
  readonly code = 'STORAGE_FAILED'
  /** What is wrong: one of a fixed list. */
  readonly reason: StorageFailure
  /** Whether the home may take records again by itself, once what is wrong has passed. */
  readonly recoverable: boolean

  constructor(message: string, reason: StorageFailure, recoverable: boolean, cause?: unknown) {
    super(message, cause === undefined ? undefined : { cause })
    this.reason = reason
    this.recoverable = recoverable
  }
}

export type StorageFailure =
  /** There is no space left where the file is. */
  | 'full'
  /** It cannot be written: its permissions, or its file system, do not allow it. */
  | 'readOnly'
  /** It cannot be opened: it does not exist, or its permissions do not allow it. */
  | 'notOpened'
  /** Another process has it open. */
  | 'inUse'
  /** It is no log of hookline, or of another version. */
  | 'unknownFormat'
  /** It was removed or replaced while it was open. */
  | 'replaced'
  /** What is in it is not what was written. */
  | 'damaged'
  /** What is in it was sealed with a key that was not given. */
  | 'wrongKey'
  /** The disk failed to read or write. */
  | 'ioError'
  /** It was closed. */
  | 'closed'
