const isoForm = /^\d{4}-\d{2}-\d{2}(T\d{2}:\d{2}(:\d{2}(\.\d+)?)?(Z|[+-]\d{2}:?\d{2})?)?$/

/**
 * A time as people write it, ISO 8601, in milliseconds since the Unix epoch; null when it is none. Without a zone it is UTC,
 * as the times in the log are; a day is its first millisecond.
 */
export function parseTime(text: string): number | null {
  if (!isoForm.test(text)) return null
  const zoned = /T.*(Z|[+-]\d{2}:?\d{2})$/.test(text) || !text.includes('T') ? text : `${text}Z`
  const timeMs = Date.parse(zoned)
  return Number.isNaN(timeMs) ? null : timeMs
}
