// What has become of events: listed, read, explained, redelivered.
import { closedObject } from '../schemas/closed-object.ts'
import {
  deliveryDetails,
  deliveryId,
  deliveryListQuery,
  deliveryPage,
  explanation,
  redeliveredDelivery,
} from '../schemas/delivery.ts'
import { deliveryText } from './delivery-text.ts'
import { listEvents } from './event-list.ts'
import { redeliver } from './redeliver.ts'
import { defineRoute } from './route.ts'

const tag = 'deliveries'
const reading = { roles: ['admin', 'reader'], scope: 'tenant' } as const
const params = closedObject({ id: deliveryId })

const listDeliveriesRoute = defineRoute({
  method: 'GET',
  path: '/api/v1/deliveries',
  operationId: 'listDeliveries',
  summary: 'Deliveries, page by page, the newest first unless asked otherwise',
  description: 'A page may hold fewer than `limit`, or none, and `nextCursor` goes on all the same.',
  tag,
  access: reading,
  request: { query: deliveryListQuery },
  responses: { 200: deliveryPage },
  handle: (call) => ({ status: 200, body: listEvents(call.query, call, 'query') }),
})

const getDeliveryRoute = defineRoute({
  method: 'GET',
  path: '/api/v1/deliveries/:id',
  operationId: 'getDelivery',
  summary: 'One delivery: its payload, its place in line, every attempt',
  tag,
  access: reading,
  request: { params },
  responses: { 200: deliveryDetails },
  handle: ({ params: { id }, caller, context: { service, tenancy } }) => ({
    status: 200,
    text: deliveryText(service, tenancy.event(caller, id)),
  }),
})

const explainDeliveryRoute = defineRoute({
  method: 'GET',
  path: '/api/v1/deliveries/:id/explain',
  operationId: 'explainDelivery',
  summary: 'Why a delivery is where it is',
  tag,
  access: reading,
  request: { params },
  responses: { 200: explanation },
  handle({ params, caller, context: { service, tenancy } }) {
    tenancy.event(caller, params.id)
    const { eventId: id, behind, ...rest } = service.explain(params.id)
    return { status: 200, body: { id, ...rest, behind: behind && { id: behind.eventId, status: behind.status } } }
  },
})

const redeliverDeliveryRoute = defineRoute({
  method: 'POST',
  path: '/api/v1/deliveries/:id/redeliver',
  operationId: 'redeliverDelivery',
  summary: 'Put a settled delivery back in line, with its id and a fresh budget of attempts',
  description: 'One in backoff is tried at once; one that waits or is in flight is left alone.',
  tag,
  access: { roles: ['admin'], scope: 'tenant' },
  request: { params },
  responses: { 202: redeliveredDelivery },
  handle(call) {
    const { id } = call.params
    call.context.tenancy.event(call.caller, id)
    return redeliver(call, id)
  },
})

export const deliveryRoutes = [listDeliveriesRoute, getDeliveryRoute, explainDeliveryRoute, redeliverDeliveryRoute]
