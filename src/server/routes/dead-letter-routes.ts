// Dead letters: deliveries whose attempts ran out. Listed, read, put back in line, deleted.
import type { EventDetails } from '../../event/event-details.ts'
import { EventNotFoundError } from '../../errors/errors.ts'
import { nameId } from '../../errors/describe-value.ts'
import { closedObject } from '../schemas/closed-object.ts'
import {
  deadLetterListQuery,
  deadLettersToRedeliver,
  deliveryDetails,
  deliveryId,
  deliveryPage,
  redeliveredDelivery,
  redeliveredDeadLetters,
} from '../schemas/delivery.ts'
import { nothing } from '../schemas/nothing.ts'
import { refusal } from '../schemas/refusal.ts'
import { badField } from './bad-request.ts'
import { deliveryText } from './delivery-text.ts'
import { listEvents } from './event-list.ts'
import { redeliver } from './redeliver.ts'
import { redeliverDeadLetters } from './redeliver-dead-letters.ts'
import { defineRoute } from './route.ts'
import type { Call } from './route.ts'

const tag = 'dead letters'
const reading = { roles: ['admin', 'reader'], scope: 'tenant' } as const
const writing = { roles: ['admin'], scope: 'tenant' } as const
const params = closedObject({ id: deliveryId })

const listDeadLettersRoute = defineRoute({
  method: 'GET',
  path: '/api/v1/dlq',
  operationId: 'listDeadLetters',
  summary: 'Dead letters, page by page, the newest submission first unless asked otherwise',
  tag,
  access: reading,
  request: { query: deadLetterListQuery },
  responses: { 200: deliveryPage },
  handle: (call) => ({ status: 200, body: listEvents({ ...call.query, status: ['deadLettered'] }, call, 'query') }),
})

const getDeadLetterRoute = defineRoute({
  method: 'GET',
  path: '/api/v1/dlq/:id',
  operationId: 'getDeadLetter',
  summary: 'One dead letter: its payload and every attempt',
  tag,
  access: reading,
  request: { params },
  responses: { 200: deliveryDetails },
  handle: (call) => ({
    status: 200,
    text: deliveryText(call.context.service, deadLetterOf(call, call.params.id)),
  }),
})

const redeliverDeadLetterRoute = defineRoute({
  method: 'POST',
  path: '/api/v1/dlq/:id/redeliver',
  operationId: 'redeliverDeadLetter',
  summary: 'Put a dead letter back in line, with its id and a fresh budget of attempts',
  tag,
  access: writing,
  request: { params },
  responses: { 202: redeliveredDelivery },
  handle(call) {
    const { eventId } = deadLetterOf(call, call.params.id)
    return redeliver(call, eventId)
  },
})

const redeliverDeadLettersRoute = defineRoute({
  method: 'POST',
  path: '/api/v1/dlq/redeliver',
  operationId: 'redeliverDeadLetters',
  summary: 'Put many dead letters back in line, the oldest first: those a filter takes, or all',
  description: 'Call it again with `nextCursor` until that is null.',
  tag,
  access: writing,
  request: { body: deadLettersToRedeliver },
  responses: { 200: redeliveredDeadLetters },
  async handle(call) {
    const { all, ...query } = call.body
    const { endpointId, eventType, submittedAfter, submittedBefore } = query
    const isNarrow = [endpointId, eventType, submittedAfter, submittedBefore].some((given) => given !== undefined)
    if (all === undefined && !isNarrow) throw badField('/all', 'must be true where no condition is given')
    if (all !== undefined && isNarrow) throw badField('/all', 'must be left out where a condition is given')
    return { status: 200, body: await redeliverDeadLetters(query, call) }
  },
})

const deleteDeadLetterRoute = defineRoute({
  method: 'DELETE',
  path: '/api/v1/dlq/:id',
  operationId: 'deleteDeadLetter',
  summary: 'Delete a dead letter for good',
  description: 'One that holds its line is not deleted: resume its webhook, or redeliver it.',
  tag,
  access: writing,
  request: { params },
  responses: { 204: nothing('It is gone.'), 409: refusal('It holds its line.') },
  async handle(call) {
    const { id } = call.params
    const { service } = call.context
    deadLetterOf(call, id)
    service.removeEvent(id)
    call.touched.add(id)
    await service.flush()
    return { status: 204 }
  },
})

export const deadLetterRoutes = [
  listDeadLettersRoute,
  getDeadLetterRoute,
  redeliverDeadLetterRoute,
  redeliverDeadLettersRoute,
  deleteDeadLetterRoute,
]

/** @throws EventNotFoundError also for a delivery that is no dead letter */
function deadLetterOf({ caller, context }: Pick<Call, 'caller' | 'context'>, id: string): EventDetails {
  const event = context.tenancy.event(caller, id)
  if (event.status === 'deadLettered') return event
  throw new EventNotFoundError(`no dead letter has the id ${nameId(id)}: the delivery is ${event.status}`)
}
