import type { LogRecord } from '../../log/transition.ts'
import { OptionReader } from '../../options/option-reader.ts'
import { refuseOption, refuseUnshown } from '../../options/refuse-option.ts'
import { checkString } from '../../options/value-checks.ts'

/** What the Stately inspector is shown, and where it is. */
export interface StatelyOptions {
  /**
   * Whether to show an event, asked once with its first record (`event.submitted`), or an endpoint's health, asked with
   * one of its own records. What is left out is not converted. When it throws, the event is left out.
   *
   * @default everything is shown
   */
  readonly filter?: ((record: LogRecord) => boolean) | undefined
  /** The share of events to show, picked by their ids: the same ones on every run. @default 1. From 0 to 1. */
  readonly sample?: number | undefined
  /** How many events may begin to be shown in a second; more are left out. @default 20. Whole, 1 to 100_000. */
  readonly maxEventsPerSecond?: number | undefined
  /** The page that shows it, http or https. @default 'https://stately.ai/inspect' */
  readonly url?: string | undefined
}

/** Checked {@link StatelyOptions}. */
export interface StatelySettings {
  readonly filter: (record: LogRecord) => unknown
  readonly sample: number
  readonly maxEventsPerSecond: number
  readonly url: URL
}

const names = ['filter', 'sample', 'maxEventsPerSecond', 'url']
const hostedInspector = 'https://stately.ai/inspect'

/**
 * @param option where the caller gave them
 * @throws InvalidOptionError
 */
export function readStatelyOptions(value: unknown, option: string): StatelySettings {
  const reader = new OptionReader(value, option, names)
  return {
    filter: readFilter(reader),
    sample: reader.number('sample', 1, { min: 0, max: 1 }),
    maxEventsPerSecond: reader.wholeNumber('maxEventsPerSecond', 20, { min: 1, max: 100_000 }),
    url: readUrl(reader),
  }
}

/** How many times as fast as recorded a log is played; Infinity without pauses. @throws InvalidOptionError */
export function readSpeed(reader: OptionReader): number {
  if (reader.given('speed') === 'max') return Infinity
  return reader.number('speed', 10, { min: 0.01, max: 100_000 })
}

function readFilter(reader: OptionReader): StatelySettings['filter'] {
  const filter = reader.given('filter')
  if (filter === undefined) return () => true
  // What a function takes cannot be checked.
  if (typeof filter === 'function') return filter as StatelySettings['filter']
  return refuseOption(reader.path('filter'), 'must be a function', filter)
}

function readUrl(reader: OptionReader): URL {
  const option = reader.path('url')
  const text = checkString(reader.given('url') ?? hostedInspector, option, { min: 1, max: 2048 })
  const url = parse(text)
  const isPage = url !== null && (url.protocol === 'https:' || url.protocol === 'http:')
  if (isPage && url.username === '' && url.password === '') return url
  return refuseUnshown(option, 'must be an absolute http or https URL without credentials', text)
}

function parse(text: string): URL | null {
  try {
    return new URL(text)
  } catch {
    return null
  }
}
