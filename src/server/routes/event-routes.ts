// Taking events in. All of a request is checked first; what was accepted is told only when it is durable.
import { Type } from 'typebox'
import {
  acceptedBatch,
  acceptedEvents,
  eventSubmissions,
  partlyAcceptedBatch,
  submissionHeaders,
} from '../schemas/event.ts'
import { refusal } from '../schemas/refusal.ts'
import { readEvents } from './read-events.ts'
import { defineRoute } from './route.ts'
import type { Answer, Call } from './route.ts'
import { namePayloads, submitEach, submitToAll } from './submit-events.ts'
import type { AcceptedEvent, RefusedEvent } from './submit-events.ts'

const submitEventsRoute = defineRoute({
  method: 'POST',
  path: '/api/v1/events',
  operationId: 'submitEvents',
  summary: 'Submit one event, or an array of them',
  description:
    'An event without `endpointId` goes to every webhook that is subscribed to its type: to all of them, or, when the answer is an error, to none. ' +
    'It may reach as many as the server’s `fanOut` says: 10,000 unless set. ' +
    'An array is checked whole, and nothing of it is taken when any of it is not valid; what a disabled webhook, an idempotency key or a limit refuses is then left out, and the answer is 207, with `Retry-After` when it was a limit. ' +
    'The answer comes when the events are as durable as the service makes them.',
  tag: 'events',
  access: { roles: ['admin', 'publisher'], scope: 'tenant' },
  request: { headers: submissionHeaders, body: eventSubmissions },
  takesPayloads: true,
  responses: {
    202: Type.Union([acceptedEvents, acceptedBatch]),
    207: partlyAcceptedBatch,
    404: refusal('There is no such webhook, or the key may not see it.'),
    409: refusal('The webhook is disabled, or the idempotency key names another submission.'),
  },
  async handle(call) {
    const { body, bodyText, headers, caller, touched, context } = call
    const isBatch = Array.isArray(body)
    const events = readEvents({ body, bodyText, idempotencyKey: headers['idempotency-key'], caller, context })
    let results
    try {
      results = isBatch
        ? submitEach(context.service, events)
        : events.map((event) => submitToAll(context.service, caller, event))
    } catch (error) {
      throw namePayloads(error, events, isBatch)
    }
    for (const event of results.flat()) if (!('error' in event)) touched.add(event.eventId)
    await context.service.flush()
    results.forEach((result, index) => tellOf(call, result, events[index]?.eventType ?? ''))
    return isBatch ? batchAnswer(results) : { status: 202, body: { events: results[0] } }
  },
})

export const eventRoutes = [submitEventsRoute]

function batchAnswer(results: readonly (readonly (AcceptedEvent | RefusedEvent)[])[]): Answer {
  const refused = results.flat().filter((event) => 'error' in event)
  const hasNoRoom = refused.some(({ error }) => error.status === 429)
  return {
    status: refused.length === 0 ? 202 : 207,
    body: { results: results.map((events) => ({ events })) },
    ...(hasNoRoom && { headers: { 'retry-after': '1' } }),
  }
}

/** From here on the event's id is what its lines in the log have in common. */
function tellOf(
  { context, requestId }: Pick<Call, 'context' | 'requestId'>,
  results: readonly (AcceptedEvent | RefusedEvent)[],
  eventType: string,
): void {
  for (const result of results) {
    if ('error' in result) continue
    const { eventId: correlationId, endpointId } = result
    context.log.debug({ correlationId, requestId, endpointId, eventType }, 'event submitted')
  }
}
