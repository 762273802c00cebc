/** The rule that an error breaks which nobody documented. */
export const noFailures = 'hookline’s own code does not fail'

/** What was thrown, and where, on one line. */
export function describeError(error: unknown): string {
  if (!(error instanceof Error)) return String(error)
  const place = error.stack?.split('\n').find((line) => line.trim().startsWith('at '))
  return place === undefined ? String(error) : `${String(error)}, ${place.trim()}`
}
