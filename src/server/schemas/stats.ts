import { Type } from 'typebox'
import { closedObject } from './closed-object.ts'
import { nullable } from './nullable.ts'
import { pageOf } from './page.ts'
import { textChoice } from './text-choice.ts'
import { webhookId } from './webhook.ts'

const waiting = {
  pendingBytes: Type.Integer({ description: 'Of the bodies of all events that are not settled.' }),
  inFlight: Type.Integer({ description: 'Requests in flight.' }),
  oldestPendingAt: nullable(
    Type.String({
      format: 'date-time',
      description: 'Since when the event waits that has waited longest: it was submitted then, or redelivered.',
    }),
  ),
  lagMs: Type.Integer({ description: 'The lag: how long that is; 0 when none waits.' }),
}

const unsettled = { pending: Type.Integer(), delivering: Type.Integer(), backoff: Type.Integer() }
const settled = nullable(Type.Integer({ description: "Those that are kept. Null with a tenant's key." }))
const deadLettered = nullable(
  Type.Integer({ description: 'Dead letters that are kept. Null while the log cannot be read.' }),
)

export const stats = closedObject(
  {
    events: closedObject({ ...unsettled, delivered: settled, failed: settled, deadLettered }),
    endpoints: Type.Integer({ description: 'Webhooks registered.' }),
    ...waiting,
    service: nullable(
      closedObject(
        {
          submitted: Type.Integer({ description: 'Events ever submitted.' }),
          attempts: Type.Integer({ description: 'Attempts ever started.' }),
          slowInFlight: Type.Integer({ description: 'Requests in flight of webhooks that answer slowly.' }),
          waitingEndpoints: Type.Integer({ description: 'Webhooks with something to send that wait for their turn.' }),
          liveLanes: Type.Integer({ description: 'Lines held as live actors.' }),
          durable: Type.Boolean({ description: 'Whether what is stored survives the process.' }),
          log: closedObject({
            condition: textChoice(['writable', 'held', 'stopped']),
            fileBytes: nullable(Type.Integer()),
            walBytes: nullable(Type.Integer()),
          }),
        },
        { description: "What is the whole service's, and no tenant's: null with a tenant's key." },
      ),
    ),
  },
  { $id: 'Stats' },
)

const sinceStart = closedObject(
  {
    attempts: Type.Integer({ description: 'Attempts started.' }),
    delivered: Type.Integer(),
    failed: Type.Integer(),
    deadLettered: Type.Integer(),
  },
  {
    description:
      'Attempts, and events that settled, since the service started, or the webhook was created if that was later. One that is redelivered and settles again counts again.',
  },
)

export const webhookStats = closedObject(
  { endpointId: webhookId, events: closedObject({ ...unsettled, deadLettered }), sinceStart, ...waiting },
  { $id: 'WebhookStats' },
)

export const webhookStatsPage = pageOf(webhookStats, { $id: 'WebhookStatsPage' })
