// Every figure of the service that Prometheus reads, beside the two histograms: its name, its label and where it is read.
// A label takes only the values that stand here or, for event types, as many as are allowed.
import type { ServiceStats } from '../../service-stats.ts'
import { lagMsOf } from '../lag-ms.ts'
import type { DeliveryCounts } from './delivery-counts.ts'
import type { ConditionCounts } from './endpoint-conditions.ts'

/** Live streams open now, and ended since the start because their client read too slowly. */
export interface StreamCounts {
  readonly open: number
  readonly dropped: number
}

/** Alerts since the start: sent, summarised in a later one instead, not delivered in the end. */
export interface AlertCounts {
  readonly sent: number
  readonly withheld: number
  readonly lost: number
}

/** What there is to read at one scrape. */
export interface Reading {
  readonly nowMs: number
  readonly stats: ServiceStats
  readonly counts: DeliveryCounts
  readonly conditions: ConditionCounts
  readonly streams: StreamCounts
  readonly alerts: AlertCounts
}

type LabelledValues = Iterable<readonly [labelValue: string, value: number]>

export interface Figure {
  readonly name: string
  readonly help: string
  readonly type: 'counter' | 'gauge'
  /** Null where there is one value and no label. */
  readonly label: string | null
  /** Without a label, one value under any name; none where there is nothing to show. */
  readonly read: (reading: Reading) => LabelledValues
}

const logConditions = ['writable', 'held', 'stopped'] as const

export const figures: readonly Figure[] = [
  labelled('counter', 'webhook_events_total', 'event_type', 'Events submitted, one for each endpoint', ({ counts }) =>
    counts.events.entries('other'),
  ),
  labelled('counter', 'webhook_deliveries_total', 'status', 'Events settled, by the state they settled in', (reading) =>
    Object.entries(reading.counts.settled),
  ),
  labelled('counter', 'webhook_attempts_total', 'outcome', 'Attempts ended, by what came of them', ({ counts }) =>
    Object.entries(counts.attempts),
  ),
  single(
    'counter',
    'webhook_redeliveries_total',
    'Settled events put back in line',
    ({ counts }) => counts.redeliveries,
  ),
  single('gauge', 'webhook_queue_size', 'Events not settled', ({ stats }) => openEvents(stats)),
  single('gauge', 'webhook_pending_bytes', 'Bytes of the bodies of events not settled', (reading) => {
    return reading.stats.pendingBytes
  }),
  labelled('gauge', 'webhook_events_kept', 'state', 'Events kept, by state', ({ stats }) =>
    Object.entries(stats.events),
  ),
  single(
    'gauge',
    'webhook_lag_seconds',
    'How long the event that has waited longest has waited; 0 when none waits',
    ({ nowMs, stats }) => {
      return lagMsOf(stats.oldestPendingAt, nowMs) / 1000
    },
  ),
  single('gauge', 'webhook_in_flight', 'Requests in flight', ({ stats }) => stats.inFlight),
  single('gauge', 'webhook_slow_in_flight', 'Requests in flight to endpoints that answer slowly', (reading) => {
    return reading.stats.slowInFlight
  }),
  single(
    'gauge',
    'webhook_waiting_endpoints',
    'Endpoints with something to send that wait for their turn',
    (reading) => {
      return reading.stats.waitingEndpoints
    },
  ),
  single('gauge', 'webhook_endpoints_total', 'Endpoints registered', ({ stats }) => stats.endpoints),
  labelled('gauge', 'webhook_endpoints_held', 'state', 'Endpoints to which nothing is sent, by why', (reading) =>
    Object.entries(reading.conditions.endpoints),
  ),
  labelled('gauge', 'webhook_breakers', 'state', 'Breakers that are not closed, by state', ({ conditions }) =>
    Object.entries(conditions.breakers),
  ),
  single('gauge', 'webhook_log_durable', '1 when the log survives the process, else 0', ({ stats }) =>
    stats.durable ? 1 : 0,
  ),
  labelled('gauge', 'webhook_log_condition', 'condition', '1 for the condition the log is in', ({ stats }) =>
    logConditions.map((condition) => [condition, stats.log.condition === condition ? 1 : 0]),
  ),
  single('gauge', 'webhook_log_file_bytes', 'Size of the file of the log', ({ stats }) => stats.log.fileBytes),
  single('gauge', 'webhook_log_wal_bytes', 'Size of what is committed and not moved into that file', ({ stats }) => {
    return stats.log.walBytes
  }),
  single('gauge', 'webhook_streams', 'Live streams open', ({ streams }) => streams.open),
  single(
    'counter',
    'webhook_streams_dropped_total',
    'Live streams ended because their client was too slow',
    (reading) => {
      return reading.streams.dropped
    },
  ),
  labelled('counter', 'webhook_alerts_total', 'outcome', 'Alerts, by what came of them', ({ alerts }) =>
    Object.entries(alerts),
  ),
]

function single(type: Figure['type'], name: string, help: string, value: (reading: Reading) => number | null): Figure {
  const read = (reading: Reading): LabelledValues => {
    const read = value(reading)
    return read === null ? [] : [['', read]]
  }
  return { name, help: `${help}.`, type, label: null, read }
}

function labelled(
  type: Figure['type'],
  name: string,
  label: string,
  help: string,
  read: (reading: Reading) => LabelledValues,
): Figure {
  return { name, help: `${help}.`, type, label, read }
}

function openEvents({ events }: ServiceStats): number {
  return events.pending + events.delivering + events.backoff
}
