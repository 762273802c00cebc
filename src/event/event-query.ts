import { parseTime } from '../clock/parse-time.ts'
import { parsePattern } from '../endpoint/event-type-pattern.ts'
import type { DeliveryStatus } from '../../machines/delivery.ts'
import { OptionReader } from '../options/option-reader.ts'
import { refuseOption } from '../options/refuse-option.ts'
import { checkList, checkOneOf, checkString } from '../options/value-checks.ts'

const statuses = ['pending', 'delivering', 'backoff', 'delivered', 'failed', 'deadLettered'] as const
const orders = ['newest', 'oldest'] as const
const names = [
  'endpointIds',
  'status',
  'eventTypes',
  'submittedAfter',
  'submittedBefore',
  'order',
  'limit',
  'cursor',
] as const

/** By submission: the last one first, or the first one first. */
export type ListingOrder = (typeof orders)[number]

/** Which events `listEvents` gives: those that all conditions given hold for. */
export interface EventQuery {
  /**
   * Only events of these endpoints, 0 to 100,000 ids; or of those for which the function returns true. Of endpoints that were
   * removed too. @default those of all
   */
  endpointIds?: readonly string[] | ((endpointId: string) => boolean) | undefined
  /** Only events in one of these states, 1 to 6. @default all */
  status?: readonly DeliveryStatus[] | undefined
  /** Only events of these types: event types, prefixes (`payment.*`) or `*`, 1 to 100. @default `['*']` */
  eventTypes?: readonly string[] | undefined
  /** Only events submitted at this time or later. ISO 8601; UTC where it names no zone. */
  submittedAfter?: string | undefined
  /** Only events submitted before this time, and not at it: one page of hours follows on another. ISO 8601 too. */
  submittedBefore?: string | undefined
  /** By submission: `'newest'` first, or `'oldest'`. @default 'newest' */
  order?: ListingOrder | undefined
  /** How many events a page may hold. @default 50. Whole, 1 to 500. */
  limit?: number | undefined
  /** The `nextCursor` of the page before, asked for in the same order. @default null: from the beginning */
  cursor?: string | null | undefined
}

/** A checked {@link EventQuery}. */
export interface EventConditions {
  readonly ofEndpoint: ((endpointId: string) => boolean) | null
  /** Null: any. */
  readonly statuses: ReadonlySet<DeliveryStatus> | null
  readonly eventTypes: readonly string[] | null
  /** Milliseconds since the Unix epoch: from the first on, up to the second. */
  readonly submittedFromMs: number
  readonly submittedUntilMs: number
  readonly order: ListingOrder
  readonly limit: number
  /** The `seq` by which the last event that was looked at was submitted; null at the beginning. */
  readonly afterSeq: number | null
}

/** @throws InvalidOptionError */
export function readEventQuery(value: unknown): EventConditions {
  const reader = new OptionReader(value, '', names)
  const order = reader.oneOf('order', 'newest', orders)
  return {
    ofEndpoint: given(reader, 'endpointIds', readEndpointIds) ?? null,
    statuses: given(reader, 'status', readStatuses) ?? null,
    eventTypes: given(reader, 'eventTypes', readEventTypes) ?? null,
    submittedFromMs: given(reader, 'submittedAfter', readTime) ?? -Infinity,
    submittedUntilMs: given(reader, 'submittedBefore', readTime) ?? Infinity,
    order,
    limit: reader.wholeNumber('limit', 50, { min: 1, max: 500 }),
    afterSeq: reader.given('cursor') === null ? null : (given(reader, 'cursor', readCursor(order)) ?? null),
  }
}

/** Where a page ends, as a text: what it says is nobody's business but that of {@link readEventQuery}. */
export function cursorOf(order: ListingOrder, seq: number): string {
  return `${order}-${seq}`
}

function given<T>(reader: OptionReader, name: string, read: (value: unknown, option: string) => T): T | undefined {
  const value = reader.given(name)
  return value === undefined ? undefined : read(value, reader.path(name))
}

function readEndpointIds(value: unknown, option: string): (endpointId: string) => boolean {
  if (isPredicate(value)) {
    // True and nothing else: a promise, say, must not open what is another's.
    return (endpointId) => value(endpointId) === true
  }
  const readId = (item: unknown, path: string): string => checkString(item, path, { min: 1, max: 128 })
  const ids = new Set(checkList(value, option, { min: 0, max: 100_000 }, readId))
  return (endpointId) => ids.has(endpointId)
}

function isPredicate(value: unknown): value is (endpointId: string) => unknown {
  return typeof value === 'function'
}

function readStatuses(value: unknown, option: string): ReadonlySet<DeliveryStatus> {
  const readStatus = (item: unknown, path: string): DeliveryStatus => checkOneOf(item, path, statuses)
  return new Set(checkList(value, option, { min: 1, max: statuses.length }, readStatus))
}

function readEventTypes(value: unknown, option: string): readonly string[] {
  return checkList(value, option, { min: 1, max: 100 }, parsePattern)
}

function readTime(value: unknown, option: string): number {
  const timeMs = typeof value === 'string' ? parseTime(value) : null
  return timeMs ?? refuseOption(option, 'must be an ISO 8601 time such as 2025-01-31T09:30:00Z', value)
}

function readCursor(order: ListingOrder): (value: unknown, option: string) => number {
  return (value, option) => {
    const [, named, digits] = (typeof value === 'string' ? /^(newest|oldest)-(\d{1,16})$/.exec(value) : null) ?? []
    const seq = Number(digits)
    if (named === order && Number.isSafeInteger(seq)) return seq
    return refuseOption(option, `must be null or the nextCursor of a page in the order '${order}'`, value)
  }
}
