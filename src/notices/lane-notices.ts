import { isoTime } from '../clock/iso-time.ts'
import type { EventRecord } from '../event/event-record.ts'
import type { LaneObserver } from '../lane/lane-host.ts'
import type { EventNotice, Notices, SettledNotice } from './notices.ts'

/** What the service itself does when lanes report, before anyone is told. */
export interface LaneReactions {
  settled(record: EventRecord, holdsLine: boolean): void
  released(record: EventRecord): void
}

/** Turns what goes on in the lanes into service events. */
export function tellOf(notices: Notices, reactions: LaneReactions): LaneObserver {
  return {
    attemptFailed(record, failure) {
      if (!notices.wanted('attemptFailed')) return
      const { value: status, context } = record.state
      notices.tell('attemptFailed', {
        ...naming(record),
        attempt: context.attempts,
        failure,
        status,
        retryAt: context.retryAt,
      })
    },
    settled(record, holdsLine) {
      reactions.settled(record, holdsLine)
      if (notices.wanted('settled')) notices.tell('settled', settledNotice(record))
      if (record.resting.value === 'deadLettered' && notices.wanted('deadLettered')) {
        notices.tell('deadLettered', settledNotice(record))
      }
    },
    halted(record) {
      notices.tell('laneHalted', { ...naming(record), orderingKey: record.submitted.event.orderingKey })
    },
    released(record) {
      reactions.released(record)
    },
    endpointDisabled(endpoint, reason, failingSince) {
      notices.tell('endpointDisabled', { endpointId: endpoint.id, reason, failingSince })
    },
    endpointFailing(endpoint, failingSince, disableAt) {
      notices.tell('endpointFailing', { endpointId: endpoint.id, failingSince, disableAt })
    },
    endpointStepRefused(endpoint, error) {
      notices.tell('endpointAppendFailed', { endpointId: endpoint.id, error })
    },
    breakerChanged(endpoint, state, reopensAt) {
      notices.tell('breakerChanged', { endpointId: endpoint.id, state, reopensAt })
    },
    rateLimited(endpoint, limit, untilMs) {
      if (!notices.wanted('rateLimited')) return
      notices.tell('rateLimited', { endpointId: endpoint.id, limit, until: isoTime(untilMs) })
    },
    appendFailed(record, error) {
      notices.tell('appendFailed', { ...naming(record), error })
    },
    quarantined(record, error) {
      notices.tell('quarantined', { ...naming(record), error })
    },
  }
}

function naming(record: EventRecord): EventNotice {
  return { eventId: record.id, endpointId: record.endpointId, eventType: record.submitted.event.eventType }
}

/** Made from what is at rest: an event that has settled has no actor. */
function settledNotice(record: EventRecord): SettledNotice {
  const { value, context } = record.resting
  // Told of every event there is, so it is built in one piece.
  return {
    eventId: record.id,
    endpointId: record.endpointId,
    eventType: record.submitted.event.eventType,
    // Told of settled events only.
    status: value as SettledNotice['status'],
    attempts: context.attempts,
    lastError: context.lastError,
    submittedAt: record.submitted.at,
    deliveredAt: context.deliveredAt,
  }
}
