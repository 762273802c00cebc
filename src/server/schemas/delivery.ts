import { Type } from 'typebox'
import { closedObject } from './closed-object.ts'
import { nullable } from './nullable.ts'
import { pageOf, pageQuery } from './page.ts'
import { textChoice } from './text-choice.ts'
import { webhookId } from './webhook.ts'

export const deliveryStatus = textChoice(['pending', 'delivering', 'backoff', 'delivered', 'failed', 'deadLettered'])

const time = Type.String({ format: 'date-time' })
export const deliveryId = Type.String({ description: '`evt_…`' })

const placeMembers = {
  id: deliveryId,
  endpointId: webhookId,
  eventType: Type.String(),
  status: deliveryStatus,
  lastError: nullable(Type.String({ description: 'What went wrong last, also when a later attempt succeeded.' })),
  submittedAt: time,
  settledAt: nullable(Type.String({ format: 'date-time', description: 'Null unless it has settled.' })),
  deliveredAt: nullable(time),
  retryAt: nullable(Type.String({ format: 'date-time', description: 'When the next attempt is due.' })),
  sequence: Type.Integer({ description: 'Its place in its line, as `X-Event-Sequence` tells the receiver.' }),
  orderingKey: nullable(Type.String()),
}

/** A delivery in a list. */
const delivery = closedObject(
  {
    ...placeMembers,
    attempts: Type.Integer({ description: 'Requests started so far.' }),
  },
  { $id: 'Delivery' },
)

export const deliveryPage = pageOf(delivery, { $id: 'DeliveryPage' })

const failure = closedObject({
  reason: Type.String(),
  message: Type.String(),
  status: Type.Optional(Type.Integer()),
  reach: Type.String({ description: 'Whether the webhook may have received the request.' }),
})

const attempt = closedObject(
  {
    attempt: Type.Integer(),
    startedAt: time,
    endedAt: nullable(time),
    outcome: nullable(textChoice(['succeeded', 'failed', 'rejected', 'interrupted'])),
    status: nullable(Type.Integer({ description: "The answer's status." })),
    failure: nullable(failure),
    durationMs: nullable(Type.Number()),
    snippet: nullable(Type.String({ description: "The first bytes of the answer's body." })),
    retryAt: nullable(time),
  },
  { $id: 'Attempt' },
)

/** One delivery, whole. */
export const deliveryDetails = closedObject(
  {
    ...placeMembers,
    idempotencyKey: nullable(Type.String()),
    expiresAt: nullable(
      Type.String({
        format: 'date-time',
        description:
          'When it is old enough to be forgotten; sooner where more have settled than are kept. Null unless it has settled, and while it holds its line.',
      }),
    ),
    ahead: nullable(Type.Integer({ description: 'How many are before it in its line; null once it has settled.' })),
    attempts: Type.Array(attempt),
    payload: Type.Unknown({ description: 'Byte for byte as it was submitted.' }),
  },
  { $id: 'DeliveryDetails' },
)

/** One delivery that was put back in line. */
export const redeliveredDelivery = closedObject(
  { id: deliveryId, status: deliveryStatus },
  { $id: 'RedeliveredDelivery' },
)

export const explanation = closedObject(
  {
    id: deliveryId,
    endpointId: webhookId,
    status: deliveryStatus,
    attempts: Type.Integer(),
    lastError: nullable(Type.String()),
    reason: Type.String({ description: 'What it waits for, or why it waits no more.' }),
    behind: nullable(closedObject({ id: deliveryId, status: deliveryStatus })),
    ahead: nullable(Type.Integer()),
    until: nullable(Type.String({ format: 'date-time', description: 'When what it waits for ends by itself.' })),
    text: Type.String({ description: 'The same, for people.' }),
  },
  { $id: 'Explanation' },
)

/** By which events of all kinds are chosen. */
const eventFilter = {
  endpointId: Type.Optional(Type.String({ minLength: 1, maxLength: 128, description: "Only this webhook's." })),
  eventType: Type.Optional(
    Type.String({
      minLength: 1,
      maxLength: 130,
      description: 'Only of this type: a type, a prefix such as `payment.*`, or `*`.',
    }),
  ),
  submittedAfter: Type.Optional(
    Type.String({ maxLength: 64, description: 'Only those submitted then or later; ISO 8601.' }),
  ),
  submittedBefore: Type.Optional(Type.String({ maxLength: 64, description: 'Only those submitted before; ISO 8601.' })),
}

const order = Type.Optional(textChoice(['newest', 'oldest']))

export const deliveryListQuery = closedObject({
  ...pageQuery,
  ...eventFilter,
  status: Type.Optional(Type.Array(deliveryStatus, { minItems: 1, maxItems: 6, description: 'Only in these states.' })),
  order,
})

export const deadLetterListQuery = closedObject({ ...pageQuery, ...eventFilter, order })

export const deadLettersToRedeliver = closedObject(
  {
    ...eventFilter,
    all: Type.Optional(
      Type.Literal(true, { description: 'To mean all; a body without it has at least one condition.' }),
    ),
    limit: Type.Optional(
      Type.Integer({ minimum: 1, maximum: 10_000, default: 1000, description: 'How many at most, the oldest first.' }),
    ),
    cursor: Type.Optional(
      Type.String({ minLength: 1, maxLength: 512, description: 'The `nextCursor` of the call before.' }),
    ),
  },
  { $id: 'DeadLettersToRedeliver' },
)

export const redeliveredDeadLetters = closedObject(
  {
    redelivered: Type.Integer(),
    skipped: Type.Integer({ description: 'Those that were gone, or whose webhook was.' }),
    stoppedBy: nullable(
      closedObject(
        { code: Type.String(), message: Type.String() },
        { description: 'The limit that left no room for the rest; null when none did.' },
      ),
    ),
    nextCursor: nullable(Type.String({ description: 'To go on with; null when none is left.' })),
  },
  { $id: 'RedeliveredDeadLetters' },
)
