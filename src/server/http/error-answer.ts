// The one form of every error, and which status each gets. Nothing of an error that is not hookline's own is ever shown:
// its message may hold anything.
import { HooklineError } from '../../errors/hookline-error.ts'
import type { ErrorCode } from '../../errors/hookline-error.ts'
import { InvalidOptionError, StorageError } from '../../errors/errors.ts'
import { ApiError } from './api-error.ts'
import type { FieldFault } from './api-error.ts'
import { inApiWords } from './api-words.ts'

export interface ErrorAnswer {
  readonly status: number
  readonly headers: Readonly<Record<string, string>>
  readonly body: {
    readonly error: {
      readonly code: string
      readonly message: string
      readonly fields?: readonly FieldFault[]
      readonly requestId: string
    }
  }
  /** Whether it is no one's mistake but the server's: an error it cannot judge. */
  readonly isFault: boolean
}

/** Those that are missing are faults: no request can bring them about while the server is sound. */
const statuses: Partial<Readonly<Record<ErrorCode, number>>> = {
  ENDPOINT_NOT_FOUND: 404,
  EVENT_NOT_FOUND: 404,
  ENDPOINT_DISABLED: 409,
  EVENT_NOT_SETTLED: 409,
  INVALID_URL: 400,
  INVALID_SECRET: 400,
  INVALID_PAYLOAD: 400,
  INVALID_OPTION: 400,
  PAYLOAD_TOO_LARGE: 413,
  CAPACITY_REACHED: 429,
  IDEMPOTENCY_CONFLICT: 409,
  SERVICE_CLOSED: 503,
  STORAGE_FAILED: 503,
  // What is damaged stays so: it must not end a process that serves all the rest.
  LOG_DIVERGED: 500,
  LOG_MALFORMED: 500,
}

/** Fastify's own, by their codes. */
const frameworkErrors: ReadonlyMap<unknown, ApiError> = new Map([
  ['FST_ERR_CTP_INVALID_MEDIA_TYPE', new ApiError(415, 'UNSUPPORTED_MEDIA_TYPE', 'a body must be application/json')],
  ['FST_ERR_BAD_URL', new ApiError(400, 'MALFORMED_URL', 'the path is not well-formed')],
  ['FST_ERR_MAX_PARAM_LENGTH', new ApiError(414, 'URL_TOO_LONG', 'a part of the path is too long')],
])

const fault = new ApiError(500, 'INTERNAL_ERROR', 'an internal error; the server has a record of it by the request id')

export function errorAnswer(error: unknown, requestId: string): ErrorAnswer {
  const known = toApiError(error)
  const { status, code, message, fields, headers } = known ?? fault
  return {
    status,
    headers,
    body: { error: { code, message, ...(fields && { fields }), requestId } },
    isFault: known === null,
  }
}

function toApiError(error: unknown): ApiError | null {
  if (error instanceof ApiError) return error
  if (error instanceof HooklineError) return ofCore(error)
  return error instanceof Error && 'code' in error ? ofFramework(error) : null
}

/** Null where Fastify does not say either that whoever sends the request is at fault. */
function ofFramework(error: Error & { readonly code?: unknown }): ApiError | null {
  const known = frameworkErrors.get(error.code)
  if (known !== undefined) return known
  const status: unknown = Reflect.get(error, 'statusCode')
  const isOfRequest = typeof status === 'number' && status >= 400 && status < 500
  if (!isOfRequest || !String(error.code).startsWith('FST_')) return null
  return new ApiError(status, 'MALFORMED_REQUEST', 'the request cannot be understood')
}

function ofCore(error: HooklineError): ApiError | null {
  const status = statuses[error.code]
  if (status === undefined) return null
  const fields = fieldsOf(error)
  const message = shownMessage(error, status)
  return new ApiError(status, error.code, message, {
    ...(fields && { fields }),
    headers: retryAfter(status, error),
  })
}

function shownMessage(error: HooklineError, status: number): string {
  if (error instanceof StorageError) return storageMessage(error)
  return status === 500
    ? 'the records that this needs are damaged: someone has to see to the service'
    : inApiWords(error.message)
}

/** Where the files of the service are, and what is wrong with its disk, is no one's business but its operator's: the log says it. */
function storageMessage({ recoverable }: StorageError): string {
  return recoverable
    ? 'what this needs cannot be written or read just now: send it again later'
    : 'what this needs cannot be written or read: someone has to see to the service'
}

/** The core names options as JavaScript does, `retry.maxAttempts`; the API names fields by JSON pointers. */
function fieldsOf(error: HooklineError): readonly FieldFault[] | null {
  const message = inApiWords(error.message)
  if (error instanceof InvalidOptionError) return [{ path: pointerOf(error.option), message }]
  if (error.code === 'INVALID_URL') return [{ path: '/url', message }]
  if (error.code === 'INVALID_SECRET') return [{ path: '/secret', message }]
  if (error.code === 'INVALID_PAYLOAD') return [{ path: '/payload', message }]
  return null
}

/** `eventTypes[2]` is `/eventTypes/2`, `headers["X-Old"]` is `/headers/X-Old`. */
function pointerOf(option: string): string {
  const steps = option.matchAll(/"((?:[^"\\]|\\.)*)"|[^.[\]"]+/g)
  const names = Array.from(steps, ([step, quoted]) => quoted ?? step)
  return names.map((name) => `/${name.replaceAll('~', '~0').replaceAll('/', '~1')}`).join('')
}

function retryAfter(status: number, error: HooklineError): Readonly<Record<string, string>> {
  if (status !== 429 && status !== 503) return {}
  return { 'retry-after': `${secondsToWait(error)}` }
}

/** A limit has room again with the next event that settles, a process is followed by the next one in about a second, a log looks for space every few. */
function secondsToWait(error: HooklineError): number {
  if (error.code === 'SERVICE_CLOSED') return 2
  if (!(error instanceof StorageError)) return 1
  // What does not pass by itself waits for a person.
  return error.recoverable ? 3 : 30
}
