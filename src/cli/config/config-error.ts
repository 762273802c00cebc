import { CallError } from '../call-error.ts'
import { printableText } from '../printable-text.ts'

/** The configuration cannot be used. The message has all that is wrong with it, a problem a line. */
export function configError(problems: readonly string[]): CallError {
  const count = problems.length === 1 ? 'a problem' : `${problems.length} problems`
  return new CallError([`the configuration has ${count}:`, ...problems.map(printableText)].join('\n  '))
}
