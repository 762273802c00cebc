// What the records of one event say of it, for either source.
import type { Transition } from '../../log/transition.ts'
import { foldEvent } from '../../replay/fold.ts'
import { contentText, cutText, viewRecord } from './record-view.ts'
import type { DeliveryView } from './view-source.ts'

export type DeliveryFacts = Pick<
  DeliveryView,
  'lastError' | 'deliveredAt' | 'retryAt' | 'left' | 'records' | 'omittedRecords' | 'payload'
>

/** How many records of one event are shown. An event that is redelivered for ever has very many. */
const shownRecords = 400

/** @param payloads whether payloads and answers are shown */
export function factsOf(transitions: readonly Transition[], payloads: boolean): DeliveryFacts {
  const context = foldEvent(transitions)?.context
  const omittedRecords = Math.max(0, transitions.length - shownRecords)
  const shown =
    omittedRecords === 0 ? transitions : [...transitions.slice(0, 1), ...transitions.slice(1 - shownRecords)]
  const submitted = transitions[0]?.event
  const body = submitted?.type === 'event.submitted' ? contentText(submitted.body) : ''
  return {
    lastError: context?.lastError ?? null,
    deliveredAt: context?.deliveredAt ?? null,
    retryAt: context?.retryAt ?? null,
    left: context?.left ?? 0,
    records: shown.map((record) => viewRecord(record, payloads)),
    omittedRecords,
    payload: { bytes: Buffer.byteLength(body), text: payloads ? cutText(body) : null },
  }
}
