import { OptionReader } from './options/option-reader.ts'

/** What a service takes in. Beyond a limit a call is refused and changes nothing; nothing is ever dropped for room. */
export interface ServiceLimitOptions {
  /** Events not yet settled. Beyond: `CapacityError`. @default 100_000. Whole, 1 to 100_000_000. */
  pendingEvents?: number | undefined
  /** Bytes of the payloads of events not yet settled. Beyond: `CapacityError`. @default 256 MiB. Whole, 1 to 1 TiB. */
  pendingBytes?: number | undefined
  /** Bytes of one payload's JSON. Beyond: `PayloadTooLargeError`. @default 1 MiB. Whole, 1 to 256 MiB. */
  payloadBytes?: number | undefined
  /** Endpoints registered. Beyond: `CapacityError`. @default 100_000. Whole, 1 to 10_000_000. */
  endpoints?: number | undefined
  /**
   * Waiting events held in memory, with a log that keeps events on disk; more wait on disk alone. Beyond, a line still
   * holds its first two. @default 20_000. Whole, 1 to 100_000_000.
   */
  eventsInMemory?: number | undefined
  /** Lanes held as live actors at once; others wait their turn as records. @default 10_000. Whole, 1 to 1_000_000. */
  liveLanes?: number | undefined
  /**
   * Idle ordering keys whose last sequence number is remembered, over all endpoints, and endpoints that were removed.
   * Beyond, the tenth of them that was idle longest is forgotten, and starts again from 1.
   * @default 100_000. Whole, 1 to 10_000_000.
   */
  orderingKeys?: number | undefined
  /**
   * Connections kept open with nothing to send, over all endpoints, each for at most four seconds. Each is an open file.
   * Beyond, the one idle longest is closed.
   * @default 10_000. Whole, 0 to 1_000_000.
   */
  idleConnections?: number | undefined
}

/** Complete {@link ServiceLimitOptions}. */
export interface ServiceLimits {
  readonly pendingEvents: number
  readonly pendingBytes: number
  readonly payloadBytes: number
  readonly endpoints: number
  readonly eventsInMemory: number
  readonly liveLanes: number
  readonly orderingKeys: number
  readonly idleConnections: number
}

/** What is kept of settled events. Beyond a bound the oldest are forgotten first, each whole. */
export interface RetentionOptions {
  /** Delivered and failed events kept. @default 10_000, with a log that keeps events on disk 10_000_000. Whole, 0 to 100_000_000. */
  settledEvents?: number | undefined
  /** Dead letters kept. @default 10_000, with a log that keeps events on disk 10_000_000. Whole, 0 to 100_000_000. */
  deadLetters?: number | undefined
  /** How long delivered and failed events are kept. @default 604_800_000 (7 days). Whole, 1 to 315_360_000_000 (10 years). */
  ageMs?: number | undefined
  /** How long dead letters are kept; one that holds its line is kept until a person decides. @default 604_800_000 (7 days), with a log in memory `ageMs`. Whole, 1 to 315_360_000_000 (10 years). */
  deadLetterAgeMs?: number | undefined
  /**
   * Records kept of each endpoint's own steps, and as many of its breaker's. They are kept whatever their age, and go
   * when the endpoint is removed. @default 100. Whole, 1 to 100_000.
   */
  endpointRecords?: number | undefined
}

/** Complete {@link RetentionOptions}. */
export interface Retention {
  readonly settledEvents: number
  readonly deadLetters: number
  readonly ageMs: number
  readonly deadLetterAgeMs: number
  readonly endpointRecords: number
}

const mebibyte = 1_048_576
const limitNames = [
  'pendingEvents',
  'pendingBytes',
  'payloadBytes',
  'endpoints',
  'eventsInMemory',
  'liveLanes',
  'orderingKeys',
  'idleConnections',
]
const retentionNames = ['settledEvents', 'deadLetters', 'ageMs', 'deadLetterAgeMs', 'endpointRecords']

/** @throws InvalidOptionError */
export function resolveServiceLimits(value: unknown, option: string): ServiceLimits {
  const reader = new OptionReader(value, option, limitNames)
  return Object.freeze({
    pendingEvents: reader.wholeNumber('pendingEvents', 100_000, { min: 1, max: 100_000_000 }),
    pendingBytes: reader.wholeNumber('pendingBytes', 256 * mebibyte, { min: 1, max: mebibyte * mebibyte }),
    payloadBytes: reader.wholeNumber('payloadBytes', mebibyte, { min: 1, max: 256 * mebibyte }),
    endpoints: reader.wholeNumber('endpoints', 100_000, { min: 1, max: 10_000_000 }),
    eventsInMemory: reader.wholeNumber('eventsInMemory', 20_000, { min: 1, max: 100_000_000 }),
    liveLanes: reader.wholeNumber('liveLanes', 10_000, { min: 1, max: 1_000_000 }),
    orderingKeys: reader.wholeNumber('orderingKeys', 100_000, { min: 1, max: 10_000_000 }),
    idleConnections: reader.wholeNumber('idleConnections', 10_000, { min: 0, max: 1_000_000 }),
  })
}

const mostKept = { min: 0, max: 100_000_000 }
const weekMs = 604_800_000
const longestKept = { min: 1, max: 315_360_000_000 }

/**
 * @param onDisk whether the log keeps events on disk, and not in memory
 * @throws InvalidOptionError
 */
export function resolveRetention(value: unknown, option: string, onDisk: boolean): Retention {
  const reader = new OptionReader(value, option, retentionNames)
  const kept = onDisk ? 10_000_000 : 10_000
  const ageMs = reader.wholeNumber('ageMs', weekMs, longestKept)
  return Object.freeze({
    settledEvents: reader.wholeNumber('settledEvents', kept, mostKept),
    deadLetters: reader.wholeNumber('deadLetters', kept, mostKept),
    ageMs,
    deadLetterAgeMs: reader.wholeNumber('deadLetterAgeMs', onDisk ? weekMs : ageMs, longestKept),
    endpointRecords: reader.wholeNumber('endpointRecords', 100, { min: 1, max: 100_000 }),
  })
}
