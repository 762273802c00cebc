import type { DeliveryStatus } from '../../machines/delivery.ts'
import { OptionReader } from '../options/option-reader.ts'
import { checkIterable } from '../options/value-checks.ts'
import type { LogRecord } from '../log/transition.ts'
import { describeFolded } from './fold-endpoint.ts'
import type { ReplayedEndpoint } from './fold-endpoint.ts'
import { FoldedLog } from './folded-log.ts'
import type { FoldedEvent } from './folded-log.ts'

export type { ReplayedEndpoint } from './fold-endpoint.ts'

/** One event as a log tells of it. */
export interface ReplayedEvent {
  readonly eventId: string
  readonly endpointId: string
  readonly eventType: string
  readonly sequence: number
  readonly status: DeliveryStatus
  readonly attempts: number
  /** Attempts left of its budget. */
  readonly left: number
  readonly lastError: string | null
  readonly deliveredAt: string | null
  readonly retryAt: string | null
}

export interface ReplayedState {
  /** The last record that was folded; 0 when there was none. */
  readonly seq: number
  /** By event id, in the order of submission. */
  readonly events: ReadonlyMap<string, ReplayedEvent>
  /** By endpoint id: those that have records of their own. */
  readonly endpoints: ReadonlyMap<string, ReplayedEndpoint>
}

/**
 * Folds a log back to every event's exact state, and every endpoint's, checking each step. Nothing is sent and nothing is appended.
 *
 * @param options.untilSeq fold up to and with this record; by default all. Whole, from 0
 * @throws InvalidOptionError
 * @throws DivergenceError at the first record that does not follow from those before it
 */
export function replay(transitions: Iterable<LogRecord>, options?: { untilSeq?: number | undefined }): ReplayedState {
  checkIterable(transitions, 'transitions')
  const reader = new OptionReader(options, '', ['untilSeq'])
  const untilSeq = reader.wholeNumber('untilSeq', Infinity, { min: 0, max: Number.MAX_SAFE_INTEGER })
  const log = new FoldedLog()
  for (const transition of transitions) {
    if (transition.seq > untilSeq) break
    log.fold(transition)
  }
  return {
    seq: log.seq,
    events: new Map(Array.from(log.events, ([id, folded]) => [id, describe(folded)])),
    endpoints: new Map(Array.from(log.endpoints, ([id, folded]) => [id, describeFolded(id, folded)])),
  }
}

function describe({ eventId, endpointId, eventType, sequence, state }: FoldedEvent): ReplayedEvent {
  const { attempts, left, lastError, deliveredAt, retryAt } = state.context
  return {
    eventId,
    endpointId,
    eventType,
    sequence,
    status: state.value,
    attempts,
    left,
    lastError,
    deliveredAt,
    retryAt,
  }
}
