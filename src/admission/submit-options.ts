import { OptionReader } from '../options/option-reader.ts'
import { checkPrintableString } from '../options/value-checks.ts'

/** What can be said about one submission beyond its type and payload. */
export interface SubmitOptions {
  /**
   * Names the submission: a second one with the same key, type and payload to the same endpoint makes no new event but
   * answers with the first one's id. With another type or payload it is refused with `IdempotencyConflictError`.
   * 1 to 256 characters, no control characters.
   */
  idempotencyKey?: string | undefined
  /**
   * With the endpoint's `ordering: 'key'`, the line in which the event waits: events of one key keep their order, those
   * of different keys do not wait for each other. 1 to 256 characters, no control characters.
   */
  orderingKey?: string | undefined
}

/** Checked {@link SubmitOptions}; null is what was not given. */
export interface SubmitSettings {
  readonly idempotencyKey: string | null
  readonly orderingKey: string | null
}

const none: SubmitSettings = Object.freeze({ idempotencyKey: null, orderingKey: null })
export const submitOptionNames: readonly string[] = Object.keys(none)
const keyLength = { min: 1, max: 256 }

/** @throws InvalidOptionError */
export function resolveSubmitOptions(value: unknown): SubmitSettings {
  if (value === undefined) return none
  const reader = new OptionReader(value, '', submitOptionNames)
  return readSubmitSettings(reader)
}

/** The same where they stand among others. @throws InvalidOptionError */
export function readSubmitSettings(reader: OptionReader): SubmitSettings {
  return { idempotencyKey: readKey(reader, 'idempotencyKey'), orderingKey: readKey(reader, 'orderingKey') }
}

function readKey(reader: OptionReader, name: string): string | null {
  const key = reader.given(name)
  return key === undefined ? null : checkPrintableString(key, reader.path(name), keyLength)
}
