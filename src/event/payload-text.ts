import type { EventSubmitted } from '../log/transition.ts'

const dataMark = ',"data":'

/** An event's body: the payload's JSON, or the payload in its envelope. */
export function bodyOf(
  form: EventSubmitted['form'],
  eventId: string,
  eventType: string,
  at: string,
  payloadText: string,
): string {
  if (form === 'payload') return payloadText
  return `{"id":"${eventId}","event":"${eventType}","timestamp":"${at}"${dataMark}${payloadText}}`
}

/** The payload's JSON inside an event's body. */
export function payloadTextOf({ form, body }: EventSubmitted): string {
  // None of the values before `data` can hold the mark: ids, event types and times have no quotes.
  return form === 'payload' ? body : body.slice(body.indexOf(dataMark) + dataMark.length, -1)
}
