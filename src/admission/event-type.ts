import { refuseOption } from '../options/refuse-option.ts'

const longest = 128
const segments = /^[A-Za-z0-9_-]+(?:\.[A-Za-z0-9_-]+)*$/

/** Whether a text is an event type: `payment.captured`. It goes into a header as it is, so the alphabet is narrow. */
export function isEventType(text: string): boolean {
  return text.length <= longest && segments.test(text)
}

/**
 * Checks an event type: 1 to 128 of `A-Z a-z 0-9 _ - .`, the dots between segments that are not empty.
 *
 * @throws InvalidOptionError
 */
export function checkEventType(value: unknown, option = 'eventType'): string {
  if (typeof value === 'string' && isEventType(value)) return value
  const rule = `must be 1 to ${longest} of A-Z a-z 0-9 _ - in segments joined by single dots, such as payment.captured`
  return refuseOption(option, rule, value)
}
