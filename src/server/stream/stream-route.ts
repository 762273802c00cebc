import { Type } from 'typebox'
import { parsePattern } from '../../endpoint/event-type-pattern.ts'
import { ApiError } from '../http/api-error.ts'
import { stillLetIn } from '../keys/still-let-in.ts'
import { defineRoute } from '../routes/route.ts'
import type { Answer } from '../routes/route.ts'
import { closedObject } from '../schemas/closed-object.ts'
import { deliveryStatus } from '../schemas/delivery.ts'

const query = closedObject({
  endpointId: Type.Optional(
    Type.String({ pattern: '^ep_[\\w-]{1,60}$', description: "Only this webhook's deliveries." }),
  ),
  eventType: Type.Optional(
    Type.String({
      maxLength: 130,
      description: 'Only of this type: a type, a prefix such as `payment.*`, or `*`.',
    }),
  ),
  status: Type.Optional(Object.assign({}, deliveryStatus, { description: 'Only steps that lead to this state.' })),
})

const headers = Type.Object({
  'last-event-id': Type.Optional(
    Type.String({
      pattern: '^[0-9]{1,15}$',
      description: 'The last step that the client was shown: it goes on after it.',
    }),
  ),
})

export const streamRoute = defineRoute({
  method: 'GET',
  path: '/api/v1/deliveries/stream',
  operationId: 'streamDeliveries',
  summary: 'Every step of every delivery, as it is recorded',
  description:
    'Server-sent events. `step` is one step of a delivery, its `id` the number of its record; `gap` says that steps `after` one number ' +
    'and `before` another (null: now) may be missing, not kept any more or too many (to the key of a tenant both are null); `end` says why the stream ends: `slow`, `age`, ' +
    '`key` (it lets in no more), `closing` or `unreadable`. A client that connects again with `Last-Event-ID`, as browsers do, misses nothing that is kept.',
  tag: 'deliveries',
  access: { roles: ['admin', 'reader'], scope: 'tenant' },
  request: { query, headers },
  responses: { 200: Type.String({ description: 'The steps, until one side ends it.' }) },
  mediaType: 'text/event-stream',
  handle({ query, headers, caller, context: { keys, watch } }): Answer {
    const { endpointId = null, eventType = null, status = null } = query
    if (eventType !== null) parsePattern(eventType, 'eventType')
    if (!watch.streams.hasRoom(caller.tenantId)) {
      const retry = { headers: { 'Retry-After': '10' } }
      throw new ApiError(
        503,
        'TOO_MANY_STREAMS',
        'too many live streams are open: close one, or try again later',
        retry,
      )
    }
    const lastSeen = headers['last-event-id']
    const lastSeq = lastSeen === undefined ? null : Number(lastSeen)
    const filter = { tenantId: caller.tenantId, endpointId, eventType, status }
    return {
      status: 200,
      headers: {
        'Content-Type': 'text/event-stream; charset=utf-8',
        'Cache-Control': 'no-store',
        'X-Accel-Buffering': 'no',
      },
      stream: (response) => watch.streams.open(response, { filter, lastSeq, isLetIn: () => stillLetIn(keys, caller) }),
    }
  },
})
