// What is kept of webhooks: made, listed, read, changed, deleted.
import type { EndpointPatch } from '../../webhook-service.ts'
import type { EndpointOptions } from '../../endpoint/endpoint-options.ts'
import type { Caller } from '../keys/caller.ts'
import { closedObject } from '../schemas/closed-object.ts'
import { nothing } from '../schemas/nothing.ts'
import {
  createdWebhook,
  webhook,
  webhookChange,
  webhookCreation,
  webhookId,
  webhookListQuery,
  webhookPage,
} from '../schemas/webhook.ts'
import { badField } from './bad-request.ts'
import { generateSecret } from './generate-secret.ts'
import { answerPage } from './id-list.ts'
import { defineRoute } from './route.ts'
import { webhookIdsOf } from './webhook-ids.ts'

const tag = 'webhooks'
const reading = { roles: ['admin', 'reader'], scope: 'tenant' } as const
const writing = { roles: ['admin'], scope: 'tenant' } as const
const params = closedObject({ id: webhookId })

const createWebhookRoute = defineRoute({
  method: 'POST',
  path: '/api/v1/webhooks',
  operationId: 'createWebhook',
  summary: 'Register where to post',
  description: 'The secret is shown in this answer and never again.',
  tag,
  access: writing,
  request: { body: webhookCreation },
  responses: { 201: createdWebhook },
  answerHeaders: { 201: { Location: 'The path of the webhook.' } },
  async handle({ body, caller, context }) {
    const { url, secret = generateSecret(context.randomBytes), ...options } = body
    const tenantId = tenantOf(caller, body.tenantId)
    const id = context.service.registerEndpoint(url, secret, { ...(options as EndpointOptions), tenantId })
    await context.service.flush()
    return {
      status: 201,
      body: { ...context.service.getEndpoint(id), secret },
      headers: { location: `/api/v1/webhooks/${id}` },
    }
  },
})

const listWebhooksRoute = defineRoute({
  method: 'GET',
  path: '/api/v1/webhooks',
  operationId: 'listWebhooks',
  summary: 'Webhooks, page by page, in the order of their ids',
  tag,
  access: reading,
  request: { query: webhookListQuery },
  responses: { 200: webhookPage },
  handle({ query: { tenantId, ...query }, caller, context: { service } }) {
    const isOther = tenantId !== undefined && caller.tenantId !== null && caller.tenantId !== tenantId
    const ids = isOther ? [] : webhookIdsOf(service, { ...caller, tenantId: tenantId ?? caller.tenantId })
    return answerPage('webhooks', ids, query, (id) => service.getEndpoint(id))
  },
})

const getWebhookRoute = defineRoute({
  method: 'GET',
  path: '/api/v1/webhooks/:id',
  operationId: 'getWebhook',
  summary: 'One webhook',
  tag,
  access: reading,
  request: { params },
  responses: { 200: webhook },
  handle: ({ params: { id }, caller, context }) => ({ status: 200, body: context.tenancy.endpoint(caller, id) }),
})

const changeWebhookRoute = defineRoute({
  method: 'PATCH',
  path: '/api/v1/webhooks/:id',
  operationId: 'changeWebhook',
  summary: 'Change a webhook; attempts that start later follow it',
  tag,
  access: writing,
  request: { params, body: webhookChange },
  responses: { 200: webhook },
  async handle({ params: { id }, body, caller, context }) {
    context.tenancy.endpoint(caller, id)
    if (body.tenantId !== undefined) tenantOf(caller, body.tenantId)
    const changed = context.service.updateEndpoint(id, body as EndpointPatch)
    await context.service.flush()
    return { status: 200, body: changed }
  },
})

const deleteWebhookRoute = defineRoute({
  method: 'DELETE',
  path: '/api/v1/webhooks/:id',
  operationId: 'deleteWebhook',
  summary: 'Delete a webhook; what waits for it fails',
  tag,
  access: writing,
  request: { params },
  responses: { 204: nothing('It is gone.') },
  async handle({ params: { id }, caller, context }) {
    context.tenancy.endpoint(caller, id)
    context.service.removeEndpoint(id)
    await context.service.flush()
    return { status: 204 }
  },
})

export const webhookRoutes = [
  createWebhookRoute,
  listWebhooksRoute,
  getWebhookRoute,
  changeWebhookRoute,
  deleteWebhookRoute,
]

/** Whose a webhook becomes: with a tenant's key that tenant's, whatever is not said. */
function tenantOf({ tenantId }: Caller, given: string | null | undefined): string | null {
  if (tenantId === null) return given ?? null
  if (given === undefined || given === tenantId) return tenantId
  throw badField('/tenantId', 'must be left out, or be your own')
}
