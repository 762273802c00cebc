/** How many causes of an error the log follows. */
const mostCauses = 5

/**
 * What the log shows of an error: what it says of itself and where it was thrown. What else has been attached to it is left
 * out, since that may be a URL, a header or a body.
 */
export function shownError(error: unknown, causes = mostCauses): unknown {
  if (!(error instanceof Error)) return String(error)
  const { message, stack, cause } = error
  const code = 'code' in error && typeof error.code === 'string' ? { code: error.code } : {}
  const reason = 'reason' in error && typeof error.reason === 'string' ? { reason: error.reason } : {}
  const shownCause = cause === undefined || causes === 0 ? {} : { cause: shownError(cause, causes - 1) }
  return { type: error.name, message, ...code, ...reason, stack, ...shownCause }
}
