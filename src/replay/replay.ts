import { DivergenceError } from '../errors/errors.ts'
import type { DeliveryStatus } from '../../machines/delivery.ts'
import type { RestingDelivery } from '../../machines/sequencer.ts'
import { OptionReader } from '../options/option-reader.ts'
import { checkIterable } from '../options/value-checks.ts'
import { isEndpointTransition } from '../log/transition.ts'
import type { LogRecord, Transition } from '../log/transition.ts'
import { describeFolded, foldEndpoint, unfoldedEndpoint } from './fold-endpoint.ts'
import type { FoldedEndpoint, ReplayedEndpoint } from './fold-endpoint.ts'
import { foldTransition } from './fold.ts'

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

interface Folding {
  readonly first: Transition
  state: RestingDelivery
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
  const folding = new Map<string, Folding>()
  const endpoints = new Map<string, FoldedEndpoint>()
  let seq = 0
  for (const transition of transitions) {
    if (transition.seq > untilSeq) break
    if (transition.seq <= seq) {
      throw new DivergenceError(`record ${transition.seq} comes after record ${seq}`, transition.seq)
    }
    seq = transition.seq
    if (isEndpointTransition(transition)) {
      const { endpointId } = transition
      endpoints.set(endpointId, foldEndpoint(endpoints.get(endpointId) ?? unfoldedEndpoint, transition))
      continue
    }
    const known = folding.get(transition.eventId)
    const state = foldTransition(known?.state ?? null, transition)
    if (known === undefined) folding.set(transition.eventId, { first: transition, state })
    else known.state = state
  }
  return {
    seq,
    events: new Map(Array.from(folding, ([eventId, folded]) => [eventId, describe(folded)])),
    endpoints: new Map(Array.from(endpoints, ([id, folded]) => [id, describeFolded(id, folded)])),
  }
}

function describe({ first, state }: Folding): ReplayedEvent {
  const { event } = first
  // foldTransition has made sure of it; only the compiler does not know.
  if (event.type !== 'event.submitted') throw new DivergenceError('an event has no submission', first.seq)
  const { attempts, left, lastError, deliveredAt, retryAt } = state.context
  return {
    eventId: first.eventId,
    endpointId: first.endpointId,
    eventType: event.eventType,
    sequence: event.sequence,
    status: state.value,
    attempts,
    left,
    lastError,
    deliveredAt,
    retryAt,
  }
}
