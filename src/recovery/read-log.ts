import { DivergenceError } from '../errors/errors.ts'
import type { SubmittedTransition } from '../event/event-record.ts'
import { mergedRecords } from '../log/merged-records.ts'
import type { ReadableLog } from '../log/merged-records.ts'
import { isEndpointTransition } from '../log/transition.ts'
import type { EndpointTransition, LogRecord } from '../log/transition.ts'
import { FoldedLog } from '../replay/folded-log.ts'

/** What a log held before the service. */
export interface ReadLog {
  readonly folded: FoldedLog
  /** The first record of each event, by its id. */
  readonly submissions: ReadonlyMap<string, SubmittedTransition>
  readonly endpointRecords: readonly EndpointTransition[]
  /** The first record that does not follow, by the event or the endpoint it is of. Those after it were not looked at. */
  readonly divergedEvents: ReadonlyMap<string, Divergence>
  readonly divergedEndpoints: ReadonlyMap<string, Divergence>
}

export interface Divergence {
  readonly endpointId: string
  readonly error: DivergenceError
}

/** Folds the whole log. A record that does not follow stops the fold of its own event or endpoint, and of nothing else. */
export function readLog(log: ReadableLog): ReadLog {
  const folded = new FoldedLog()
  const submissions = new Map<string, SubmittedTransition>()
  const endpointRecords: EndpointTransition[] = []
  const divergedEvents = new Map<string, Divergence>()
  const divergedEndpoints = new Map<string, Divergence>()
  for (const record of mergedRecords(log)) {
    const ofEndpoint = isEndpointTransition(record)
    if (ofEndpoint) endpointRecords.push(record)
    const id = ofEndpoint ? record.endpointId : record.eventId
    const diverged = ofEndpoint ? divergedEndpoints : divergedEvents
    if (diverged.has(id)) continue
    try {
      folded.fold(record)
      if (isSubmission(record)) submissions.set(id, whole(record))
    } catch (error) {
      if (!(error instanceof DivergenceError)) throw error
      diverged.set(id, { endpointId: record.endpointId, error })
    }
  }
  return { folded, submissions, endpointRecords, divergedEvents, divergedEndpoints }
}

/** A fold has no use for an event's body. Whoever is to send it has. @throws DivergenceError */
function whole(submission: SubmittedTransition): SubmittedTransition {
  const { seq, eventId, event } = submission
  if (typeof (event as { readonly body: unknown }).body === 'string') return submission
  throw new DivergenceError(`record ${seq} of event ${eventId} cannot be taken up: its event has no body`, seq)
}

function isSubmission(record: LogRecord): record is SubmittedTransition {
  return record.event.type === 'event.submitted'
}
