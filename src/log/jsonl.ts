import { LogFormatError } from '../errors/errors.ts'
import { checkIterable, checkPort } from '../options/value-checks.ts'
import { mergedRecords } from './merged-records.ts'
import type { ReadableLog } from './merged-records.ts'
import type { LogRecord } from './transition.ts'

/**
 * One JSON text a record, those of events and of endpoints in the order of their `seq`, without line ends: `for (const line of exportJsonl(log)) stream.write(line + '\n')`.
 *
 * @throws InvalidOptionError
 */
export function exportJsonl(log: ReadableLog): Iterable<string> {
  return writeLines(checkPort<ReadableLog>(log, 'log', ['entries']))
}

function* writeLines(log: ReadableLog): Iterable<string> {
  for (const record of mergedRecords(log)) yield JSON.stringify(record)
}

/**
 * Reads what {@link exportJsonl} wrote. Blank lines are skipped. It checks that each line is a record; whether the
 * records follow from one another is for `replay`.
 *
 * @param lines the lines of a file, such as `text.split('\n')`; not the text itself
 * @throws InvalidOptionError at once
 * @throws LogFormatError when read, naming the first line that is not a record
 */
export function importJsonl(lines: Iterable<string>): Iterable<LogRecord> {
  checkIterable(lines, 'lines')
  return readLines(lines)
}

function* readLines(lines: Iterable<string>): Iterable<LogRecord> {
  let lineNumber = 0
  for (const line of lines) {
    lineNumber += 1
    if (line.trim() === '') continue
    yield parseRecord(line, lineNumber)
  }
}

const fields = Object.entries({
  seq: (value: unknown) => Number.isSafeInteger(value),
  at: isString,
  endpointId: isString,
  eventId: isString,
  event: (value: unknown) => typeof value === 'object' && value !== null && 'type' in value && isString(value.type),
  from: (value: unknown) => value === null || isString(value),
  to: isString,
  attempts: (value: unknown) => Number.isSafeInteger(value),
  machine: isString,
} satisfies Record<keyof LogRecord, (value: unknown) => boolean>)

/**
 * The record that one line holds.
 *
 * @throws LogFormatError
 */
export function parseRecord(line: string, lineNumber: number): LogRecord {
  let value: unknown
  try {
    value = JSON.parse(line)
  } catch (error) {
    throw new LogFormatError(`line ${lineNumber} of the log is not JSON; it is cut short or damaged`, lineNumber, error)
  }
  if (typeof value !== 'object' || value === null) {
    throw new LogFormatError(`line ${lineNumber} of the log is JSON but not a record`, lineNumber)
  }
  for (const [field, isValid] of fields) {
    if (!isValid((value as Record<string, unknown>)[field])) {
      throw new LogFormatError(
        `line ${lineNumber} of the log is not a record: its "${field}" is missing or wrong`,
        lineNumber,
      )
    }
  }
  // Every field was checked just above; what an event carries beside its type is checked by the fold.
  return value as LogRecord
}

function isString(value: unknown): boolean {
  return typeof value === 'string'
}
