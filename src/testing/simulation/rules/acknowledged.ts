import type { EventSubmitted } from '../../../log/transition.ts'
import type { History, LoggedRecord, SubmissionHistory } from '../history.ts'
import type { Finding } from '../history.ts'
import type { Rule } from './rule.ts'

/** Every event in the log was submitted as it stands there, and whatever a call returned was in the log by then. */
export const acknowledged: Rule = {
  name: 'what is acknowledged is logged, and nothing else',
  *check({ history }) {
    const submitted = history.records.filter(({ record }) => record.event.type === 'event.submitted')
    let next = 0
    for (const call of history.submissions) {
      const stored: LoggedRecord[] = []
      for (let entry = submitted[next]; entry !== undefined && entry.tick < call.endTick; entry = submitted[next]) {
        next += 1
        if (entry.tick < call.startTick) yield invented(entry)
        else stored.push(entry)
      }
      yield* checkCall(call, stored, history)
    }
    for (const entry of submitted.slice(next)) yield invented(entry)
  },
}

function* checkCall(call: SubmissionHistory, stored: readonly LoggedRecord[], history: History): Iterable<Finding> {
  const name = `${call.call} of ${call.payloadText.slice(0, 40)}`
  const receivers = new Set<string>()
  for (const { record } of stored) {
    const { seq, eventId, endpointId } = record
    const at = { seq, eventId }
    if (call.outcome === 'refused') yield { ...at, message: `${name} was refused, and ${eventId} was stored` }
    if (receivers.has(endpointId)) yield { ...at, message: `${name} made two events for ${endpointId}` }
    receivers.add(endpointId)
    const isReceiver = call.endpoints.some(({ id }) => id === endpointId)
    if (!isReceiver) yield { ...at, message: `${eventId} went to ${endpointId}, which ${name} was not for` }
    if (record.event.type === 'event.submitted' && !isAsSubmitted(record.event, call, eventId)) {
      yield { ...at, message: `${eventId} is not what ${name} submitted` }
    }
    if (call.outcome === 'acknowledged' && !call.eventIds.includes(eventId)) {
      yield { ...at, message: `${name} stored ${eventId} and did not return it` }
    }
  }
  if (call.outcome === 'acknowledged') {
    const reached = new Set(call.eventIds.map((eventId) => history.events.get(eventId)?.endpoint))
    for (const endpoint of call.enabled) {
      if (!reached.has(endpoint)) yield { message: `${name} made no event for ${endpoint.id}` }
    }
  }
  for (const eventId of call.outcome === 'acknowledged' ? call.eventIds : []) {
    const event = history.events.get(eventId)
    if (event === undefined || (event.records[0]?.tick ?? Infinity) > call.endTick) {
      yield { message: `${name} returned ${eventId}, which was not in the log`, eventId }
    }
  }
}

function isAsSubmitted(event: EventSubmitted, call: SubmissionHistory, eventId: string): boolean {
  const { eventType, payloadText, orderingKey, idempotencyKey } = call
  const keys = event.orderingKey === orderingKey && event.idempotencyKey === idempotencyKey
  if (event.eventType !== eventType || !keys) return false
  if (event.form === 'payload') return event.body === payloadText
  const head = `{"id":${JSON.stringify(eventId)},"event":${JSON.stringify(eventType)},"timestamp":"`
  return event.body.startsWith(head) && event.body.endsWith(`,"data":${payloadText}}`)
}

function invented({ record: { seq, eventId } }: LoggedRecord): Finding {
  return { message: `nobody submitted ${eventId}`, seq, eventId }
}
