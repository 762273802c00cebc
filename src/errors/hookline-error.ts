/** Every code an error of hookline can carry. Match on `code`: it is the contract, the message is for people. */
export const errorCodes = [
  'ENDPOINT_NOT_FOUND',
  'EVENT_NOT_FOUND',
  'ENDPOINT_DISABLED',
  'INVALID_URL',
  'INVALID_SECRET',
  'INVALID_PAYLOAD',
  'INVALID_OPTION',
  'PAYLOAD_TOO_LARGE',
  'CAPACITY_REACHED',
  'IDEMPOTENCY_CONFLICT',
  'EVENT_NOT_SETTLED',
  'SERVICE_CLOSED',
  'LOG_DIVERGED',
  'LOG_MALFORMED',
  'MISSING_DEPENDENCY',
  'STORAGE_FAILED',
] as const

export type ErrorCode = (typeof errorCodes)[number]

/**
 * The root of everything hookline throws. It is thrown at once, for a call that cannot be carried out as made, and
 * such a call has changed nothing. A delivery that fails is never thrown: it is a value in the log.
 */
export abstract class HooklineError extends Error {
  abstract readonly code: ErrorCode
}
