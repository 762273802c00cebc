import { Type } from 'typebox'
import { closedObject } from './closed-object.ts'
import { webhookId } from './webhook.ts'

/** Events that one request may carry. */
const mostEventsInBatch = 1000

const key = { minLength: 1, maxLength: 256 }

const eventSubmission = closedObject(
  {
    eventType: Type.String({
      minLength: 1,
      maxLength: 128,
      pattern: '^[A-Za-z0-9_-]+(\\.[A-Za-z0-9_-]+)*$',
      description: '`payment.captured`',
    }),
    payload: Type.Unknown({ description: 'Any JSON. It is delivered byte for byte as it stands here.' }),
    endpointId: Type.Optional(
      Type.String({
        minLength: 1,
        maxLength: 128,
        description: 'The webhook that gets it. Without one, all that are subscribed to the type.',
      }),
    ),
    idempotencyKey: Type.Optional(
      Type.String({ ...key, description: 'Goes before what the header `Idempotency-Key` says.' }),
    ),
    orderingKey: Type.Optional(
      Type.String({ ...key, description: "The line in which it waits, with the webhook's ordering `key`." }),
    ),
  },
  { $id: 'EventSubmission' },
)

export const eventSubmissions = Type.Union([
  eventSubmission,
  Type.Array(eventSubmission, { minItems: 1, maxItems: mostEventsInBatch }),
])

export const submissionHeaders = Type.Object({
  'idempotency-key': Type.Optional(
    Type.String({
      minLength: 1,
      maxLength: 200,
      pattern: '^[!-~]+$',
      description:
        'Names the submission: sent again with the same key, type and payload it makes no new event and gets the same ids. For an array each event has a key of its own, made of this one and its place.',
    }),
  ),
})

const acceptedEvent = closedObject(
  { endpointId: webhookId, eventId: Type.String({ description: '`evt_…`' }) },
  { $id: 'AcceptedEvent' },
)

const refusedEvent = closedObject(
  {
    endpointId: webhookId,
    error: closedObject({
      status: Type.Integer({ description: 'What the event would have been answered with alone.' }),
      code: Type.String(),
      message: Type.String(),
    }),
  },
  { $id: 'RefusedEvent' },
)

export const acceptedEvents = closedObject(
  { events: Type.Array(acceptedEvent, { description: 'One for each webhook.' }) },
  { $id: 'AcceptedEvents' },
)

const inOrder = { description: 'One for each event of the array, in its order.' }

export const acceptedBatch = closedObject({ results: Type.Array(acceptedEvents, inOrder) }, { $id: 'AcceptedBatch' })

export const partlyAcceptedBatch = closedObject(
  {
    results: Type.Array(closedObject({ events: Type.Array(Type.Union([acceptedEvent, refusedEvent])) }), inOrder),
  },
  { $id: 'PartlyAcceptedBatch' },
)
