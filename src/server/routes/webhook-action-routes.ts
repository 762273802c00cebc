// What is done to a webhook: paused, resumed, its secret rotated, tried.
import { Type } from 'typebox'
import { rawJson } from '../../admission/raw-json.ts'
import type { WebhookService } from '../../webhook-service.ts'
import { acceptedEvents } from '../schemas/event.ts'
import { closedObject } from '../schemas/closed-object.ts'
import { refusal } from '../schemas/refusal.ts'
import { rotatedSecret, secretRotation, testEvent, webhook, webhookId } from '../schemas/webhook.ts'
import { generateSecret } from './generate-secret.ts'
import { rawEventsOf } from './raw-events.ts'
import { defineRoute } from './route.ts'
import type { Answer, Call } from './route.ts'

const tag = 'webhooks'
const access = { roles: ['admin'], scope: 'tenant' } as const
const params = closedObject({ id: webhookId })

const pauseWebhookRoute = defineRoute({
  method: 'POST',
  path: '/api/v1/webhooks/:id/pause',
  operationId: 'pauseWebhook',
  summary: 'Let its events wait; new ones are taken',
  tag,
  access,
  request: { params },
  responses: { 200: webhook },
  handle: (call) => changeState(call, (service, id) => service.pauseEndpoint(id)),
})

const resumeWebhookRoute = defineRoute({
  method: 'POST',
  path: '/api/v1/webhooks/:id/resume',
  operationId: 'resumeWebhook',
  summary: 'Let the lines of a paused, disabled or halted webhook go on',
  tag,
  access,
  request: { params },
  responses: { 200: webhook },
  handle: (call) => changeState(call, (service, id) => service.resumeEndpoint(id)),
})

const rotateSecretRoute = defineRoute({
  method: 'POST',
  path: '/api/v1/webhooks/:id/rotate-secret',
  operationId: 'rotateSecret',
  summary: 'Sign with a new secret',
  description:
    'During the overlap the old secret signs beside it. The new one is shown in this answer and never again.',
  tag,
  access,
  request: { params, body: Type.Optional(secretRotation) },
  responses: { 200: rotatedSecret },
  async handle({ params: { id }, body, caller, context: { service, tenancy, randomBytes } }) {
    tenancy.endpoint(caller, id)
    const { secret = generateSecret(randomBytes), overlapMs } = body ?? {}
    service.rotateSecret(id, secret, { overlapMs })
    await service.flush()
    return { status: 200, body: { id, secret } }
  },
})

const sendTestEventRoute = defineRoute({
  method: 'POST',
  path: '/api/v1/webhooks/:id/test',
  operationId: 'sendTestEvent',
  summary: 'Send an event to try the webhook',
  description: 'It waits in the line like any other event.',
  tag,
  access,
  request: { params, body: Type.Optional(testEvent) },
  takesPayloads: true,
  responses: { 202: acceptedEvents, 409: refusal('The webhook is disabled.') },
  async handle({ params: { id: endpointId }, body, bodyText, caller, touched, context: { service, tenancy } }) {
    tenancy.endpoint(caller, endpointId)
    const given = body === undefined ? null : rawEventsOf(bodyText)[0]?.payloadText
    const payload = given == null ? { test: true, endpointId } : rawJson(given)
    const eventId = service.submitEvent(endpointId, body?.eventType ?? 'webhook.test', payload)
    touched.add(eventId)
    await service.flush()
    return { status: 202, body: { events: [{ endpointId, eventId }] } }
  },
})

export const webhookActionRoutes = [pauseWebhookRoute, resumeWebhookRoute, rotateSecretRoute, sendTestEventRoute]

/** Pauses or resumes a webhook that the caller sees, and shows what it is then. */
async function changeState(
  { params: { id }, caller, context: { service, tenancy } }: Call<{ params: typeof params }>,
  change: (service: WebhookService, id: string) => void,
): Promise<Answer> {
  tenancy.endpoint(caller, id)
  change(service, id)
  await service.flush()
  return { status: 200, body: service.getEndpoint(id) }
}
