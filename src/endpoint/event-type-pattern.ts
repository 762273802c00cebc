import { isEventType } from '../admission/event-type.ts'
import { refuseOption } from '../options/refuse-option.ts'

// A pattern is an event type (`payment.captured`), a prefix (`payment.*`) or `*`. It stays the text the user wrote, so
// that it can be shown and used as a key as it is.

/** The pattern that matches every event type. */
export const anyEventType = '*'

/** What follows the prefix of a prefix pattern. */
export const prefixEnding = '.*'

/**
 * Checks a pattern: an exact event type, `*` for all, or `prefix.*` for all that have one or more segments after the
 * prefix (`payment.*` matches `payment.captured` and `payment.card.captured`, but neither `payment` nor `payments.new`).
 *
 * @throws InvalidOptionError
 */
export function parsePattern(value: unknown, option: string): string {
  if (typeof value === 'string' && isPattern(value)) return value
  return refuseOption(
    option,
    "must be an event type such as 'payment.captured', a prefix such as 'payment.*', or '*'",
    value,
  )
}

/** Whether an event type falls under a pattern; both are taken to be valid. Linear in their length. */
export function matchesPattern(pattern: string, eventType: string): boolean {
  if (pattern === anyEventType) return true
  if (pattern.endsWith(prefixEnding)) return eventType.startsWith(pattern.slice(0, -1))
  return pattern === eventType
}

function isPattern(text: string): boolean {
  if (text === anyEventType) return true
  return isEventType(text.endsWith(prefixEnding) ? `${text.slice(0, -1)}x` : text)
}
